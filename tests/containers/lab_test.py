"""`make lab` on a real engine: its verdict, and what turns it."""
import os
import subprocess
import unittest

import base
from harness import BINARY
from leg import REPOSITORY

LAB_SECONDS = 240
ENVIRONMENT = {"BUILD_BASE": base.NAME, "RUNTIME_BASE": base.NAME, "BINARY": BINARY}


def lab(*changes):
    """`make lab` with changes laid over docker-compose.yml: exit code and output."""
    files = ["docker-compose.yml", *(f"tests/containers/{name}.yaml" for name in changes)]
    environment = {**os.environ, **ENVIRONMENT, "COMPOSE_FILE": ":".join(files)}
    # make replaces every failure by 2.
    done = subprocess.run(["deploy/lab/run.sh", "up"], cwd=REPOSITORY, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LAB_SECONDS, check=False)
    return done.returncode, done.stdout


class Lab(unittest.TestCase):
    maxDiff = None

    def test_all_endpoints_are_reached_through_the_proxy_alone(self):
        code, said = lab()
        self.assertEqual(0, code, said)
        self.assertIn("does not answer directly, as it should be", said)
        self.assertIn("lab: check exited with 0", said)

    def test_a_policy_that_denies_an_endpoint_fails_it(self):
        code, said = lab("denying")
        self.assertEqual(1, code, said)
        self.assertIn("answers 200 through the proxy", said)
        self.assertIn("403", said)
        self.assertIn("lab: check exited with 1", said)
