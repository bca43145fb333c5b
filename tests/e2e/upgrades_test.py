"""Upgrade to protocols that a rule names: a tunnel once the origin has agreed, and left out where none names them."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import clients_test
import harness
from http2_go_test import build
from origin import reply
from wire import request

ASK = ["Connection: Upgrade", "Upgrade: tcp", "Content-Length: 0"]
AGREE = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"


def reversing(origin, peer):
    """Agrees where it is asked to switch, and then sends back each piece from end to start."""
    while (asked := peer.read_request()) is not None:
        origin.record(asked)
        if asked.get("Upgrade"):
            break
        peer.send(reply(b"as ever"))
    else:
        return
    peer.send(AGREE)
    while data := (peer.take(len(peer.buffer)) or (peer.fill() and peer.take(len(peer.buffer)))):
        peer.send(data[::-1])


class Upgrades(harness.TestCase):
    def proxy_to(self, origin, *rules, **config):
        return self.sluice({"policy": {"rules": [
            {"action": "allow", "ports": [origin.port], "addresses": [harness.TEST_RANGE], **rule} for rule in rules]},
            **config})

    def post(self, client, url):
        client.send(request("POST", url, *ASK))
        return client.read_response()

    def test_a_named_protocol_becomes_a_tunnel(self):
        origin = self.origin(serve=reversing)
        proxy = self.proxy_to(origin, {"name": "docker", "upgrades": ["TCP"]})
        with proxy.connect() as client:
            answer = self.post(client, origin.url("/containers/1/attach"))
            self.assertEqual((101, "tcp"), (answer.status, answer.get("Upgrade")))
            client.send(b"\x01GET / HTTP/1.1\r\n\r\n")
            self.assertEqual(b"\n\r\n\r1.1/PTTH / TEG\x01", client.read_exactly(19))
            client.half_close()
            self.assertEqual("fin", client.wait_end())
        self.assertEqual(("tcp", "upgrade"), (origin.requests[0].get("Upgrade"),
                                              origin.requests[0].get("Connection").lower()))
        record = proxy.wait_record()
        self.assertEqual((101, "docker", None), (record["status"], record["rule"], record.get("lints")))

    def test_a_protocol_that_no_rule_names_is_left_out_and_the_record_says_so(self):
        origin = self.origin(serve=reversing)
        for named in [], ["SPDY"], ["tcp/2"]:
            proxy = self.proxy_to(origin, {"name": "docker", "upgrades": named})
            with proxy.connect() as client:
                answer = self.post(client, origin.url())
                self.assertEqual((200, b"as ever"), (answer.status, answer.body))
            self.assertEqual([], origin.requests[-1].all("Upgrade"))
            self.assertEqual(["upgrade_withheld"], proxy.wait_record()["lints"])

    def test_the_rule_of_the_address_that_is_dialled_decides(self):
        """A name with two addresses, one of which may be switched with: fresh connections and kept ones."""
        origin = self.origin(serve=reversing, address="127.77.0.2")
        for lent, status in ("127.77.0.2/32", 101), ("127.77.0.1/32", 200):
            rules = [{"name": "lent", "addresses": [lent], "upgrades": ["tcp"]}, {"name": "others"}]
            proxy = self.proxy_to(origin, *rules, dns={"hosts": [{"name": "both.test", "addresses": ["127.77.0.2"]}]})
            url = f"http://both.test:{origin.port}/"
            with proxy.connect() as client:
                client.send(request("GET", url))  # leaves a connection behind
                self.assertEqual(200, client.read_response().status)
                self.assertEqual(status, self.post(client, url).status)
            with proxy.connect() as client:
                self.assertEqual(status, self.post(client, url).status)

    def test_a_switch_to_another_protocol_than_asked_is_refused(self):
        origin = self.origin(lambda r: AGREE.replace(b"Upgrade: tcp", b"Upgrade: SPDY/3.1"))
        proxy = self.proxy_to(origin, {"name": "docker", "upgrades": ["tcp", "SPDY/3.1"]})
        with proxy.connect() as client:
            self.assertEqual(502, self.post(client, origin.url()).status)

    def test_go_switches(self):
        origin = self.origin(serve=reversing)
        proxy = self.proxy_to(origin, {"name": "docker", "upgrades": ["tcp"]})
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "upgrade"
            build(program, clients_test.HERE / "clients/upgrade.go")
            done = subprocess.run([program, proxy.url, origin.url("/attach"), "tcp", "hello"], text=True,
                                  capture_output=True, timeout=30, check=False)
        self.assertEqual((0, "101 tcp\nolleh\n", ""), (done.returncode, done.stdout, done.stderr))

    def test_what_can_not_be_named_is_refused_with_the_configuration(self):
        for rule, message in (
                ({"action": "allow", "upgrades": ["h2c"]}, "expected no HTTP and no TLS"),
                ({"action": "allow", "upgrades": ["TLS/1.2"]}, "expected no HTTP and no TLS"),
                ({"action": "allow", "upgrades": ["a/b/c"]}, 'expected a protocol as in "SPDY/3.1"'),
                ({"action": "deny", "upgrades": ["tcp"]}, "of a rule that denies")):
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                file.write(json.dumps({"policy": {"rules": [{"name": "x", "hosts": ["a.test"], **rule}]}}))
                file.flush()
                code, out, err = harness.run_sluice("config", "check", "-c", file.name)
            self.assertEqual(2, code)
            self.assertIn(message, out + err)


if __name__ == "__main__":
    unittest.main()
