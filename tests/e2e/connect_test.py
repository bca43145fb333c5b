"""CONNECT tunnels: octets both ways, their ends, and why a tunnel does not come about."""
import hashlib
import socket
import threading
import unittest

import harness
from origin import SilentListener

MIB = 1 << 20
BLOCK = bytes(range(256)) * 256  # 64 KiB


def pour(peer, count):
    """Sends `count` octets and returns their digest."""
    digest, number = hashlib.sha256(), 0
    while count > 0:
        block = number.to_bytes(8, "big") + BLOCK[: min(count, len(BLOCK)) - 8]
        peer.send(block)
        digest.update(block)
        count, number = count - len(block), number + 1
    return digest.hexdigest()


def drain(peer, count):
    """Reads `count` octets and returns their digest."""
    digest = hashlib.sha256()
    while count > 0:
        if not peer.buffer:
            peer.fill()
        data = peer.take(count)
        if not data:
            break
        digest.update(data)
        count -= len(data)
    return digest.hexdigest()


class TunnelOctets(harness.TestCase):
    def test_large_bodies_pass_both_ways_at_once(self):
        size, seen = 32 * MIB, {}

        def serve(_origin, peer):
            reader = threading.Thread(target=lambda: seen.update(got=drain(peer, size)))
            reader.start()
            seen["sent"] = pour(peer, size)
            reader.join()

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        writer = threading.Thread(target=lambda: seen.update(client_sent=pour(client, size)))
        writer.start()
        received = drain(client, size)
        writer.join()
        self.assertEqual("fin", client.wait_end())
        self.assertEqual(seen["sent"], received)
        self.assertEqual(seen["client_sent"], seen["got"])

    def test_a_reader_that_stalls_costs_bounded_memory(self):
        size = 64 * MIB
        origin, proxy = self.pair(serve=lambda _origin, peer: pour(peer, size))
        client = self.tunnel(proxy, origin.authority)
        before = proxy.resident_bytes()
        harness.eventually(lambda: self.queued(client) > 0, "the first octets")
        self.assertLess(proxy.resident_bytes() - before, 8 * MIB)
        self.assertEqual(64, len(drain(client, size)))
        self.assertLess(proxy.resident_bytes() - before, 8 * MIB)

    @staticmethod
    def queued(peer):
        peer.sock.settimeout(1)
        return len(peer.sock.recv(1 << 16, socket.MSG_PEEK))

    def test_octets_sent_with_the_head_arrive_first_and_in_order(self):
        def serve(origin, peer):
            origin.record(peer.read_exactly(len(early) + 5))

        for size in (1, 1000, 100_000):
            with self.subTest(size=size):
                early = (BLOCK * 2)[:size]
                origin, proxy = self.pair(serve=serve)
                client = self.tunnel(proxy, origin.authority, early=early)
                client.send(b"after")
                self.assertEqual(early + b"after", origin.wait_requests(1)[0])

    def test_the_log_counts_the_octets_of_both_directions(self):
        def serve(_origin, peer):
            peer.read_exactly(1000)
            peer.send(b"x" * 2000)

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        client.send(b"y" * 1000)
        self.assertEqual(2000, len(client.read_to_end()))
        client.close()
        record = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertGreaterEqual(record["bytes_in"], 1000)
        self.assertLess(record["bytes_in"], 1200)  # and the head
        self.assertGreaterEqual(record["bytes_out"], 2000)
        self.assertLess(record["bytes_out"], 2200)
        self.assertEqual(200, record["status"])


