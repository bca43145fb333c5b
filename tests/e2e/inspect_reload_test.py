"""What a reload changes of inspection, and what it leaves to connections that were there before."""
import http.client
import itertools
import pathlib
import signal
import tempfile
import threading
import unittest

import harness
from http2 import Http2Case
from inspection import NAME, InspectionCase
from origin import reply


class InspectionReload(InspectionCase):
    def test_a_tunnel_from_before_is_still_inspected_when_the_ca_is_taken_away(self):
        origin = self.origin()
        proxy = self.start(origin)
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            self.reload(proxy, {"tls": {"ca_certificate": "off", "ca_key": "off", "connect": "tunnel"}})
            with self.trusting().wrap_socket(peer.sock, server_hostname=NAME) as secure:
                secure.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
                self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 200"))
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_requests_inside_a_tunnel_from_before_are_judged_by_the_present_policy(self):
        origin = self.origin(respond=lambda _: reply(b"hello", "200 OK", "Connection: close"))
        proxy = self.start(origin)
        inside = http.client.HTTPConnection(NAME, origin.port)
        inside.sock = self.inside(proxy, origin)

        def status():
            inside.request("GET", "/")
            answer = inside.getresponse()
            answer.read()
            return answer.status

        self.assertEqual(200, status())
        # New connections to the origin are made and verified without an inspection CA, too.
        self.reload(proxy, {"tls": {"ca_certificate": "off", "ca_key": "off", "connect": "tunnel"}})
        self.assertEqual(200, status())
        self.reload(proxy, {"tls": {"ca_certificate": str(self.ca.certificate), "ca_key": str(self.ca.key),
                                    "connect": "inspect"},
                            "policy": {"rules": [harness.allow([origin]) | {"methods": ["POST"]}]}})
        self.assertEqual(403, status())
        self.assertEqual(2, len(origin.requests))

    def test_the_cache_of_leaves_gets_another_size(self):
        origin = self.origin(context=self.origins.server_context("*.many.test"))

        def serial(proxy, number):
            name = f"n{number}.many.test"
            with self.tunnel(proxy, f"127.77.0.1:{origin.port}") as peer:
                with self.trusting().wrap_socket(peer.sock, server_hostname=name) as secure:
                    return secure.getpeercert()["serialNumber"]

        names = itertools.count()

        def outlasts_others(proxy):
            number = next(names)
            first = serial(proxy, number)
            for other in itertools.islice(names, 20):
                serial(proxy, other)
            return serial(proxy, number) == first
        proxy = self.start(origin, tls={"leaf_entries": 16})
        self.assertFalse(outlasts_others(proxy))
        self.reload(proxy, {"tls": {"leaf_entries": 64}})
        harness.eventually(lambda: outlasts_others(proxy), "room for all", timeout=3)

    def test_a_file_in_a_directory_of_roots_is_read_again_when_it_changes(self):
        origin = self.origin()
        with tempfile.TemporaryDirectory(prefix="sluice-roots-") as directory:
            root = pathlib.Path(directory) / "root.pem"
            root.write_bytes(self.ca.certificate.read_bytes())
            proxy = self.start(origin, tls={"origin_roots": [directory]})
            url = f"https://{NAME}:{origin.port}/"
            self.assertIn("HTTP/1.1 502", self.curl(proxy, url).stdout)
            root.write_bytes(self.origins.certificate.read_bytes())
            proxy.wait_line("read the files of tls.* again", timeout=30)
            harness.eventually(lambda: "HTTP/1.1 200" in self.curl(proxy, url).stdout, "the new root in use")

    def test_a_reload_that_fails_changes_nothing(self):
        proxy = self.start(self.origin())
        with tempfile.TemporaryDirectory(prefix="sluice-keys-") as directory:
            broken = pathlib.Path(directory) / "ca.key"
            broken.write_text("no key\n")
            broken.chmod(0o600)
            proxy.write_config({"log_level": "error", "timeouts": {"drain": "7m"}, "tls": {"ca_key": str(broken)}})
            proxy.signal(signal.SIGHUP)
            proxy.wait_line("what runs is kept")
        proxy.signal(signal.SIGTERM)
        proxy.wait_line("draining: .* waiting up to 2s")


class ReloadWithStreams(Http2Case):
    def test_a_stream_from_before_goes_on_and_the_next_is_judged_by_the_present_policy(self):
        answer = threading.Event()

        def respond(asked):
            if asked.target == "/held":
                answer.wait(30)
            return reply(b"hello")

        origin = self.http1(respond)
        self.addCleanup(answer.set)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        held = client.request(self.authority(origin), "/held")
        origin.wait_requests(1)
        for turn in range(3):
            rule = harness.allow([origin], name=f"posts-{turn}") | {"methods": ["POST"]}
            self.reload(proxy, {"policy": {"rules": [rule]}})
            self.assertEqual("403", client.head(client.request(self.authority(origin))).fields[":status"])
        answer.set()
        self.assertEqual("200", client.head(held).fields[":status"])
        self.assertEqual(b"hello", client.body(held))
        record = proxy.wait_record(lambda r: r["method"] == "GET" and r["status"] == 200)
        self.assertEqual(("allow", "test-origins"), (record["verdict"], record["rule"]))


if __name__ == "__main__":
    unittest.main()
