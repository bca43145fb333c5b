"""Responses that are silent for longer than a write may stand still: events, watches, long polls."""
import threading
import unittest

import harness
from http2 import Http2Case
from inspection import NAME
from origin import reply
from wire import request

IDLE = {"idle": "300ms"}
QUIET = 0.8  # seconds
never = threading.Event()

EVENTS = [b"data: %d\n\n" % n for n in range(3)]


def events(_origin, peer):
    """Server-sent events, each after a while."""
    peer.read_request()
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    for event in EVENTS:
        never.wait(QUIET)
        peer.send(b"%x\r\n%s\r\n" % (len(event), event))
    peer.send(b"0\r\n\r\n")


class Plain(harness.TestCase):
    def test_events_arrive(self):
        origin, proxy = self.pair(serve=events, config={"timeouts": IDLE})
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertEqual(client.read_response().body, b"".join(EVENTS))
        self.assertEqual(proxy.wait_record()["cause"], None)

    def test_a_silent_response_ends_by_its_own_limit(self):
        origin, proxy = self.pair(serve=events, config={"timeouts": {"response_idle": "300ms"}})
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            client.read_until(b"\r\n\r\n")
            client.wait_end(5)
        record = proxy.wait_record()
        self.assertEqual((record["cause"], record["fault"]), ("idle_timeout", "origin"))

    def test_a_long_poll_is_answered(self):
        def late(_origin, peer):
            peer.read_request()
            never.wait(QUIET)
            peer.send(reply(b"at last"))

        origin, proxy = self.pair(serve=late, config={"timeouts": IDLE})
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertEqual(client.read_response().body, b"at last")

    def test_both_may_be_silent_while_content_of_unknown_length_goes_up(self):
        origin, proxy = self.pair(lambda seen: reply(seen.body), config={"timeouts": IDLE})
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Transfer-Encoding: chunked") + b"3\r\none\r\n")
            never.wait(QUIET)
            client.send(b"3\r\ntwo\r\n0\r\n\r\n")
            self.assertEqual(client.read_response().body, b"onetwo")


class Inspected(Http2Case):
    def test_events_arrive(self):
        origin = self.http1(serve=events)
        proxy = self.inspecting(origin, timeouts=IDLE)
        client = self.client(proxy, origin)
        self.assertEqual(client.body(client.request(self.authority(origin))), b"".join(EVENTS))
        secure = self.inside(proxy, origin)
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"0\r\n\r\n"):
            answer += secure.recv(65536)
        for event in EVENTS:
            self.assertIn(event, answer)


if __name__ == "__main__":
    unittest.main()
