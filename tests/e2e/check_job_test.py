"""deploy/check-job.yaml: the command that its Job runs is one that sluice knows, and needs no rights."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import harness
import yaml

JOB = pathlib.Path(__file__).parents[2] / "deploy" / "check-job.yaml"
PROXY = "http://proxy.example:3128/"
VARIABLES = {"HTTP_PROXY": PROXY, "http_proxy": PROXY, "HTTPS_PROXY": PROXY, "https_proxy": PROXY,
             "NO_PROXY": ".svc,.cluster.local", "no_proxy": ".svc,.cluster.local"}


class CheckJob(unittest.TestCase):
    def setUp(self):
        self.job = yaml.safe_load(JOB.read_text())
        self.pod = self.job["spec"]["template"]["spec"]
        self.container, = self.pod["containers"]

    def run_container(self, *more):
        """Exit code and JSON report of the container's command in a place without any client."""
        with tempfile.TemporaryDirectory() as empty:
            report = pathlib.Path(empty) / "report.json"
            environment = {**harness.environment_without_own(), **VARIABLES, "PATH": empty}
            done = subprocess.run([harness.BINARY, *self.container["args"], *more, "--json-file", str(report)],
                                  env=environment, capture_output=True, text=True, timeout=60, check=False)
            return done.returncode, json.loads(report.read_text()) if report.exists() else None, done.stderr

    def test_it_is_one_attempt_of_one_job(self):
        self.assertEqual(("batch/v1", "Job"), (self.job["apiVersion"], self.job["kind"]))
        self.assertEqual(0, self.job["spec"]["backoffLimit"])
        self.assertEqual("Never", self.pod["restartPolicy"])

    def test_its_flags_exist_and_the_pods_own_variables_count(self):
        self.assertNotIn("env", self.container)
        code, report, err = self.run_container()
        # Nothing was tried, because there is no client; wrong usage would be 2.
        self.assertEqual(1, code, err)
        self.assertEqual(PROXY.rstrip("/"), report["http_proxy"].rstrip("/"))
        self.assertIn("curl", [run["program"].split()[0] for run in report["clients"]])
        self.assertEqual(2, self.run_container("--no-such-flag")[0])

    def test_it_asks_for_no_rights(self):
        pod, container = self.pod["securityContext"], self.container["securityContext"]
        self.assertTrue(pod["runAsNonRoot"])
        self.assertNotEqual(0, pod["runAsUser"])
        self.assertEqual(["ALL"], container["capabilities"]["drop"])
        self.assertFalse(container["allowPrivilegeEscalation"])
        self.assertTrue(container["readOnlyRootFilesystem"])
        writable, = (mount["mountPath"] for mount in self.container["volumeMounts"])
        self.assertEqual("/tmp", writable)
        for limit in ("requests", "limits"):
            self.assertIn("memory", self.container["resources"][limit])


if __name__ == "__main__":
    unittest.main()
