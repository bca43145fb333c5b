"""What nobody gets past: verdicts on tunnels that are looked into, whatever the origin or DNS do meanwhile."""
import ssl
import unittest

import harness
from dns_stub import Answer, DnsStub
from inspection import NAME, OTHER, InspectionCase
from origin import Origin, reply


class Verdicts(InspectionCase):
    def handshake_error(self, proxy, authority, server_name, context=None):
        """Why a client's handshake in a tunnel fails, in OpenSSL's words."""
        with self.tunnel(proxy, authority) as peer:
            try:
                (context or self.trusting()).wrap_socket(peer.sock, server_hostname=server_name).close()
            except OSError as error:  # ssl.SSLError is one
                return str(error).replace("_", " ").lower()
        return "none"

    def test_a_rule_about_the_server_names_content_holds_after_a_pooled_connection_was_no_use(self):
        asking = self.origins.server_context(OTHER)
        asking.verify_mode = ssl.CERT_OPTIONAL
        asking.load_verify_locations(self.origins.certificate)

        contexts = iter([self.contexts[NAME]])  # of its connections; what follows asks

        class InTurn:
            def wrap_socket(self, sock, **options):
                return next(contexts, asking).wrap_socket(sock, **options)
        origin = self.origin(context=InTurn())
        rules = [{"name": "no-uploads", "action": "deny", "hosts": [OTHER], "methods": ["POST"]},
                 harness.allow([origin])]
        proxy = self.start(origin, policy=rules)
        # Leaves a connection to the origin that is verified for NAME.
        self.assertEqual(self.curl(proxy, f"https://{NAME}:{origin.port}/").returncode, 0)
        error = self.handshake_error(proxy, f"{NAME}:{origin.port}", OTHER)
        self.assertIn("access denied", error)
        record = proxy.wait_record(lambda r: r.get("inspection") == "client-certificate")
        self.assertEqual((record["verdict"], record["rule"]), ("deny", "no-uploads"))

    def test_a_request_is_judged_by_the_address_that_it_goes_to(self):
        first = self.origin()
        second = Origin(lambda request: reply(b"second"), tls=self.contexts[NAME], address="127.77.0.2",
                        port=first.port)
        self.addCleanup(second.close)
        stub = DnsStub({NAME: Answer(("127.77.0.1",))})
        self.addCleanup(stub.close)
        rules = [{"name": "no-secrets", "action": "deny", "addresses": ["127.77.0.2"], "paths": ["/secret"]},
                 harness.allow([first])]
        proxy = self.sluice({"workers": 1, "policy": {"rules": rules},
                             "dns": {"servers": [stub.endpoint], "cache_entries": 0},
                             "tls": {"ca_certificate": str(self.ca.certificate), "ca_key": str(self.ca.key),
                                     "connect": "inspect", "origin_roots": [str(self.origins.certificate)]}})
        secure = self.inside(proxy, first)

        def get(path):
            secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {NAME}:{first.port}\r\n\r\n".encode())
            return secure.recv(65536)
        self.assertIn(b"200 OK", get("/secret"))
        stub.names = lambda *_: Answer(("127.77.0.2",))
        first.close_connections()
        first.wait_no_connections()
        answer = get("/secret")
        self.assertIn(b"403 Forbidden", answer)
        self.assertIn(b"no-secrets", answer)
        self.assertEqual(second.requests, [])

    def test_a_client_hears_why_there_is_no_certificate_for_its_name(self):
        narrow = self.path / "narrow"
        narrow.mkdir()
        code, _, errors = harness.run_sluice("ca", "init", "--dir", narrow, "--name-constraint", ".elsewhere.test")
        self.assertEqual(code, 0, errors)
        origin = self.origin()
        proxy = self.start(origin, tls={"ca_certificate": str(narrow / "sluice-ca.pem"),
                                        "ca_key": str(narrow / "sluice-ca.key")})
        error = self.handshake_error(proxy, f"{NAME}:{origin.port}", NAME)
        self.assertIn("internal error", error)
        record = proxy.wait_record()
        self.assertEqual(record["fault"], "proxy")
        self.assertIn("exclude \"origin.test\"", record["detail"])
        self.assertEqual(origin.requests, [])

    def test_a_hello_that_can_not_be_read_is_refused_with_an_alert(self):
        origin = self.origin()
        proxy = self.start(origin)
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            peer.send(b"\x16\x03\x01\x00\x08\x01\x00\x00\x04oops")
            self.assertEqual(peer.sock.recv(100), b"\x15\x03\x01\x00\x02\x02\x32")  # decode_error
        self.assertIn("ClientHello is refused", proxy.wait_record()["detail"])

    def test_a_client_that_offers_no_http_by_alpn_is_refused_or_tunnelled_by_choice(self):
        origin = self.origin()
        for not_http, trust, error in (("refuse", self.ca, "no application protocol"), ("tunnel", self.origins, "none")):
            proxy = self.start(origin, tls={"not_http": not_http})
            context = ssl.create_default_context(cafile=trust.certificate)
            context.set_alpn_protocols(["acme-tls/1"])
            self.assertIn(error, self.handshake_error(proxy, f"{NAME}:{origin.port}", NAME, context))
            proxy.wait_record(lambda r: r.get("inspection") == "not-http")
        context = self.trusting()
        context.set_alpn_protocols(["acme-tls/1", "http/1.1"])
        self.assertEqual(self.handshake_error(proxy, f"{NAME}:{origin.port}", NAME, context), "none")


if __name__ == "__main__":
    unittest.main()
