"""deploy/kubernetes fits itself and the program: its configuration, its flags, its ports, its metrics. Whether an API
server takes it, tests/cluster asks one."""
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import harness
import yaml

REPOSITORY = pathlib.Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy/kubernetes"
PROXY = "http://proxy.example:3128/"
VARIABLES = {"HTTP_PROXY": PROXY, "http_proxy": PROXY, "HTTPS_PROXY": PROXY, "https_proxy": PROXY,
             "NO_PROXY": ".svc,.cluster.local", "no_proxy": ".svc,.cluster.local"}


def objects(name):
    return [each for each in yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")) if each]


def deployment():
    return next(each for each in objects("base/deployment.yaml") if each["kind"] == "Deployment")


def seconds(text):
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


class Proxy(unittest.TestCase):
    def setUp(self):
        self.pod = deployment()["spec"]["template"]["spec"]
        self.container, = self.pod["containers"]
        self.config, = objects("base/sluice.yaml")

    def check(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            done = subprocess.run([harness.BINARY, "config", "check", "-c", file.name], capture_output=True, text=True,
                                  env={"SLUICE_ADMIN__TOKEN": "0123456789abcdef"}, timeout=20, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_its_configuration_passes_also_with_what_stands_in_comments(self):
        text = (DEPLOY / "base/sluice.yaml").read_text(encoding="utf-8")
        code, said = self.check(text)
        self.assertEqual(0, code, said)
        inspecting = re.sub(r"(?m)^# (tls:|  \w+: )", r"\1", text)
        self.assertIn("\n  connect: inspect\n", inspecting)
        code, said = self.check(inspecting)
        self.assertEqual(0, code, said)
        ruled = re.sub(r"(?m)^  rules: \[\]$", "  rules:", text)
        ruled = re.sub(r"(?m)^    # (- name|  \w+: )", r"    \1", ruled)
        self.assertIn("\n      hosts: [registry.example.com]\n", ruled)
        code, said = self.check(ruled)
        self.assertEqual(0, code, said)

    def test_the_paths_in_it_are_mounted(self):
        mounts = {mount["mountPath"]: mount["name"] for mount in self.container["volumeMounts"]}
        text = (DEPLOY / "base/sluice.yaml").read_text(encoding="utf-8")
        for path in [*re.findall(r"/etc/sluice/\S+", text), self.container["args"][-1]]:
            self.assertIn(path.rpartition("/")[0], mounts)
        self.assertLessEqual(set(mounts.values()), {volume["name"] for volume in self.pod["volumes"]})

    def test_ports_of_configuration_container_service_and_policy_are_the_same(self):
        ports = {port["name"]: port["containerPort"] for port in self.container["ports"]}
        self.assertEqual({"proxy"}, {each["targetPort"] for each in objects("base/service.yaml")[0]["spec"]["ports"]})
        listening = {int(each.rpartition(":")[2]) for each in self.config["listen"]}
        self.assertEqual({ports["proxy"]}, listening)
        for key, name in (("listen", "admin"), ("probes", "probes")):
            self.assertEqual(ports[name], int(self.config["admin"][key].rpartition(":")[2]))
        admitted = {port["port"] for rule in objects("base/network-policy.yaml")[0]["spec"]["ingress"]
                    for port in rule["ports"]}
        self.assertEqual(set(ports.values()), admitted)

    def test_a_pod_has_the_time_to_drain(self):
        before = self.container["lifecycle"]["preStop"]["sleep"]["seconds"]
        self.assertLess(before + seconds(self.config["timeouts"]["drain"]), self.pod["terminationGracePeriodSeconds"])

    def test_the_load_balancer_is_more_patient_than_the_proxy(self):
        shown, _, _ = harness.run_sluice("config", "show", "--effective")[1].partition("half_closed")
        own = seconds(re.search(r"tunnel_idle: (\d+\w)", shown).group(1))
        notes = objects("overlays/aks/service.yaml")[0]["metadata"]["annotations"]
        minutes = int(notes["service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout"])
        self.assertGreater(60 * minutes, own)
        config = json.loads((DEPLOY / "webhook/http-proxy-config.json").read_text(encoding="utf-8"))
        self.assertIn(notes["service.beta.kubernetes.io/azure-load-balancer-ipv4"], config["httpProxy"])

    def test_images_have_a_reserved_name_and_the_programs_version(self):
        version = re.search(r"project\(sluice VERSION (\S+)", (REPOSITORY / "CMakeLists.txt").read_text()).group(1)
        found = [line.split()[-1] for path in DEPLOY.rglob("*.yaml")
                 for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"\s*(- )?image:", line)]
        self.assertLessEqual({each.strip('"') for each in found}, {"sluice.example/sluice", "sluice.example/sluice-check"})
        for overlay in ("aks", "kind"):
            images = objects(f"overlays/{overlay}/kustomization.yaml")[0]["images"]
            self.assertEqual({version}, {each["newTag"] for each in images})

    def test_rules_are_about_metrics_that_there_are(self):
        known = set(re.findall(r"`((?:sluice|process)_\w+)", (REPOSITORY / "docs/metrics.md").read_text(encoding="utf-8")))
        rules = objects("monitoring/coreos/rules.yaml")[0]["spec"]["groups"][0]["rules"]
        used = {name for rule in rules for name in re.findall(r"\b(?:sluice|process)_\w+", rule["expr"])}
        self.assertEqual(set(), used - known)
        self.assertEqual(len(rules), len({rule["alert"] for rule in rules}))

    def test_both_monitors_are_one_but_for_the_group(self):
        own, azure = (objects(f"monitoring/{name}/pod-monitor.yaml")[0] for name in ("coreos", "azmonitoring"))
        self.assertEqual("azmonitoring.coreos.com/v1", azure.pop("apiVersion"))
        self.assertEqual("monitoring.coreos.com/v1", own.pop("apiVersion"))
        self.assertEqual(own, azure)
        self.assertEqual("admin", own["spec"]["podMetricsEndpoints"][0]["port"])


class Webhook(unittest.TestCase):
    def test_its_manifests_are_what_the_program_prints(self):
        note = (DEPLOY / "webhook/kustomization.yaml").read_text(encoding="utf-8")
        command = re.search(r"#   sluice (.*?)> webhook\.yaml", note, re.DOTALL).group(1)
        code, out, err = harness.run_sluice(*command.replace("\\\n#", "").split(), cwd=DEPLOY / "webhook")
        self.assertEqual((0, ""), (code, err))
        self.assertEqual((DEPLOY / "webhook/webhook.yaml").read_text(encoding="utf-8"), out)


class Check(unittest.TestCase):
    def pods(self):
        """Name, pod and container of each Job, once and nightly."""
        for name in ("clients", "endpoints"):
            for path, within in ((f"check/once/{name}.yaml", ()), (f"check/{name}.yaml", ("jobTemplate", "spec"))):
                made, = objects(path)
                job = made["spec"]
                for key in within:
                    job = job[key]
                self.assertEqual(0, job["backoffLimit"])
                pod = job["template"]["spec"]
                yield path, pod, pod["containers"][0]

    def run_container(self, container, *more):
        """Exit code and JSON report of the container's command in a place without any client."""
        with tempfile.TemporaryDirectory() as empty:
            report = pathlib.Path(empty) / "report.json"
            environment = {**harness.environment_without_own(), **VARIABLES, "PATH": empty}
            done = subprocess.run([harness.BINARY, *container["args"], *more, "--json-file", str(report)],
                                  env=environment, capture_output=True, text=True, timeout=60, check=False)
            return done.returncode, json.loads(report.read_text()) if report.exists() else None, done.stderr

    def test_nightly_and_once_are_the_same(self):
        pods = {path: pod for path, pod, _ in self.pods()}
        for name in ("clients", "endpoints"):
            self.assertEqual(pods[f"check/{name}.yaml"], pods[f"check/once/{name}.yaml"])

    def test_the_flags_exist_and_the_pods_own_variables_count(self):
        for path, _, container in self.pods():
            if "once" not in path:
                continue
            self.assertNotIn("env", container)
            code, _, err = self.run_container(container, "--no-such-flag")
            self.assertEqual(2, code, path)
            self.assertIn('"--no-such-flag"', err)  # the first that is wrong, and it comes last
        clients = next(container for path, _, container in self.pods() if path == "check/once/clients.yaml")
        code, report, err = self.run_container(clients)
        # Nothing was tried, because there is no client; wrong usage would be 2.
        self.assertEqual(1, code, err)
        self.assertEqual(PROXY.rstrip("/"), report["http_proxy"].rstrip("/"))
        self.assertIn("curl", [run["program"].split()[0] for run in report["clients"]])

    def test_they_ask_for_no_rights(self):
        for path, pod, container in self.pods():
            with self.subTest(path):
                self.assertEqual("Never", pod["restartPolicy"])
                self.assertTrue(pod["securityContext"]["runAsNonRoot"])
                self.assertNotEqual(0, pod["securityContext"]["runAsUser"])
                rights = container["securityContext"]
                self.assertEqual(["ALL"], rights["capabilities"]["drop"])
                self.assertFalse(rights["allowPrivilegeEscalation"])
                self.assertTrue(rights["readOnlyRootFilesystem"])
                writable, = (mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly"))
                self.assertEqual("/tmp", writable)
                for limit in ("requests", "limits"):
                    self.assertIn("memory", container["resources"][limit])


if __name__ == "__main__":
    unittest.main()
