"""Real clients that reach the proxy itself over TLS, with an https:// proxy URL."""
import os
import shutil
import subprocess
import unittest

import clients_test
import harness
import http2_clients
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
    http2 = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.path / "proxy").mkdir()
        authority = Authority.of(cls.path / "proxy", cls.trust, cls.trust.with_suffix(".key"))
        cls.certificate, cls.key = authority.server_files(PROXY)

    def sluice(self, config=None, **options):
        proxy = SecureSluice(harness.merge(config or {}, {"tls": {
            "listen": ["127.0.0.1:0"], "http2": self.http2,
            "certificates": [{"certificate": str(self.certificate), "key": str(self.key)}]}}), **options)
        self.addCleanup(self._stop, proxy)
        return proxy

    def assert_logged(self, method, port):
        # A process that ends resets the streams of its tunnels, which shows.
        causes = (None, "client_closed") if self.http2 else (None,)
        self.proxy.wait_record(
            lambda r: r["method"] == method and f"{clients_test.NAME}:{port}" in r["target"] and
            r["status"] == 200 and r["cause"] in causes, f"{method} {port} served")

    def run_client(self, *command, **more):
        if command[0] == "curl":
            command = (command[0], "--proxy-cacert", self.trust, *command[1:])
        environment = {"GIT_PROXY_SSL_CAINFO": str(self.trust), **more.pop("environment", {})}
        return super().run_client(*command, environment=environment, **more)


class SecureHttp2Clients(SecureClients):
    """The same with a listener that offers HTTP/2, and clients that take the offer."""

    http2 = True
    test_go_net_http = None  # takes it too, and can't ask for http:// then

    def test_go_tunnels_by_http1_what_it_took_for_http2(self):
        """Both Debian's and the one that stands first in PATH."""
        self.need("go", "golang-go")
        self.start()
        for go in sorted({"/usr/bin/go", shutil.which("go")}):
            program = self.path / "fetch"
            own = {name: value for name, value in os.environ.items() if name not in ("GOROOT", "GOFLAGS")}
            subprocess.run([go, "build", "-o", program, clients_test.HERE / "clients/fetch.go"], check=True, env={
                **own, "GO111MODULE": "off", "GOPROXY": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"})
            output = self.run_client(program, self.https + "/")
            self.assertIn(clients_test.BODY.decode(), output, go)
        self.assert_logged("CONNECT", self.secure.port)

    def test_node_http2_forwards(self):
        self.start(http2_clients.echo)
        self.assertEqual(*http2_clients.upload(self, self.http, 20))
        self.assertTrue(all(request.get("Via") == "2 sluice" for request in self.plain.requests))

    def test_node_http2_tunnels_http1(self):
        self.start(http2_clients.echo)
        self.assertEqual(*http2_clients.upload(self, self.https, 20, version="1.1"))
        self.assert_logged("CONNECT", self.secure.port)

    def test_node_http2_tunnels_http2(self):
        self.start(secure=http2_clients.origin(self.authority.server_context(clients_test.NAME)))
        self.assertEqual(*http2_clients.download(self, self.https, 20))
        self.assertEqual(self.secure.connections, 20)
        self.assert_logged("CONNECT", self.secure.port)

    def test_curl_proxy_http2(self):
        self.need("curl", "curl")
        options = subprocess.run(["curl", "--help", "all"], capture_output=True, text=True, check=True).stdout
        if "--proxy-http2" not in options:
            self.skipTest("this curl is older than 8.1 and has no --proxy-http2")
        self.start()
        output = self.run_client("curl", "-sS", "--fail", "--proxy-http2", "-x", self.proxy.url,
                                 self.http + "/", self.https + "/")
        self.assert_both_ways(output)


if __name__ == "__main__":
    unittest.main()
