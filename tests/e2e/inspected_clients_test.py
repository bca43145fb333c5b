"""The same real clients through inspected tunnels: each trusts the inspection CA and nothing else."""
import subprocess
import unittest

import clients_test
import harness
import http2_clients
from pki import Authority


class InspectedClients(clients_test.Clients):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.path / "inspection").mkdir()
        cls.ca, cls.origin_roots = Authority(cls.path / "inspection"), cls.trust
        cls.trust = cls.ca.certificate

    def sluice(self, config=None, **options):
        # Node's fetch puts plain HTTP into tunnels as well.
        return super().sluice(harness.merge(config or {}, {"tls": {
            "ca_certificate": str(self.ca.certificate), "ca_key": str(self.ca.key), "connect": "inspect",
            "not_tls": "tunnel", "origin_roots": [str(self.origin_roots)]}}), **options)

    def assert_logged(self, method, port):
        super().assert_logged(method, port)
        if method == "CONNECT" and port == self.secure.port:
            self.proxy.wait_record(
                lambda r: r["method"] == "GET" and r["target"].startswith(self.https) and
                (r["status"], r.get("inspection")) == (200, "inspected"), "the request inside, in the log")

    def test_node_http2_with_an_origin_of_http1(self):
        self.start(http2_clients.echo)
        self.assertEqual(*http2_clients.upload(self, self.https, 20))
        self.proxy.wait_record(lambda r: r["method"] == "POST")
        self.assertEqual(len([r for r in self.proxy.records() if r["method"] == "CONNECT"]), 1)

    def test_node_http2_with_an_origin_of_http2(self):
        self.start(secure=http2_clients.origin(self.authority.server_context(clients_test.NAME)))
        self.assertEqual(*http2_clients.download(self, self.https, 20))
        self.assertEqual(self.secure.connections, 1)
        self.assert_logged("CONNECT", self.secure.port)

    def test_java(self):
        self.need("java", "default-jdk-headless")
        self.start()
        store = self.path / "trust.p12"
        subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", self.trust,
                        "-keystore", store, "-storetype", "PKCS12", "-storepass", "changeit"],
                       check=True, capture_output=True)
        host, port = self.proxy.address
        properties = {"https.proxyHost": host, "https.proxyPort": port, "http.proxyHost": host,
                      "http.proxyPort": port, "javax.net.ssl.trustStore": store,
                      "javax.net.ssl.trustStorePassword": "changeit"}
        output = self.run_client("java", *(f"-D{name}={value}" for name, value in properties.items()),
                                 clients_test.HERE / "clients/Fetch.java", self.http + "/", self.https + "/")
        self.assert_both_ways(output)


if __name__ == "__main__":
    unittest.main()
