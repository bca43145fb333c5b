"""SIGTERM drains, a second one stops, SIGUSR1 reopens the log."""
import signal
import threading
import time
import unittest

import harness
from origin import reply
from wire import Peer, WireError, request


def echo(_origin, peer):
    while data := peer.read_exactly(1):
        peer.send(data)


class Signals(harness.TestCase):
    def test_sigterm_with_nothing_to_do_ends_at_once_with_0(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            proxy = harness.Sluice({"timeouts": {"drain": "30s"}})
            began = time.monotonic()
            proxy.signal(number)
            self.assertEqual(0, proxy.wait_exit(10))
            self.assertLess(time.monotonic() - began, 5)

    def test_sigterm_lets_a_tunnel_go_on_until_it_ends(self):
        origin = self.origin(serve=echo)
        proxy = harness.Sluice({"timeouts": {"drain": "30s"},
                                "policy": {"rules": [harness.allow([origin])]}})
        self.addCleanup(proxy.stop)
        tunnel = self.tunnel(proxy, origin.authority)
        proxy.signal(signal.SIGTERM)
        proxy.wait_line("draining")
        self.assert_no_new_connections(proxy)
        self.assertEqual((503, "draining\n"), proxy.admin_get("/readyz"))
        self.assertEqual(200, proxy.admin_get("/healthz")[0])
        tunnel.send(b"x")
        self.assertEqual(b"x", tunnel.read_exactly(1))
        tunnel.close()
        self.assertEqual(0, proxy.wait_exit(10))

    def assert_no_new_connections(self, proxy):
        def refused():
            try:
                with Peer.connect(proxy.address, 2) as client:
                    client.send(request("OPTIONS", "*", host="x"))
                    client.read_response()
                return False
            except (OSError, WireError):
                return True
        harness.eventually(refused, "new connections refused while draining")

    def test_the_drain_deadline_ends_what_is_left(self):
        origin = self.origin(serve=echo)
        proxy = harness.Sluice({"timeouts": {"drain": "500ms"},
                                "policy": {"rules": [harness.allow([origin])]}})
        self.addCleanup(proxy.stop)
        tunnel = self.tunnel(proxy, origin.authority)
        began = time.monotonic()
        proxy.signal(signal.SIGTERM)
        self.assertIn(tunnel.wait_end(5), ("fin", "reset"))
        self.assertEqual(0, proxy.wait_exit(10))
        self.assertGreater(time.monotonic() - began, 0.4)
        self.assertLess(time.monotonic() - began, 5)
        record = next(r for r in proxy.records() if r["method"] == "CONNECT")
        self.assertEqual(("cancelled", "proxy"), (record["cause"], record["fault"]))

    def test_a_second_sigterm_stops_at_once(self):
        origin = self.origin(serve=echo)
        proxy = harness.Sluice({"timeouts": {"drain": "60s"},
                                "policy": {"rules": [harness.allow([origin])]}})
        self.addCleanup(proxy.stop)
        self.tunnel(proxy, origin.authority)
        proxy.signal(signal.SIGTERM)
        proxy.wait_line("draining")
        proxy.signal(signal.SIGTERM)
        self.assertEqual(0, proxy.wait_exit(10))

    def test_a_request_under_way_is_finished_and_idle_connections_close(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def respond(seen):
            if seen.target == "/slow":
                release.wait(10)
            return reply(b"done")

        origin = self.origin(respond)
        proxy = harness.Sluice({"timeouts": {"drain": "30s"},
                                "policy": {"rules": [harness.allow([origin])]}})
        self.addCleanup(proxy.stop)
        with proxy.connect() as busy, proxy.connect() as idle:
            idle.send(request("GET", origin.url("/quick")))
            self.assertEqual(200, idle.read_response().status)
            busy.send(request("GET", origin.url("/slow")))
            origin.wait_requests(2)
            proxy.signal(signal.SIGTERM)
            self.assertEqual("fin", idle.wait_end(5))
            release.set()
            answer = busy.read_response()
            self.assertEqual(b"done", answer.body)
            self.assertEqual("fin", busy.wait_end(5))
        self.assertEqual(0, proxy.wait_exit(10))

    def test_sigusr1_reopens_the_access_log(self):
        origin, proxy = self.pair()
        self.get(proxy, origin)
        proxy.wait_record()
        rotated = proxy.log_path.with_suffix(".1")
        proxy.log_path.rename(rotated)
        proxy.signal(signal.SIGUSR1)
        harness.eventually(proxy.log_path.exists, "a new log file")
        self.get(proxy, origin)
        harness.eventually(lambda: proxy.log_path.read_text().count("\n") == 1, "the record in it")
        self.assertEqual(1, rotated.read_text().count("\n"))

    @staticmethod
    def get(proxy, origin):
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            client.read_response()


if __name__ == "__main__":
    unittest.main()
