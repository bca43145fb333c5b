"""What a client learns in a tunnel that is to be inspected: server-first protocols, refusals inside TLS."""
import ssl
import unittest

import harness
from dns_stub import DnsStub
from inspection import API_SERVER, NAME, InspectionCase
from origin import Origin


class ServersThatSpeakFirst(InspectionCase):
    def greeting(self, *after):
        def serve(_origin, peer):
            peer.send(b"220 mail.test ESMTP\r\n")
            if peer.sock.recv(100) == b"QUIT\r\n":
                peer.send(b"221 bye\r\n")
        origin = Origin(serve=serve)
        self.addCleanup(origin.close)
        return origin

    def test_their_greeting_comes_at_once(self):
        origin = self.greeting()
        for connect in ("peek", "inspect"):
            # Waiting for a ClientHello would take longer than the test's client waits.
            proxy = self.inspecting(origin, tls={"connect": connect, "not_tls": "tunnel"},
                                    timeouts={"tls_handshake": "60s"})
            client = self.tunnel(proxy, origin.authority)
            while not client.buffer.endswith(b"\r\n") and client.fill():
                pass
            self.assertEqual(b"220 mail.test ESMTP\r\n", client.take(100))
            client.send(b"QUIT\r\n")
            while client.fill():
                pass
            self.assertEqual(b"221 bye\r\n", client.buffer)
            client.close()
            self.assertEqual("not-tls", proxy.wait_record()["inspection"])

    def test_they_are_refused_where_that_is_asked_for(self):
        origin = self.greeting()
        proxy = self.inspecting(origin, tls={"not_tls": "refuse"}, timeouts={"tls_handshake": "60s"})
        client = self.tunnel(proxy, origin.authority)
        self.assertIn(client.wait_end(10), ("fin", "reset"))
        self.assertEqual(b"", client.buffer)
        self.assertEqual("denied", proxy.wait_record()["cause"])

    def test_a_server_that_waits_is_inspected_as_ever(self):
        origin = self.origin()
        proxy = self.inspecting(origin)
        self.assertIn("hello", self.curl(proxy, f"https://{NAME}:{origin.port}/").stdout)


class RefusalsInsideTls(InspectionCase):
    def refusing(self, **config):
        stub = DnsStub({})
        self.addCleanup(stub.close)
        rules = [{"name": "no-mail", "action": "deny", "hosts": ["mail.test", API_SERVER]},
                 harness.allow(ports=[443])]
        return self.inspecting(tls={"refusals": "inside", "passthrough": ["bank.test"]},
                               policy={"rules": rules},
                               dns={"servers": [stub.endpoint]}, **config)

    def test_the_page_arrives_in_both_versions_of_http(self):
        proxy = self.refusing()
        for option in ("--http1.1", "--http2"):
            done = self.curl(proxy, "https://mail.test/", option)
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertRegex(done.stdout.splitlines()[0], r"^HTTP/[12.]+ 403")
            self.assertIn('the rule "no-mail" denies mail.test:443', done.stdout)
            self.assertIn("Next step: ", done.stdout)
        tunnel = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual((200, "deny", "no-mail", "denied", "inspected"),
                         tuple(tunnel[key] for key in ("status", "verdict", "rule", "cause", "inspection")))
        inner = proxy.wait_record(lambda r: r["method"] == "GET")
        self.assertEqual((403, "deny", "no-mail", "denied"),
                         tuple(inner[key] for key in ("status", "verdict", "rule", "cause")))

    def test_a_name_that_does_not_exist(self):
        proxy = self.refusing()
        done = self.curl(proxy, "https://x.test/")
        self.assertIn("502 sluice: DNS: x.test does not exist", done.stdout)

    def test_what_would_not_be_inspected_is_refused_by_status(self):
        proxy = self.refusing()
        for name in (API_SERVER, "bank.test"):
            with self.subTest(name=name), proxy.connect() as client:
                client.send(f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
                self.assertGreaterEqual(client.read_response("CONNECT").status, 400)

    def test_a_name_in_the_client_hello_that_is_never_inspected_gets_an_alert(self):
        proxy = self.refusing()
        with self.tunnel(proxy, "mail.test:443") as peer, self.assertRaises(ssl.SSLError) as caught:
            self.trusting().wrap_socket(peer.sock, server_hostname="bank.test")
        self.assertIn("access denied", str(caught.exception).lower().replace("_", " "))

    def test_by_status_unless_asked_for(self):
        proxy = self.inspecting(policy={"rules": [{"name": "no-mail", "action": "deny", "hosts": ["mail.test"]}]})
        done = self.curl(proxy, "https://mail.test/")
        self.assertEqual(56, done.returncode, done.stdout)


if __name__ == "__main__":
    unittest.main()
