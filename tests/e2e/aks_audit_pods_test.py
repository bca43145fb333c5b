"""sluice aks audit pods: lists of pods in the shape in which an API server prints them."""
import base64
import copy
import json
import pathlib
import subprocess
import tempfile
import unittest

import harness
from harness import run_sluice

FQDN = "demo-1a2b3c4d.hcp.westeurope.azmk8s.io"
ADDED = ["localhost", "127.0.0.1", "168.63.129.16", "169.254.169.254", "konnectivity", FQDN,
         "10.224.0.0/12", "10.244.0.0/16", "10.0.0.0/16"]
EFFECTIVE = ["konnectivity", ".svc", *ADDED[::-1]]  # AKS keeps no order
PROXY = "http://proxy.corp.example:3128/"

# What az aks show prints of an overlay cluster, cut down to what could matter.
CLUSTER = {
    "agentPoolProfiles": [{"name": "nodepool1", "osType": "Linux", "vnetSubnetId": None}],
    "fqdn": FQDN,
    "httpProxyConfig": {"effectiveNoProxy": EFFECTIVE, "enabled": True, "httpProxy": PROXY,
                        "httpsProxy": PROXY, "noProxy": [".svc"], "trustedCa": None},
    "location": "westeurope",
    "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay",
                       "podCidr": "10.244.0.0/16", "podCidrs": ["10.244.0.0/16"],
                       "serviceCidr": "10.0.0.0/16", "serviceCidrs": ["10.0.0.0/16"]},
    "windowsProfile": {"adminUsername": "azureuser", "enableCsiProxy": True},
}


def variables(no_proxy=",".join(EFFECTIVE), proxy=PROXY):
    values = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": no_proxy}
    return [{"name": spelling, "value": value}
            for name, value in values.items() for spelling in (name, name.lower())]


