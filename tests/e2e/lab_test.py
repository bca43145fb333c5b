"""`sluice lab origins`, as docker-compose.yml starts it: what it writes, and when it says it is ready."""
import pathlib
import stat
import tempfile
import unittest

import harness
from harness import run_sluice


class Origins(harness.Process):
    def __init__(self, *arguments):
        super().__init__()
        self.start("lab", "origins", "--tls-port", "0", "--http-port", "0", "--probes", "127.0.0.1:0", *arguments)

    def _learn_endpoints(self):
        self.probes = self._endpoint(self.wait_line(r"probes on http://(\S+)"))


class Lab(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="sluice-lab-test-")
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def start(self, *flags):
        origins = Origins(f"--ca-out={self.path}/roots.pem", f"--proxy-config-out={self.path}/sluice.yaml", *flags)
        self.addCleanup(lambda: self.assertEqual(0, origins.stop()))
        return origins

    def test_it_is_ready_once_all_is_written(self):
        origins = self.start()
        self.assertEqual(0, run_sluice("healthcheck", "--address", "%s:%d" % origins.probes)[0])
        self.assertEqual({"roots.pem", "sluice.yaml"}, {each.name for each in self.path.iterdir()})
        self.assertNotIn("inspect", (self.path / "sluice.yaml").read_text())

    def test_the_proxy_may_inspect_with_a_ca_that_it_makes(self):
        self.start(f"--inspect={self.path}")
        self.assertEqual(0o600, stat.S_IMODE((self.path / "sluice-ca.key").stat().st_mode))
        proxy = harness.Process()
        proxy.start("run", "-c", self.path / "sluice.yaml", "--listen", "127.0.0.1:0", "--set", "admin.listen=off")
        self.assertEqual(0, proxy.stop(), proxy.output())


if __name__ == "__main__":
    unittest.main()
