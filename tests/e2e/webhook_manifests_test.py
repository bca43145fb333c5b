"""`sluice aks webhook manifests`: what is printed fits together and runs."""
import base64
import json
import pathlib
import ssl
import tempfile
import unittest

import webhook
from harness import run_sluice


class Manifests(webhook.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.config = self.path / "http-proxy-config.json"
        self.config.write_text(json.dumps(webhook.CONFIG))

    def manifests(self, *flags):
        code, out, err = run_sluice("aks", "webhook", "manifests", "-f", self.config, "--json", *flags)
        self.assertEqual(0, code, err)
        return {item["kind"]: item for item in json.loads(out)["items"]}

    def registration(self, *flags):
        return self.manifests("--self-signed", *flags)["MutatingWebhookConfiguration"]

    def test_the_self_signed_certificate_serves_the_name_that_the_api_server_calls(self):
        made = self.manifests("--self-signed", "--namespace", "proxy", "--name", "injector")
        secret = made["Secret"]["stringData"]
        for key, text in secret.items():
            (self.path / key).write_text(text)
        server = self.webhook(certificate=(self.path / "tls.crt", self.path / "tls.key"))
        client = made["MutatingWebhookConfiguration"]["webhooks"][0]["clientConfig"]
        context = ssl.create_default_context(cadata=base64.b64decode(client["caBundle"]).decode())
        name = f"{client['service']['name']}.{client['service']['namespace']}.svc"
        with webhook.socket.create_connection(server.address) as plain:
            with context.wrap_socket(plain, server_hostname=name) as peer:
                self.assertEqual("TLSv1.3", peer.version())
        self.assertEqual("/mutate", client["service"]["path"])

    def test_the_deployment_starts_with_the_arguments_it_is_given(self):
        flags = ["--fqdn", "demo-1a2b.hcp.westeurope.azmk8s.io", "--pod-cidr", "10.244.0.0/16",
                 "--init-containers", "--ca-configmap", "proxy-ca"]
        made = self.manifests("--cert-manager", *flags)
        pod = made["Deployment"]["spec"]["template"]["spec"]
        arguments = pod["containers"][0]["args"]
        self.assertEqual(["aks", "webhook"], arguments[:2])
        self.assertEqual(flags, arguments[-len(flags):])
        mounted = {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        self.assertEqual(made["ConfigMap"]["metadata"]["name"], volumes["config"]["configMap"]["name"])
        self.assertEqual(made["Certificate"]["spec"]["secretName"], volumes["tls"]["secret"]["secretName"])
        for flag in ("--http-proxy-config", "--cert", "--key"):
            self.assertIn(arguments[arguments.index(flag) + 1].rsplit("/", 1)[0], mounted.values())
        self.assertEqual(json.dumps(webhook.CONFIG) + "\n", made["ConfigMap"]["data"]["http-proxy-config.json"])
        server = self.webhook(*flags)
        self.assertTrue(self.value(server, "NO_PROXY").endswith(",10.244.0.0/16"))

    def test_its_pods_run_on_linux_and_come_before_others(self):
        pod = self.manifests("--cert-manager")["Deployment"]["spec"]["template"]["spec"]
        self.assertEqual({"kubernetes.io/os": "linux"}, pod["nodeSelector"])
        self.assertEqual("system-cluster-critical", pod["priorityClassName"])

    def test_only_the_api_server_may_send_reviews_and_probes_need_no_tls(self):
        made = self.manifests("--cert-manager", "--admit", "10.226.0.0/28", "--admit", "fd00::/64")
        policy = made["NetworkPolicy"]["spec"]
        pod = made["Deployment"]["spec"]["template"]
        self.assertEqual(pod["metadata"]["labels"], policy["podSelector"]["matchLabels"])
        container = pod["spec"]["containers"][0]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        reviews, probes = policy["ingress"]
        self.assertEqual([{"protocol": "TCP", "port": ports["https"]}], reviews["ports"])
        agents = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                  "podSelector": {"matchLabels": {"app": "konnectivity-agent"}}}
        self.assertEqual([agents, {"ipBlock": {"cidr": "10.226.0.0/28"}}, {"ipBlock": {"cidr": "fd00::/64"}}],
                         reviews["from"])
        self.assertEqual([{"protocol": "TCP", "port": ports["probes"]}], probes["ports"])
        self.assertEqual([], policy["egress"])
        for name, path in (("readinessProbe", "/readyz"), ("livenessProbe", "/livez")):
            self.assertEqual({"path": path, "port": ports["probes"]}, container[name]["httpGet"])
        self.assertIn(f"[::]:{ports['probes']}", container["args"])
        code, _, err = run_sluice("aks", "webhook", "manifests", "-f", self.config, "--cert-manager",
                                  "--admit", "10.0.0.1/8")
        self.assertEqual((2, True), (code, "--admit" in err), err)

    def test_facts_from_a_file_become_arguments_and_flags_replace_them(self):
        facts = self.path / "facts.json"
        facts.write_text(json.dumps({"fqdn": "demo.example", "podCidrs": ["10.244.0.0/16", "fd00::/64"],
                                     "serviceCidrs": ["10.0.0.0/16"]}))
        made = self.manifests("--cert-manager", "--facts", facts, "--service-cidr", "10.1.0.0/16")
        arguments = made["Deployment"]["spec"]["template"]["spec"]["containers"][0]["args"]
        self.assertEqual(["--fqdn", "demo.example", "--pod-cidr", "10.244.0.0/16", "--pod-cidr", "fd00::/64",
                          "--service-cidr", "10.1.0.0/16"], arguments[arguments.index("--fqdn"):])
        self.assertNotIn("--facts", arguments)

    def test_facts_that_no_proxy_misses_are_named(self):
        def missing(*flags):
            _, _, err = run_sluice("aks", "webhook", "manifests", "--cert-manager", "-f", self.config, *flags)
            return [line.split(":")[1].strip() for line in err.splitlines()
                    if line.endswith("[facts-missing]")]
        self.assertEqual(["--fqdn", "--vnet-cidr", "--pod-cidr", "--service-cidr"], missing())
        self.assertEqual(["--fqdn"], missing("--pod-cidr", "10.1.0.0/16", "--service-cidr", "10.2.0.0/16",
                                             "--vnet-cidr", "10.3.0.0/16", "--subnet-cidr", "10.3.0.0/24"))
        self.config.write_text(json.dumps({**webhook.CONFIG, "enabled": False}))
        self.assertEqual([], missing())

    def test_the_registration_says_what_it_must(self):
        registration = self.registration()
        hook = registration["webhooks"][0]
        self.assertEqual(("Fail", "None", "IfNeeded", 5, ["v1"]),
                         tuple(hook[key] for key in ("failurePolicy", "sideEffects", "reinvocationPolicy",
                                                     "timeoutSeconds", "admissionReviewVersions")))
        self.assertEqual([(["CREATE"], ["pods"])],
                         [(rule["operations"], rule["resources"]) for rule in hook["rules"]])
        self.assertEqual([{"key": "kubernetes.io/metadata.name", "operator": "NotIn",
                           "values": ["sluice-webhook", "kube-system"]}],
                         hook["namespaceSelector"]["matchExpressions"])
        self.assertNotIn("annotations", registration["metadata"])
        self.assertNotIn("namespace", registration["metadata"])

    def test_choices_reach_the_registration(self):
        hook = self.registration("--failure-policy", "Ignore", "--timeout", "3", "--ephemeral-containers",
                                 "--namespace-label", "egress=proxy", "--exclude-namespace", "a",
                                 "--exclude-namespace", "b")["webhooks"][0]
        self.assertEqual(("Ignore", 3), (hook["failurePolicy"], hook["timeoutSeconds"]))
        self.assertEqual(["pods/ephemeralcontainers"], hook["rules"][1]["resources"])
        self.assertEqual({"egress": "proxy"}, hook["namespaceSelector"]["matchLabels"])
        self.assertEqual(["sluice-webhook", "a", "b"],
                         hook["namespaceSelector"]["matchExpressions"][0]["values"])

    def test_kube_system_needs_the_enforcer_out_of_the_way(self):
        registration = self.registration("--kube-system")
        self.assertEqual({"admissions.enforcer/disabled": "true"}, registration["metadata"]["annotations"])
        selector = registration["webhooks"][0]["namespaceSelector"]
        self.assertEqual(["sluice-webhook"], selector["matchExpressions"][0]["values"])

    def test_certificates_come_from_one_place(self):
        managed = self.manifests("--cert-manager")
        self.assertNotIn("Secret", managed)
        registration = managed["MutatingWebhookConfiguration"]
        self.assertEqual("sluice-webhook/sluice-webhook",
                         registration["metadata"]["annotations"]["cert-manager.io/inject-ca-from"])
        self.assertNotIn("caBundle", registration["webhooks"][0]["clientConfig"])
        for flags in ([], ["--self-signed", "--cert-manager"], ["--ca-bundle", self.config]):
            code, _, err = run_sluice("aks", "webhook", "manifests", "-f", self.config, *flags)
            self.assertEqual(2, code, (flags, err))
        code, _, err = run_sluice("aks", "webhook", "manifests", "-f", self.config, "--ca-bundle", "/nowhere")
        self.assertEqual(3, code, err)

    def test_the_yaml_says_the_same_as_the_json(self):
        code, out, _ = run_sluice("aks", "webhook", "manifests", "-f", self.config, "--cert-manager")
        self.assertEqual(0, code)
        kinds = [line.split()[1] for line in out.splitlines() if line.startswith("kind: ")]
        self.assertEqual(list(self.manifests("--cert-manager")), kinds)
        self.assertIn('kubernetes.azure.com/no-http-proxy-vars: "true"', out)


if __name__ == "__main__":
    unittest.main()
