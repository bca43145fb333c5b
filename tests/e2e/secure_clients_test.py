"""Real clients that reach the proxy itself over TLS, with an https:// proxy URL."""
import unittest

import clients_test
import harness
from pki import Authority

PROXY = "localhost"


class SecureSluice(harness.Sluice):
    @property
    def url(self):
        return f"https://{PROXY}:{self.secure_address[1]}"


class SecureClients(clients_test.Clients):
    """One authority for proxy and origins. wget, urllib and Java speak no TLS to proxies."""

    test_wget = test_python_urllib = test_curl_shows_a_denial = test_node_http = None
    test_apt_update_and_download = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.path / "proxy").mkdir()
        authority = Authority.of(cls.path / "proxy", cls.trust, cls.trust.with_suffix(".key"))
        cls.certificate, cls.key = authority.server_files(PROXY)

    def sluice(self, config=None, **options):
        proxy = SecureSluice(harness.merge(config or {}, {"tls": {
            "listen": ["127.0.0.1:0"],
            "certificates": [{"certificate": str(self.certificate), "key": str(self.key)}]}}), **options)
        self.addCleanup(self._stop, proxy)
        return proxy

    def assert_logged(self, method, port):
        # A process that ends closes its connection without the end that TLS has, which shows.
        self.proxy.wait_record(
            lambda r: r["method"] == method and f"{clients_test.NAME}:{port}" in r["target"] and
            r["status"] == 200 and r["cause"] in (None, "client_closed"), f"{method} {port} served")

    def run_client(self, *command, **more):
        if command[0] == "curl":
            command = (command[0], "--proxy-cacert", self.trust, *command[1:])
        environment = {"GIT_PROXY_SSL_CAINFO": str(self.trust), **more.pop("environment", {})}
        return super().run_client(*command, environment=environment, **more)


if __name__ == "__main__":
    unittest.main()