def container(name="app", env=(), **more):
    return {"env": list(env), "image": "registry.example/app:1", "imagePullPolicy": "IfNotPresent",
            "name": name, "resources": {}, "terminationMessagePath": "/dev/termination-log",
            "terminationMessagePolicy": "File",
            "volumeMounts": [{"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                              "name": "kube-api-access-x7k2p", "readOnly": True}], **more}


def pod(name, owner=("ReplicaSet", "web-6d4cf56db6"), labels=None, annotations=None, namespace="shop",
        phase="Running", containers=None, **spec):
    """As kubectl prints a pod, with what the API server adds."""
    metadata = {"creationTimestamp": "2026-11-30T08:00:00Z", "name": name, "namespace": namespace,
                "resourceVersion": "12345", "uid": "2f1c6a52-7c0e-4d0c-9b58-6b1f5a3d9f10"}
    if owner:
        kind, owner_name = owner
        version = "v1" if kind == "Node" else "batch/v1" if kind == "Job" else "apps/v1"
        metadata["ownerReferences"] = [{"apiVersion": version, "blockOwnerDeletion": True,
                                        "controller": True, "kind": kind, "name": owner_name,
                                        "uid": "9d0b7f0e-0f0a-4f7e-8d3f-0b7f1e2a3c4d"}]
    if owner and owner[0] == "ReplicaSet" and labels is None:
        labels = {"app": "web", "pod-template-hash": owner[1].rpartition("-")[2]}
    for key, value in (("labels", labels), ("annotations", annotations)):
        if value:
            metadata[key] = value
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": {"containers": containers or [container(env=variables())],
                     "dnsPolicy": "ClusterFirst", "enableServiceLinks": True,
                     "nodeName": "aks-nodepool1-12345678-vmss000000", "priority": 0,
                     "restartPolicy": "Always", "serviceAccount": "default",
                     "volumes": [{"name": "kube-api-access-x7k2p",
                                  "projected": {"defaultMode": 420, "sources": []}}], **spec},
            "status": {"conditions": [{"lastProbeTime": None, "status": "True", "type": "Ready"}],
                       "hostIP": "10.224.0.4", "phase": phase, "podIP": "10.244.0.7",
                       "podIPs": [{"ip": "10.244.0.7"}], "qosClass": "BestEffort"}}


def listed(*items):
    return {"apiVersion": "v1", "items": list(items), "kind": "List", "metadata": {"resourceVersion": ""}}


class AuditPods(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.cluster = self.write("cluster.json", CLUSTER)

    def write(self, name, content):
        path = self.directory / name
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=4))
        return path

    def audit(self, pods, *arguments, code=0, config=None):
        path = self.write("pods.json", pods)
        got, out, err = run_sluice("aks", "audit", "pods", path, "--http-proxy-config", config or self.cluster,
                                   *arguments)
        self.assertEqual(code, got, out + err)
        return out, err

    def workloads(self, *items, code=1, config=None, arguments=()):
        out, _ = self.audit(listed(*items), "--json", *arguments, code=code, config=config)
        return {f"{each['namespace']}/{each['kind']}/{each['name']}": each
                for each in json.loads(out)["workloads"]}

    def rules(self, item, code=1, **options):
        (workload,) = self.workloads(item, code=code, **options).values()
        return [issue["rule"] for issue in workload["issues"]]

    def test_pods_with_what_aks_injects_pass_in_any_order_of_the_list(self):
        out, err = self.audit(listed(pod("web-6d4cf56db6-1"), pod("web-6d4cf56db6-2")))
        self.assertIn("2 pods judged, 0 finished, 0 opted out", out)
        self.assertIn("Every pod has what it should have.", out)
        self.assertIn("as AKS computed it (effectiveNoProxy)", out)
        self.assertEqual("", err)

    def test_old_values_are_found_with_the_workload_and_its_command(self):
        old = variables(no_proxy="konnectivity,old.example," + ",".join(ADDED))
        found = self.workloads(pod("web-6d4cf56db6-1", containers=[container(env=old)]),
                               pod("web-6d4cf56db6-2"),
                               pod("agent-x", ("DaemonSet", "agent"), containers=[container(env=old)]))
        web = found["shop/Deployment/web"]
        self.assertEqual(["web-6d4cf56db6-1"], web["recreate"])
        self.assertEqual("kubectl rollout restart deployment/web -n shop", web["command"])
        (issue,) = web["issues"]
        self.assertEqual(("warning", "pod-stale", 'container "app"'),
                         (issue["severity"], issue["rule"], issue["container"]))
        self.assertIn('NO_PROXY, no_proxy: the list lacks ".svc" and has "old.example" besides',
                      issue["message"])
        self.assertEqual("kubectl rollout restart daemonset/agent -n shop",
                         found["shop/DaemonSet/agent"]["command"])

    def test_the_table_and_the_commands_alone(self):
        stale = [container(env=variables(proxy="http://old.example:3128"))]
        pods = listed(pod("web-6d4cf56db6-1", containers=stale),
                      pod("job-1", ("Job", "nightly"), containers=stale),
                      pod("alone", None, containers=stale),
                      pod("x-1", ("StrangeSet", "x"), containers=stale))
        out, _ = self.audit(pods, code=1)
        self.assertRegex(out, r"(?m)^shop +deployment/web +1 +recreate +stale$")
        self.assertIn('"http://old.example:3128" is no more the proxy', out)
        out, _ = self.audit(pods, "--commands", code=1)
        self.assertEqual(["kubectl rollout restart deployment/web -n shop",
                          "# shop/job/nightly: its next run has today's values; a running one keeps its own"
                          " until it is deleted and created again",
                          "# shop/pod/alone: nobody makes it again; keep its manifest, delete it and create it",
                          "kubectl delete pod -n shop x-1"], out.splitlines())
        subprocess.run(["sh", "-n"], input=out, text=True, check=True)

    def test_the_replica_set_in_the_list_tells_whose_pod_it_is(self):
        item = pod("canary-7f9c-1", ("ReplicaSet", "canary-7f9c"), labels={"app": "canary"},
                   containers=[container()])
        self.assertEqual("kubectl delete pod -n shop canary-7f9c-1",
                         self.workloads(item)["shop/ReplicaSet/canary-7f9c"]["command"])
        owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {
            "name": "canary-7f9c", "namespace": "shop", "ownerReferences": [
                {"apiVersion": "argoproj.io/v1alpha1", "controller": True, "kind": "Rollout",
                 "name": "canary"}]}, "spec": {"replicas": 1}}
        self.assertIn("shop/Rollout/canary", self.workloads(item, owner))

    def test_one_spelling_overridden_is_for_people_to_mend(self):
        env = [each if each["name"] != "no_proxy" else {"name": "no_proxy", "value": "localhost"}
               for each in variables()]
        found = self.workloads(pod("web-6d4cf56db6-1", containers=[container(env=env)]))
        web = found["shop/Deployment/web"]
        self.assertEqual(("template", None, []), (web["remedy"], web["command"], web["recreate"]))
        self.assertIn("its manifest sets no_proxy but not NO_PROXY", web["issues"][0]["message"])

    def test_a_configuration_from_before_tells_old_values_from_a_workloads_own(self):
        before = self.write("before.json", {"httpProxy": "http://old.example:3128"})
        old = variables("localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,10.0.0.0/16",
                        "http://old.example:3128")
        own = variables(proxy="http://team.example:8080")
        arguments = ("--before", before)
        self.assertEqual(["pod-stale"], self.rules(pod("a", containers=[container(env=old)]),
                                                   arguments=arguments))
        self.assertEqual(["pod-own"], self.rules(pod("a", containers=[container(env=own)]), code=0,
                                                 arguments=arguments))

    def test_pods_older_than_the_proxy_and_pods_that_keep_one_that_is_gone(self):
        self.assertEqual(["pod-without"], self.rules(pod("a", containers=[container()])))
        none = self.write("none.json", {**CLUSTER, "httpProxyConfig": None})
        self.assertEqual(["pod-stale"], self.rules(pod("a"), config=none))
        out, _ = self.audit(listed(pod("a", containers=[container()])), config=none)
        self.assertIn("the cluster has no proxy", out)

    def test_init_containers_sidecars_and_ephemeral_ones_get_nothing_from_aks(self):
        item = pod("a", initContainers=[container("fetch"), container("mesh", restartPolicy="Always")],
                   ephemeralContainers=[{"name": "debugger-x", "image": "busybox", "targetContainerName": "app"}])
        self.assertEqual({"pod-init-without", "pod-sidecar-without", "pod-ephemeral-without"},
                         set(self.rules(item, code=0)))
        item = pod("a", initContainers=[container("fetch", variables(proxy="http://old.example:1"))])
        (workload,) = self.workloads(item).values()
        self.assertEqual("template", workload["remedy"])

    def test_opting_out_takes_the_word_true(self):
        annotation = "kubernetes.azure.com/no-http-proxy-vars"
        bare = {"containers": [container()]}
        self.assertEqual(["pod-opted-out"], self.rules(pod("a", annotations={annotation: "true"}, **bare),
                                                       code=0))
        self.assertEqual(["pod-opt-out-ineffective", "pod-without"],
                         sorted(self.rules(pod("a", annotations={annotation: "True"}, **bare))))

    def test_other_kinds_of_pods(self):
        self.assertEqual(["pod-host-network"], self.rules(pod("a", hostNetwork=True), code=0))
        for spec in ({"os": {"name": "windows"}}, {"nodeSelector": {"kubernetes.io/os": "windows"}}):
            self.assertEqual(["pod-windows"], self.rules(pod("a", **spec)))
        static = pod("etcd-node1", ("Node", "node1"), containers=[container()],
                     annotations={"kubernetes.io/config.mirror": "c0ffee", "kubernetes.io/config.source": "file"})
        self.assertEqual(["pod-static"], self.rules(static, code=0))
        out, _ = self.audit(listed(pod("a", phase="Succeeded", containers=[container()])))
        self.assertIn("0 pods judged, 1 finished", out)

    def test_values_from_elsewhere_are_not_guessed(self):
        env = [{"name": name, "valueFrom": {"configMapKeyRef": {"key": name, "name": "proxy"}}}
               for name in ("HTTP_PROXY", "http_proxy")] + variables()[2:]
        self.assertEqual(["pod-from-elsewhere"], self.rules(pod("a", containers=[container(env=env)]), code=0))

    def test_the_longest_value_that_linux_takes(self):
        # The kernel's own limit is the yardstick: exec fails from the next octet on.
        for name in ("NO_PROXY", "no_proxy"):
            longest = 131072 - len(name) - 2
            for size, works in ((longest, True), (longest + 1, False)):
                value = "x" * size
                try:
                    subprocess.run(["true"], env={name: value}, check=True)
                    self.assertTrue(works)
                except OSError:
                    self.assertFalse(works)
                env = variables()[:4] + [{"name": name, "value": value}]
                rules = self.rules(pod("a", containers=[container(env=env)]))
                self.assertEqual(not works, "pod-too-long" in rules, size)

    def test_trust_is_unknown_unless_a_variable_or_a_volume_tells(self):
        pem = "-----BEGIN CERTIFICATE-----\\nAAEC\\n-----END CERTIFICATE-----\\n"
        config = copy.deepcopy(CLUSTER)
        config["httpProxyConfig"]["trustedCa"] = base64.b64encode(
            pem.replace("\\n", "\n").encode()).decode()
        config = self.write("ca.json", config)
        mount = [{"mountPath": "/etc/ssl/certs/proxy.crt", "name": "ca", "subPath": "ca.crt"}]
        pods = listed(pod("a"), pod("b", containers=[container(env=[*variables(), {
            "name": "SSL_CERT_FILE", "value": "/ca/bundle.crt"}])]),
            pod("c", containers=[container(env=variables(), volumeMounts=mount)]))
        out, _ = self.audit(pods, "--json", config=config)
        self.assertEqual({"told": 2, "unknown": 1}, json.loads(out)["trust"])

    def test_every_shape_that_an_api_server_prints(self):
        one = pod("a")
        self.audit(one)
        raw = listed(*({key: value for key, value in pod("b").items() if key not in ("kind", "apiVersion")}
                       for _ in range(2)))
        raw["kind"] = "PodList"
        self.audit(raw)
        self.audit("\ufeff" + json.dumps(listed(one)))
        with subprocess.Popen([harness.BINARY, "aks", "audit", "pods", "--http-proxy-config", self.cluster],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=harness.environment_without_own()) as piped:
            out, _ = piped.communicate(json.dumps(listed(one)), timeout=20)
            self.assertIn("1 pod judged", out)

    def test_input_of_another_kind_is_named_with_the_right_command(self):
        deployments = listed({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}})
        whole = json.dumps(listed(pod("a")))
        for text, words in (("", "empty"), ("NAME READY STATUS\na 1/1 Running\n", "table for people"),
                            ("apiVersion: v1\nitems: []\n", "this is YAML"),
                            (whole[:len(whole) // 2], "ends in the middle"), ("[1]", "no object"),
                            (json.dumps(listed()), "no pods"), (deployments, '1 "Deployment"'),
                            (json.dumps({"kind": "Deployment"}), 'kind "Deployment"'),
                            (json.dumps(CLUSTER), "no Kubernetes object"), ("{]", "no JSON"),
                            ('{"items": [' + "[" * 100, "nests deeper")):
            _, err = self.audit(text, code=2)
            self.assertIn(words, err)
            self.assertIn("kubectl get pods -A -o json", err)

    def test_hostile_names_reach_no_shell_and_no_terminal(self):
        for evil in ("$(reboot)", "a;b", "\x1b[2J", "-n"):
            item = pod(evil, None, namespace="x y", containers=[container()])
            for arguments in ((), ("--commands",)):
                out, _ = self.audit(listed(item), *arguments, code=1)
                self.assertNotIn("\x1b", out)
                self.assertFalse([line for line in out.splitlines() if line.startswith("kubectl")])

    def test_credentials_are_not_repeated(self):
        env = variables(proxy="http://user:secret@old.example:3128")
        for arguments in ((), ("--json",)):
            out, _ = self.audit(listed(pod("a", containers=[container(env=env)])), *arguments, code=1)
            self.assertNotIn("secret", out)

    def test_a_configuration_that_is_wrong_or_absent(self):
        _, err = self.audit(listed(pod("a")), config=self.directory / "absent.json", code=3)
        self.assertIn("absent.json", err)
        _, err = self.audit(listed(pod("a")), config=self.write("x.json", "{"), code=2)
        self.assertIn("sluice aks validate", err)

    def test_without_effective_list_what_facts_do_not_tell_is_no_difference(self):
        config = self.write("config.json", {"httpProxy": PROXY, "noProxy": [".svc"]})
        self.audit(listed(pod("a")), config=config)
        self.assertEqual(["pod-stale"], self.rules(pod("a", containers=[container(env=variables(
            ",".join([*EFFECTIVE, "other.example"])))]), config=config))


if __name__ == "__main__":
    unittest.main()
