"""Limits and deadlines: slow clients, many clients, no descriptors. The proxy serves on."""
import threading
import time
import unittest

import harness
from origin import reply
from wire import WireError, request


def hold_or_answer(_origin, peer):
    """Answers a request; holds a connection that brings none."""
    if peer.read_request():
        peer.send(reply(b"hello"))
        peer.wait_end()


class Deadlines(harness.TestCase):
    def test_a_head_that_trickles_is_408_at_the_absolute_deadline(self):
        proxy = self.sluice({"timeouts": {"head": "500ms"}})
        with proxy.connect() as client:
            began, pause = time.monotonic(), threading.Event()
            try:
                for octet in request("GET", "http://example.test/" + "a" * 500):
                    client.send(bytes([octet]))
                    pause.wait(0.02)  # the attack: always a little, never enough
            except OSError:
                pass
            took = time.monotonic() - began
            try:
                self.assertEqual(408, client.read_response().status)
            except ConnectionResetError:
                pass  # the reply was overtaken by our own octets
        self.assertLess(took, 5)
        self.assertEqual("client_timeout", proxy.wait_record()["cause"])

    def test_two_hundred_slow_clients_do_not_keep_others_out(self):
        origin, proxy = self.pair(config={"timeouts": {"head": "5s"}})
        slow = [proxy.connect() for _ in range(200)]
        for client in slow:
            self.addCleanup(client.close)
            client.send(b"GET http://example.test/ HT")
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertEqual(b"hello", client.read_response().body)

    def test_an_idle_kept_alive_connection_is_closed_without_a_word(self):
        origin, proxy = self.pair(config={"timeouts": {"keep_alive": "300ms"}})
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            client.read_response()
            self.assertEqual("fin", client.wait_end(5))
        harness.eventually(lambda: proxy.metrics()["sluice_connections_open"] == 0, "the session's end")
        self.assertEqual(1, len(proxy.records()))

    def test_a_body_that_stalls_ends_by_the_idle_limit(self):
        origin, proxy = self.pair(config={"timeouts": {"idle": "300ms"}})
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Content-Length: 100", body=b"some"))
            answer = client.read_response()
            self.assertEqual(408, answer.status)
        self.assertFalse(origin.wait_requests(1)[0].complete)

    def test_a_client_that_never_reads_ends_by_the_idle_limit(self):
        def serve(_origin, peer):
            peer.read_request()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while True:
                peer.send(b"x" * 65536)

        origin, proxy = self.pair(serve=serve, config={"timeouts": {"idle": "500ms"}})
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            record = proxy.wait_record()
            self.assertEqual("client", record["fault"], record)

    def drip(self, send, count=200):
        """An octet now and then: always a little, never enough."""
        pause = threading.Event()
        try:
            for _ in range(count):
                send(b"x")
                pause.wait(0.05)
        except OSError:
            pass

    def test_an_origin_that_drips_ends_by_the_minimum_rate(self):
        def serve(_origin, peer):
            peer.read_request()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            self.drip(peer.send)

        for rate, cause in ((1000, "idle_timeout"), (0, "origin_truncated")):
            with self.subTest(rate=rate):
                origin, proxy = self.pair(serve=serve, config={"timeouts": {"idle": "400ms"},
                                                               "limits": {"minimum_rate": rate}})
                with proxy.connect() as client:
                    client.send(request("GET", origin.url()))
                    record = proxy.wait_record(timeout=20)
                self.assertEqual(("origin", cause), (record["fault"], record["cause"]))
                self.assertEqual(rate == 0, record["bytes_out"] > 100 + 100)

    def test_a_client_that_drips_ends_by_the_minimum_rate(self):
        origin, proxy = self.pair(config={"timeouts": {"idle": "400ms"}, "limits": {"minimum_rate": 1000}})
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Content-Length: 1000"))
            self.drip(client.send, 40)
        self.assertEqual("client_timeout", proxy.wait_record()["cause"])

    def test_the_total_limit_ends_even_a_busy_tunnel(self):
        def serve(_origin, peer):
            while data := peer.read_exactly(1):
                peer.send(data)

        origin, proxy = self.pair(serve=serve, config={"timeouts": {"total": "2s"}})
        client = self.tunnel(proxy, origin.authority)
        began = time.monotonic()
        with self.assertRaises((OSError, WireError)):
            while time.monotonic() - began < 12:
                client.send(b".")
                client.read_exactly(1)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual("total_timeout", proxy.wait_record()["cause"])


