"""Who comes in: limits a second, and how a client hears on each kind of port that it does not."""
import select
import socket
import ssl
import unittest

import harness
from neighbours import HOSTILE, POLITE, Secure
from wire import request


class Rates(Secure):
    """What a client may do a second, where that is limited."""

    def limited(self, origin, key):
        return self.secure(origin, config={"limits": {key: 1}})

    def test_requests(self):
        origin = self.plain()
        proxy = self.limited(origin, "requests_per_second")
        with proxy.connect(source=(HOSTILE + "1", 0)) as client:
            statuses = []
            while not statuses or statuses[-1] == 200:
                client.send(request("GET", origin.url()))
                answer = client.read_response()
                statuses.append(answer.status)
        self.assertGreater(len(statuses), 1)
        self.assertEqual(503, answer.status)
        self.assertIn("limits.requests_per_second", answer.text)
        self.polite_get(proxy, origin.url())()

    def test_handshakes(self):
        origin = self.plain()
        proxy = self.limited(origin, "handshakes_per_second")
        with self.assertRaises(ssl.SSLError) as refused:
            for _ in range(20):
                self.multiplexed(proxy, HOSTILE + "1")
        self.assertIn("INTERNAL_ERROR", str(refused.exception).upper())
        record = proxy.wait_record(lambda r: r["cause"] == "too_many_per_client")
        self.assertEqual("proxy", record["fault"])
        self.multiplexed(proxy, POLITE)

    def test_connections(self):
        origin = self.plain()
        proxy = self.limited(origin, "connections_per_second")
        answers = []
        for _ in range(20):
            with proxy.connect(source=(HOSTILE + "1", 0)) as client:
                client.send(request("GET", origin.url(), "Connection: close"))
                answers.append(client.read_response())
        self.assertEqual(200, answers[0].status)
        refused = [answer for answer in answers if answer.status == 503]
        self.assertIn("limits.connections_per_second", refused[0].text)
        self.polite_get(proxy, origin.url())()

    def test_a_tls_port_says_so_in_tls(self):
        origin = self.plain()
        proxy = self.secure(origin, config={"limits": {"sessions_per_client": 1}})
        held = socket.create_connection(proxy.secure_address, 10)
        self.addCleanup(held.close)
        with socket.create_connection(proxy.secure_address, 10) as refused:
            refused.sendall(b"\x16\x03\x01")
            self.assertEqual(b"\x15\x03\x01\x00\x02\x02\x50", refused.recv(100))

    def test_a_client_that_policy_keeps_out_is_told_so_in_tls(self):
        proxy = self.secure(self.plain(), config={"policy": {"clients": ["192.0.2.0/24"]}})
        with socket.create_connection(proxy.secure_address, 10) as refused:
            refused.sendall(b"\x16\x03\x01")
            self.assertEqual(b"\x15\x03\x01\x00\x02\x02\x31", refused.recv(100))
        self.assertEqual("deny", proxy.wait_record()["verdict"])


    def test_nothing_but_tls_comes_out_of_a_tls_port_when_descriptors_run_out(self):
        proxy = self.secure(self.plain(), config={"limits": {"sessions": 1000}}, descriptors=64)
        clients = []
        for _ in range(60):
            clients.append(socket.create_connection(proxy.secure_address, 5))
            self.addCleanup(clients[-1].close)
            clients[-1].sendall(b"\x16\x03\x01")

        def answered():
            return select.select(clients, [], [], 0)[0]

        harness.eventually(lambda: len(answered()) > 10, "answers")
        heard = set()
        for client in answered():
            try:
                heard.add(client.recv(100))
            except OSError:
                pass  # a reset, for whom not even that was left
        self.assertIn(b"\x15\x03\x01\x00\x02\x02\x50", heard)
        self.assertEqual(set(), {octets for octets in heard if octets and octets[0] != 0x15})


if __name__ == "__main__":
    unittest.main()
