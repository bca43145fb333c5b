"""Pods created at a real API server, which asks the webhook as the manifests say."""
import cluster
from cluster import NO_PROXY, SIX, container, names, plane, pod, values

OPT_OUT = {"kubernetes.azure.com/no-http-proxy-vars": "true"}


class Pods(cluster.TestCase):
    def test_a_pod_gets_the_six_variables(self):
        stored = self.create(pod("plain", container("app"), container("second", ("GREETING", "hello"))))
        first, second = stored["containers"]
        self.assertEqual(SIX, names(first))
        self.assertEqual([*SIX, "GREETING"], names(second))
        proxy = {name: cluster.CONFIG["httpProxy"] for name in SIX[:4]}
        self.assertEqual({**proxy, "no_proxy": NO_PROXY, "NO_PROXY": NO_PROXY}, values(first))

    def test_a_pod_that_opts_out_gets_none(self):
        stored = self.create(pod("opted-out", annotations=OPT_OUT))
        self.assertEqual([], names(stored["containers"][0]))

    def test_a_pod_of_kube_system_gets_none(self):
        stored = self.create(pod("system"), namespace="kube-system")
        self.assertEqual([], names(stored["containers"][0]))

    def test_init_containers_get_none(self):
        stored = self.create(pod("with-init", initContainers=[container("init")]))
        self.assertEqual([], names(stored["initContainers"][0]))

    def test_names_that_a_container_has_stay_and_references_go_on_to_resolve(self):
        stored = self.create(pod("own-names", container(
            "app", ("HTTP_PROXY", "http://own.example:1"), ("no_proxy", ""), ("VIA", "$(https_proxy)"))))
        made = stored["containers"][0]
        self.assertEqual(["http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "HTTP_PROXY", "no_proxy", "VIA"],
                         names(made))
        self.assertEqual(("http://own.example:1", None), (values(made)["HTTP_PROXY"], values(made)["no_proxy"] or None))

    def test_pods_of_a_controller_get_them(self):
        template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [container("app")]}}
        code, _, err = plane().kubectl("create", "-n", self.namespace, "-f", "-", given={
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "owner"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "x"}}, "template": template}})
        self.assertEqual(0, code, err)

        def both():
            found = cluster.stored_pods(self.namespace, "app=x")
            return found if len(found) == 2 else None
        for made in cluster.eventually(both, "the Deployment's pods", 60):
            self.assertEqual(SIX, names(made["spec"]["containers"][0]))


class Away(cluster.TestCase):
    """The controls: what happens without the webhook shows that it is the webhook that was asked."""

    def test_a_pod_is_refused_while_the_webhook_is_down_and_started_without_variables_if_that_is_asked_for(self):
        self.webhook.stop()
        reason = self.refused(pod("refused"))
        self.assertIn("failed calling webhook", reason)
        self.assertIn("connection refused", reason)
        self.assertIsNone(plane().find("pod", "refused", self.namespace))
        self.webhook.registration(failurePolicy="Ignore")

        def ignored():
            code, _, _ = plane().kubectl("create", "-n", self.namespace, "--dry-run=server", "-f", "-", given=pod("x"))
            return code == 0
        cluster.eventually(ignored, "failurePolicy Ignore")
        self.assertEqual([], names(self.create(pod("ignored"))["containers"][0]))




class Everywhere(cluster.TestCase):
    flags = ("--init-containers", "--ephemeral-containers", "--ca-configmap", "proxy-ca", "--ca-variable",
             "SSL_CERT_FILE")

    def test_init_containers_and_sidecars_get_them(self):
        stored = self.create(pod("with-init", initContainers=[
            container("init"), container("sidecar", restartPolicy="Always")]))
        for made in [*stored["initContainers"], *stored["containers"]]:
            self.assertEqual([*SIX, "SSL_CERT_FILE"], names(made), made["name"])

    def test_the_ca_of_a_config_map_is_mounted_in_each_container(self):
        stored = self.create(pod("with-ca", initContainers=[container("init")]))
        volume = next(each for each in stored["volumes"] if each["name"] == "sluice-ca")
        self.assertEqual(("proxy-ca", True), (volume["configMap"]["name"], volume["configMap"]["optional"]))
        for made in [*stored["initContainers"], *stored["containers"]]:
            mounts = {mount["name"]: mount["mountPath"] for mount in made["volumeMounts"]}
            self.assertEqual("/etc/sluice/ca", mounts["sluice-ca"])
            self.assertEqual("/etc/sluice/ca/ca.crt", values(made)["SSL_CERT_FILE"])

    def test_an_ephemeral_container_of_kubectl_debug_gets_them(self):
        self.create(pod("debugged"))
        code, _, err = plane().kubectl("debug", "debugged", "-n", self.namespace, "--image=registry.example/debug:1",
                                       "--container=looker", "--attach=false", "--quiet")
        self.assertEqual(0, code, err)
        made = plane().find("pod", "debugged", self.namespace)["spec"]["ephemeralContainers"]
        self.assertEqual([("looker", SIX)], [(each["name"], names(each)[:6]) for each in made])

    def test_a_pod_that_opts_out_gets_nothing_at_all(self):
        stored = self.create(pod("opted-out", annotations=OPT_OUT, initContainers=[container("init")]))
        self.assertEqual([[], []], [names(each) for each in [*stored["initContainers"], *stored["containers"]]])
        self.assertNotIn("sluice-ca", [volume["name"] for volume in stored.get("volumes", [])])