class Caps(harness.TestCase):
    def refused_connection(self, proxy, cause, **options):
        with proxy.connect(**options) as client:
            answer = client.read_response()
            self.assertEqual(503, answer.status)
            self.assertIn("Retry-After", dict(answer.fields))
            self.assertIn(cause, answer.text)
            client.half_close()
            self.assertEqual("fin", client.wait_end())

    def test_sessions_have_a_cap_and_room_comes_back(self):
        origin, proxy = self.pair(config={"limits": {"sessions": 5}})
        tunnels = [self.tunnel(proxy, origin.authority) for _ in range(5)]
        self.refused_connection(proxy, "too_many_sessions")
        for tunnel in tunnels:
            tunnel.close()
        harness.eventually(lambda: proxy.metrics()["sluice_connections_open"] == 0, "room")
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertEqual(200, client.read_response().status)

    def test_one_client_has_a_cap_and_others_are_not_touched(self):
        origin, proxy = self.pair(config={"limits": {"sessions_per_client": 3}})
        for _ in range(3):
            self.tunnel(proxy, origin.authority)
        self.refused_connection(proxy, "too_many_per_client")
        self.tunnel(proxy, origin.authority, source=("127.0.0.7", 0))

    def test_heads_over_the_limits_are_refused(self):
        proxy = self.sluice({"limits": {"request_line_bytes": 1024, "head_bytes": 4096, "fields": 10,
                                        "field_bytes": 512}})
        url = "http://example.test/"
        for name, octets, status in [
                ("line", request("GET", url + "a" * 1100), 414),
                ("field", request("GET", url, "X: " + "a" * 600), 431),
                ("fields", request("GET", url, *[f"X-{n}: 1" for n in range(10)]), 431),
                ("head", request("GET", url, *[f"X-{n}: {'a' * 500}" for n in range(9)]), 431)]:
            with self.subTest(limit=name), proxy.connect() as client:
                client.send(octets)
                self.assertEqual(status, client.read_response().status)


class Descriptors(harness.TestCase):
    def test_it_says_at_start_how_many_sessions_they_are_enough_for(self):
        proxy = self.sluice({"workers": 1, "limits": {"sessions": 1000}}, descriptors=1024)
        # 1024, less 64 for itself, 128 for the pipes and 32 for spare dials of one worker, two a session.
        proxy.wait_line(r"limits.sessions is 1000, but this process may open files for 400 ")
        proxy.wait_line(r"is ready: 1 workers, up to 400 sessions")

    def test_running_out_of_descriptors_is_survived(self):
        # Room for about twenty tunnels; sixty clients come. The origin holds every tunnel open.
        few = {"workers": 1, "limits": {"sessions": 1000}}
        origin, proxy = self.pair(serve=hold_or_answer, config=few, descriptors=64)
        wanted = request("CONNECT", origin.authority)
        clients, answers = [], []
        for _ in range(60):
            client = proxy.connect(timeout=3)
            self.addCleanup(client.close)
            client.send(wanted)
            clients.append(client)
        harness.eventually(lambda: proxy.descriptors() >= 60, "the descriptors' end")
        for client in clients:
            try:
                answers.append(client.read_response("CONNECT").status)
            except (OSError, WireError):
                answers.append(None)
        self.assertIn(200, answers)
        self.assertTrue(set(answers) <= {200, 503, None}, answers)
        began, used = time.monotonic(), self.cpu_seconds(proxy)
        threading.Event().wait(0.5)  # time to spin in, if it does
        spent = (self.cpu_seconds(proxy) - used) / (time.monotonic() - began)
        self.assertLess(spent, 0.3, "the proxy spins while it has no descriptors")
        for client in clients:
            client.close()

        def served():
            try:
                with proxy.connect(timeout=2) as client:
                    client.send(request("GET", origin.url()))
                    return client.read_response().status == 200
            except (OSError, WireError):
                return False
        harness.eventually(served, "service after the flood", 10)
        self.assertTrue(proxy.alive())

    @staticmethod
    def cpu_seconds(proxy):
        with open(f"/proc/{proxy.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    unittest.main()
