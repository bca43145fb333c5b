"""`sluice lab origins`, as docker-compose.yml starts it: what it writes, and when it says it is ready."""
import base64
import json
import pathlib
import stat
import tempfile
import unittest
import urllib.request

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
        origins = Origins(f"--out={self.path}", *flags)
        self.addCleanup(lambda: self.assertEqual(0, origins.stop()))
        return origins

    def names(self):
        return {each.name for each in self.path.iterdir()}

    def run_proxy(self):
        proxy = harness.Process()
        proxy.start("run", "-c", self.path / "sluice.yaml", "--listen", "127.0.0.1:0", "--set", "admin.listen=off",
                    "--set", "tls.listen=127.0.0.1:0")
        self.assertEqual(0, proxy.stop(), proxy.output())

    def test_it_is_ready_once_all_is_written(self):
        origins = self.start()
        self.assertEqual(0, run_sluice("healthcheck", "--address", "%s:%d" % origins.probes)[0])
        self.assertEqual({"public-roots.pem", "sluice-ca.pem", "sluice-ca.key", "listener.pem", "listener.key",
                          "admin-token", "sluice.yaml"}, self.names())
        self.assertNotIn("inspect", (self.path / "sluice.yaml").read_text())
        self.run_proxy()

    def test_keys_and_what_has_the_token_are_for_the_owner_alone(self):
        self.start("--registry", "fd00::11")
        closed = {name for name in self.names() if stat.S_IMODE((self.path / name).stat().st_mode) == 0o600}
        self.assertEqual({"sluice-ca.key", "listener.key", "registry.key", "admin-token", "sluice.yaml"}, closed)

    def test_the_proxy_may_inspect_with_the_ca_that_it_has(self):
        self.start("--inspect")
        self.assertIn("connect: inspect", (self.path / "sluice.yaml").read_text())
        self.run_proxy()

    def test_the_registry_is_elsewhere(self):
        self.start("--address", "127.0.0.1", "--address", "::1", "--registry", "fd00::11")
        text = (self.path / "sluice.yaml").read_text()
        self.assertIn('- {name: mcr.microsoft.com, addresses: ["fd00::11"]}', text)
        self.assertIn('- {name: management.azure.com, addresses: ["127.0.0.1", "::1"]}', text)
        self.assertIn('addresses: ["127.0.0.1", "::1", "fd00::11"]', text)

    def test_the_cluster_gets_the_ca_of_the_proxy(self):
        given = self.path / "given.json"
        given.write_text('{"httpProxy": "http://proxy.lab.example:3128/", "noProxy": [".svc", ".corp.example"]}')
        self.start("--http-proxy-config", str(given))
        made = json.loads((self.path / "http-proxy-config.json").read_text())
        self.assertEqual((self.path / "sluice-ca.pem").read_bytes(), base64.b64decode(made.pop("trustedCa")))
        self.assertEqual({"httpProxy": "http://proxy.lab.example:3128/", "httpsProxy": "http://proxy.lab.example:3128/",
                          "noProxy": [".svc", ".corp.example"]}, made)

    def test_what_is_no_configuration_is_refused(self):
        given = self.path / "given.json"
        given.write_text('{"httpProxy": 1}')
        code, _, err = run_sluice("lab", "origins", "--tls-port", "0", "--http-port", "0", "--out", str(self.path),
                                  "--http-proxy-config", str(given))
        self.assertEqual(2, code, err)
        self.assertIn("sluice aks validate", err)

    def test_a_platform_address_answers_as_the_check_expects(self):
        origins = Origins("--role", "platform")
        self.addCleanup(lambda: self.assertEqual(0, origins.stop()))
        address = origins.wait_line(r"the platform's address on (\S+)").group(1)
        with urllib.request.urlopen(f"http://{address}/?comp=versions", timeout=10) as answer:
            self.assertIn(b"<Versions>", answer.read())


if __name__ == "__main__":
    unittest.main()
