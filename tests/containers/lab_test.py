"""`make lab` on a real engine: its verdict, and what turns it."""
import os
import subprocess
import unittest

import base
from harness import BINARY
from leg import REPOSITORY

LAB_SECONDS = 240
# So it is the check that fails, not the lab.
CLIENT_SUCCEEDS = "answers 200 through the proxy"
ENVIRONMENT = {"BUILD_BASE": base.NAME, "RUNTIME_BASE": base.NAME, "BINARY": BINARY}


def lab(*changes):
    """`make lab` with changes laid over docker-compose.yml: exit code and output."""
    changes = [name if name == "inspect" else f"tests/containers/{name}.yaml" for name in changes]
    # Not by make, which replaces every failure by 2.
    done = subprocess.run(["deploy/lab/run.sh", "up"], cwd=REPOSITORY, text=True, check=False, timeout=LAB_SECONDS,
                          env={**os.environ, **ENVIRONMENT, "LAB": " ".join(changes)},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


class Lab(unittest.TestCase):
    maxDiff = None

    def test_all_endpoints_are_reached_through_the_proxy_alone(self):
        code, said = lab()
        self.assertEqual(0, code, said)
        self.assertIn("does not answer directly, as it should be", said)
        self.assertIn("lab: check exited with 0", said)
        self.assertNotIn("inspected by the proxy", said)

    def test_all_endpoints_are_inspected_where_the_cluster_trusts_the_ca_of_the_proxy(self):
        code, said = lab("inspect")
        self.assertEqual(0, code, said)
        self.assertIn("CN=Sluice lab inspection CA", said)

    def test_inspection_with_a_ca_that_the_cluster_does_not_trust_fails_it(self):
        code, said = lab("inspect", "untrusted")
        self.assertEqual(1, code, said)
        self.assertIn(CLIENT_SUCCEEDS, said)

    def test_a_way_around_the_proxy_fails_it(self):
        code, said = lab("open")
        self.assertEqual(1, code, said)
        self.assertIn("answers without the proxy; the network is not closed", said)

    def test_an_endpoint_in_no_proxy_fails_it(self):
        code, said = lab("wrong_no_proxy")
        self.assertEqual(1, code, said)
        self.assertIn(CLIENT_SUCCEEDS, said)

    def test_a_policy_that_denies_an_endpoint_fails_it(self):
        code, said = lab("denying")
        self.assertEqual(1, code, said)
        self.assertIn(CLIENT_SUCCEEDS, said)
        self.assertIn("403", said)
        self.assertIn("lab: check exited with 1", said)