class TunnelEnds(harness.TestCase):
    def test_the_clients_half_close_reaches_the_origin_and_the_answer_returns(self):
        def serve(origin, peer):
            origin.record(peer.read_to_end())
            peer.send(b"after your end")

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        client.send(b"all I have")
        client.half_close()
        self.assertEqual(b"after your end", client.read_to_end())
        self.assertEqual([b"all I have"], origin.requests)

    def test_the_origins_half_close_reaches_the_client_and_the_answer_returns(self):
        def serve(origin, peer):
            peer.send(b"all I have")
            peer.half_close()
            origin.record(peer.read_to_end())

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        self.assertEqual(b"all I have", client.read_to_end())
        client.send(b"after your end")
        client.half_close()
        self.assertEqual([b"after your end"], origin.wait_requests(1))

    def test_a_half_closed_tunnel_that_idles_is_ended(self):
        release = threading.Event()
        self.addCleanup(release.set)
        origin, proxy = self.pair(serve=lambda _origin, peer: release.wait(20),
                                  config={"timeouts": {"half_closed": "300ms"}})
        client = self.tunnel(proxy, origin.authority)
        client.half_close()
        self.assertIn(client.wait_end(5), ("fin", "reset"))

    def test_a_reset_by_the_client_ends_the_origins_side(self):
        def serve(origin, peer):
            peer.read_exactly(2)
            peer.send(b"ok")
            origin.record(peer.wait_end())

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        client.send(b"hi")
        client.read_exactly(2)
        client.reset()
        self.assertEqual(["reset"], origin.wait_requests(1))

    def test_a_reset_by_the_origin_reaches_the_client_as_reset(self):
        def serve(_origin, peer):
            peer.read_exactly(2)
            peer.reset()

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        client.send(b"hi")
        self.assertEqual("reset", client.wait_end())
        record = proxy.wait_record()
        self.assertEqual("origin", record["fault"])

    def test_octets_before_a_reset_still_arrive(self):
        def serve(_origin, peer):
            peer.send(b"last words")
            peer.read_exactly(2)
            peer.reset()

        origin, proxy = self.pair(serve=serve)
        client = self.tunnel(proxy, origin.authority)
        self.assertEqual(b"last words", client.read_exactly(10))
        client.send(b"hi")
        self.assertEqual("reset", client.wait_end())

    def test_an_idle_tunnel_is_ended_and_says_why_in_the_log(self):
        origin, proxy = self.pair(serve=lambda origin, peer: origin.record(peer.wait_end()),
                                  config={"timeouts": {"tunnel_idle": "300ms"}})
        client = self.tunnel(proxy, origin.authority)
        client.wait_end(5)
        origin.wait_requests(1)
        self.assertEqual("idle_timeout", proxy.wait_record()["cause"])

    def test_a_busy_tunnel_outlives_the_idle_limit(self):
        def serve(_origin, peer):
            while data := peer.read_exactly(1):
                peer.send(data)

        origin, proxy = self.pair(serve=serve, config={"timeouts": {"tunnel_idle": "3s"}})
        client = self.tunnel(proxy, origin.authority)
        pause = threading.Event()
        for _ in range(20):  # 4 s of traffic in steps that even a busy machine keeps under the limit
            client.send(b".")
            self.assertEqual(b".", client.read_exactly(1))
            pause.wait(0.2)


class TunnelRefused(harness.TestCase):
    def refuse(self, proxy, authority):
        """The refusal of CONNECT `authority`, with its record."""
        with proxy.connect() as client:
            client.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
            answer = client.read_response("CONNECT")
            self.assertNotEqual(200, answer.status)
            self.assertEqual("fin", client.wait_end(), "a refused CONNECT closes the connection")
        record = proxy.wait_record(lambda r: r["target"] == authority)
        self.assertEqual(answer.status, record["status"])
        self.assertIn(record["id"], answer.text)
        return answer, record

    def test_a_closed_port_is_502_and_the_origins_fault(self):
        origin, proxy = self.pair()
        origin.close()
        answer, record = self.refuse(proxy, origin.authority)
        self.assertEqual(502, answer.status)
        self.assertEqual(("connect_refused", "origin"), (record["cause"], record["fault"]))
        self.assertEqual("ECONNREFUSED", record["errno"])
        self.assertIn("connection_refused", answer.get("Proxy-Status", ""))

    def test_a_silent_host_is_504_after_the_connect_limit(self):
        silent = SilentListener()
        self.addCleanup(silent.close)
        proxy = self.sluice({"timeouts": {"connect": "500ms"},
                             "policy": {"rules": [harness.allow(ports=[silent.port])]}})
        answer, record = self.refuse(proxy, silent.authority)
        self.assertEqual(504, answer.status)
        self.assertEqual("connect_timeout", record["cause"])

    def test_an_address_without_a_route_is_an_error_that_says_so(self):
        rule = {"name": "nowhere", "action": "allow", "addresses": ["2001:db8::/32"]}
        proxy = self.sluice({"timeouts": {"connect": "1s"}, "policy": {"rules": [rule]}})
        answer, record = self.refuse(proxy, "[2001:db8::1]:443")
        self.assertIn((answer.status, record["cause"]),
                      [(502, "connect_unreachable"), (504, "connect_timeout")])

    def test_connect_ports_are_443_and_80_unless_a_rule_lists_another(self):
        rules = [{"name": "any-port", "action": "allow", "addresses": ["127.77.0.0/24"]},
                 {"name": "named", "action": "allow", "addresses": ["127.77.1.0/24"], "ports": [8443]}]
        proxy = self.sluice({"policy": {"rules": rules}})
        for authority, status in {"127.77.0.1:443": 502, "127.77.0.1:80": 502, "127.77.1.1:8443": 502,
                                  "127.77.0.1:8443": 403, "127.77.0.1:25": 403}.items():
            with self.subTest(authority=authority):
                answer, record = self.refuse(proxy, authority)
                self.assertEqual(status, answer.status, answer.text)
                if status == 403:
                    self.assertEqual("port_denied", record["cause"])

    def test_the_success_reply_has_no_framing(self):
        origin, proxy = self.pair(serve=lambda _origin, peer: peer.wait_end())
        with proxy.connect() as client:
            client.send(f"CONNECT {origin.authority} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            answer = client.read_response("CONNECT")
        self.assertEqual(200, answer.status)
        self.assertEqual([], answer.all("Content-Length") + answer.all("Transfer-Encoding"))


if __name__ == "__main__":
    unittest.main()
