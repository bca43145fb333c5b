"""`sluice aks webhook` against clients that mean harm or do not finish: an error, and the next one is
served."""
import json
import os
import signal
import socket
import threading
import time
import unittest

import webhook
from webhook import SIX, recorded

MIB = 1024 * 1024
# AddressSanitizer keeps freed memory for a while, and its presets set ASAN_OPTIONS.
GROWTH = (512 if "ASAN_OPTIONS" in os.environ else 64) * MIB
JSON = "Content-Type: application/json\r\n"


def head(first, *fields):
    return (first + " HTTP/1.1\r\nHost: x\r\n" + "".join(fields) + "\r\n").encode()


def post(body, *fields):
    return head("POST /mutate", JSON, f"Content-Length: {len(body)}\r\n", *fields) + body


def review_with(**changes):
    review = json.loads(recorded("kubectl_run.json"))
    review["request"].update(changes)
    return json.dumps(review).encode()


# Octets, and the status of the answer; None where there is none to expect.
CASES = [
    (post(b""), 400), (post(b"null"), 400), (post(b"[1, 2"), 400), (post(b"\xff\xfe"), 400),
    (post(recorded("v1beta1.json")), 400), (post(recorded("deep.json")), 400),
    (post(b"[" * 5 * MIB), 400), (post(b'{"a":' * MIB), 400), (post(b"[" + b"1," * 3 * MIB), 400),
    (post(b'"' + b"x" * (7 * MIB - 2) + b'"'), 400),
    (post(review_with(uid="")), 400), (post(review_with(uid=7)), 400), (post(review_with(object=None)), 400),
    (post(review_with(object={"spec": {"containers": [{"env": "x"}]}})), 400),
    (post(review_with(object={"spec": {"containers": [{}] * 600}})), 400),
    (post(review_with(kind="Pod")), 200), (post(review_with(operation=["CREATE"])), 200),
    (head("POST /mutate", JSON, f"Content-Length: {7 * MIB + 1}\r\n"), 413),
    (head("POST /mutate", JSON, "Content-Length: 99999999999999999999\r\n"), 400),
    (head("POST /mutate", JSON, "Content-Length: 5x\r\n"), 400),
    (head("POST /mutate", JSON, "Content-Length: -1\r\n"), 400),
    (head("POST /mutate", JSON, "Content-Length: 2\r\nContent-Length: 2\r\n"), 400),
    (head("POST /mutate", JSON, "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), 400),
    (head("POST /mutate", JSON, "Transfer-Encoding: gzip, chunked\r\n"), 501),
    (head("POST /mutate", JSON, "Transfer-Encoding: chunked\r\n") + b"zz\r\n", 400),
    (head("POST /mutate", JSON, "Transfer-Encoding: chunked\r\n")
     + (b"100000\r\n" + b" " * MIB + b"\r\n") * 8, 413),
    (head("POST /mutate", JSON), 411),
    (head("POST /mutate", "Content-Length: 2\r\n") + b"{}", 415),
    (post(b"{}", "Content-Encoding: gzip\r\n"), 415), (post(b"{}", "Content-Encoding: br\r\n"), 415),
    (head("POST /mutate", "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 2\r\n"), 415),
    (head("GET /mutate"), 405), (head("PUT /mutate", "Content-Length: 0\r\n"), 405),
    (head("POST /other", JSON, "Content-Length: 2\r\n") + b"{}", 404), (head("GET /other"), 404),
    (head("GET /healthz", "Content-Length: 5\r\n") + b"xxxxx", 400),
    (head("GET /healthz", "Range: bytes=" + "0-1," * 1900 + "0-1\r\n"), 200),
    (head("GET /" + "a" * 9000), 414), (head("GET /healthz", "X: " + "a" * 9000 + "\r\n"), 431),
    (b"\r\n" * 20 + head("GET /healthz"), 400), (b"\x00\x01\x02\r\n\r\n", 400),
    (b"GET /healthz HTTP/9.9\r\n\r\n", 505), (b"GET  /healthz HTTP/1.1 x\r\n\r\n", 400),
    (head("GET /healthz", "a: b\r\n" * 20000), None),
    (b"x" * 100_000, None),
]


class Hostile(webhook.TestCase):
    def send(self, server, octets):
        """The status of the answer, or None when the connection ends without one."""
        with server.connect() as peer:
            try:
                peer.send(octets)
            except OSError:
                pass  # it answered and left before it had read everything
            try:
                answer = peer.read_response("GET")
            except (OSError, webhook.WireError):
                return None
            return answer.status

    def test_each_gets_an_error_and_leaves_no_trace(self):
        server = self.webhook()
        self.send(server, post(b"[" * 5 * MIB))
        before = server.resident_bytes()
        for octets, expected in CASES:
            status = self.send(server, octets)
            if expected is not None:
                self.assertEqual(expected, status, octets[:200])
        self.assertLess(server.resident_bytes() - before, GROWTH)
        self.assertEqual([*SIX, "GREETING"], self.names(server))

    def test_what_follows_a_refused_request_on_its_connection_is_not_read(self):
        server = self.webhook()
        for octets in (head("GET /healthz", "Content-Length: 40\r\n"), post(b"{}", "Content-Encoding: br\r\n"),
                       head("POST /other", "Content-Length: 2\r\n"), b"\x00\r\n\r\n"):
            with server.connect() as peer:
                peer.send(octets + head("GET /healthz"))
                seen = peer.read_to_end()
            self.assertEqual(1, seen.count(b"HTTP/1.1 4"), seen)
            self.assertNotIn(b" 200 ", seen)

    def test_large_reviews_at_once_are_bounded_in_memory(self):
        server = self.webhook()
        body = b'{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","x":[' + b"{}," * 240_000 + b"{}]}"
        clients = [threading.Thread(target=self.send, args=(server, post(body))) for _ in range(32)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        self.assertEqual([*SIX, "GREETING"], self.names(server))
        self.assertLess(server.resident_bytes(), 192 * MIB + GROWTH)


class Crowd(webhook.TestCase):
    """Clients that hold connections and say nothing, from an address of their own or the same."""

    def silent(self, server, number, source="127.0.0.1"):
        for _ in range(number):
            peer = socket.create_connection(server.address, 10, source_address=(source, 0))
            self.addCleanup(peer.close)

    def quick(self, server):
        """The slowest of ten reviews, each on a connection of its own."""
        def took():
            began = time.monotonic()
            self.assertEqual([*SIX, "GREETING"], self.names(server))
            return time.monotonic() - began
        return max(took() for _ in range(10))

    def test_reviews_are_answered_beside_130_silent_sockets(self):
        server = self.webhook()
        alone = self.quick(server)
        self.silent(server, 130)
        self.assertLess(self.quick(server), max(2, 10 * alone))

    def test_reviews_are_answered_when_one_client_holds_all_connections(self):
        server = self.webhook("--connections", "64")
        alone = self.quick(server)
        self.silent(server, 128, "127.0.0.2")
        with server.connect() as kept:
            kept.send(post(recorded("kubectl_run.json")))
            self.assertEqual(200, kept.read_response("POST").status)
            self.silent(server, 64, "127.0.0.2")
            self.assertLess(self.quick(server), max(2, 10 * alone))
            # Nor does a connection in use end for what somebody else does.
            kept.send(post(recorded("kubectl_run.json")))
            self.assertEqual(200, kept.read_response("POST").status)
        self.assertLess(server.descriptors(), 64 + 40)

    def test_probes_have_a_port_of_their_own_without_tls(self):
        server = self.webhook("--probes", "127.0.0.1:0", "--connections", "4", drain="1h")
        probes = server.wait_line(r"probes on http://127\.0\.0\.1:(\d+)")[1]
        self.silent(server, 8)

        def ask(path, method="GET"):
            with webhook.Peer.connect(("127.0.0.1", int(probes))) as peer:
                peer.send(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                return peer.read_response(method).status
        self.assertEqual([200, 200, 404, 404, 405],
                         [ask("/livez"), ask("/readyz"), ask("/metrics"), ask("/mutate"), ask("/livez", "POST")])
        server.signal(signal.SIGTERM)
        server.wait_line("draining")
        self.assertEqual([200, 503], [ask("/livez"), ask("/readyz")])
        server.signal(signal.SIGTERM)


class Slow(webhook.TestCase):
    """The limit of a request is 5 s."""

    def test_slow_clients_are_given_up_while_others_are_served(self):
        server = self.webhook()
        review = recorded("kubectl_run.json")
        silent = webhook.Peer.connect(server.address)  # no handshake
        half_head, half_body, dripping = (server.connect() for _ in range(3))
        began = time.monotonic()
        half_head.send(b"POST /mutate HTTP/1.1\r\nHost: x\r\n")
        half_body.send(post(review)[:-100])

        def drip():
            try:
                for octet in post(review):
                    dripping.send(bytes([octet]))
                    time.sleep(0.05)  # the behaviour under test
            except OSError:
                pass

        writer = threading.Thread(target=drip)
        writer.start()
        self.assertEqual([*SIX, "GREETING"], self.names(server))
        self.assertEqual(408, half_body.read_response("POST").status)
        for peer in (half_body, half_head, silent):
            peer.read_to_end()
        writer.join()
        # At its pace the dripping client would have taken more than two minutes.
        self.assertLess(time.monotonic() - began, 60)
        for peer in (silent, half_head, half_body, dripping):
            peer.close()

    def test_a_client_that_does_not_read_its_answers_is_given_up(self):
        server = self.webhook()
        request = post(recorded("fifty_containers.json"))
        with server.connect() as peer:
            peer.timeout = 20
            with self.assertRaises(OSError):
                for _ in range(10_000):
                    peer.send(request)
        self.assertEqual([*SIX, "GREETING"], self.names(server))

    def test_clients_that_vanish_leave_nothing_behind(self):
        server = self.webhook()
        before = server.descriptors()
        for cut in (0, 30, 400):
            for _ in range(20):
                peer = server.connect()
                peer.send(post(recorded("kubectl_run.json"))[:cut] or b"P")
                peer.reset()
        webhook.eventually(lambda: server.descriptors() == before, "descriptors back")

    def test_plain_http_gets_no_answer(self):
        server = self.webhook()
        with webhook.Peer.connect(server.address) as peer:
            peer.send(head("GET /healthz"))
            self.assertNotIn(b"HTTP/1.1 200", peer.read_to_end())
        self.assertEqual((200, "ok\n"), server.ask("GET", "/healthz"))


if __name__ == "__main__":
    unittest.main()
