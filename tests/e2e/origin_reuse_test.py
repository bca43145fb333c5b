"""Pooled origin connections: reuse counted at the origin, staleness, and what is retried."""
import threading
import unittest

import harness
from origin import reply
from wire import request


class OriginReuse(harness.TestCase):
    ONE_WORKER = {"workers": 1}  # pools are per worker

    def ask(self, proxy, octets):
        with proxy.connect() as client:
            client.send(octets)
            return client.read_response()

    def test_requests_of_different_clients_share_one_origin_connection(self):
        origin, proxy = self.pair(config=self.ONE_WORKER)
        for _ in range(10):
            self.assertEqual(b"hello", self.ask(proxy, request("GET", origin.url())).body)
        self.assertEqual((1, 10), (origin.connections, len(origin.requests)))

    def test_an_origin_that_says_close_is_connected_anew(self):
        origin, proxy = self.pair(lambda r: reply(b"", "200 OK", "Connection: close"),
                                  config=self.ONE_WORKER)
        for _ in range(3):
            self.assertEqual(200, self.ask(proxy, request("GET", origin.url())).status)
        self.assertEqual(3, origin.connections)

    def test_an_idle_origin_connection_is_closed_after_its_time(self):
        origin, proxy = self.pair(config={**self.ONE_WORKER, "timeouts": {"origin_idle": "200ms"}})
        self.ask(proxy, request("GET", origin.url()))
        origin.wait_no_connections(5)

    def test_the_pool_has_a_cap_per_origin(self):
        barrier = threading.Barrier(4, timeout=10)

        def respond(_request):
            barrier.wait()  # so that four connections are needed at once
            return reply(b"ok")

        origin, proxy = self.pair(respond, config={**self.ONE_WORKER, "limits": {"pool_per_origin": 2}})
        clients = [proxy.connect() for _ in range(4)]
        for client in clients:
            self.addCleanup(client.close)
            client.send(request("GET", origin.url()))
        for client in clients:
            self.assertEqual(b"ok", client.read_response().body)
        origin.wait(lambda: len(origin._peers) == 2, "two idle connections left")

    def stale_pair(self, answers_before_closing=1):
        """An origin that closes each connection after some answers, without having said so; the close
        happens when the next request arrives, which is the race that no proxy can avoid."""
        def serve(origin, peer):
            for _ in range(answers_before_closing):
                seen = peer.read_request()
                if seen is None:
                    return
                origin.record(seen)
                peer.send(reply(b"hello"))
            seen = peer.read_request(body=False)
            if seen:
                origin.record(seen)
        return self.pair(serve=serve, config=self.ONE_WORKER)

    def test_a_stale_connection_is_replaced_for_idempotent_requests(self):
        origin, proxy = self.stale_pair()
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
            with self.subTest(method=method):
                fields = ["Content-Length: 0"] if method == "PUT" else []
                with proxy.connect() as client:
                    client.send(request("GET", origin.url("/warm")))
                    client.read_response()
                    client.send(request(method, origin.url("/again"), *fields))
                    self.assertEqual(200, client.read_response(method).status)

    def test_a_post_on_a_stale_connection_is_not_sent_twice(self):
        origin, proxy = self.stale_pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/warm")))
            client.read_response()
            client.send(request("POST", origin.url("/order"), "Content-Length: 2", body=b"hi"))
            answer = client.read_response()
        self.assertEqual(502, answer.status)
        self.assertEqual(1, [seen.target for seen in origin.requests].count("/order"))
        record = proxy.wait_record(lambda r: r["method"] == "POST")
        self.assertIn(record["cause"], ("origin_closed", "origin_reset"))

    def test_a_connection_that_the_origin_closed_while_idle_is_not_used(self):
        origin, proxy = self.pair(config=self.ONE_WORKER)
        self.ask(proxy, request("GET", origin.url()))
        origin.close_connections()
        origin.wait_no_connections()
        answer = self.ask(proxy, request("POST", origin.url(), "Content-Length: 2", body=b"hi"))
        self.assertEqual(200, answer.status)
        self.assertEqual(2, origin.connections)

    def test_a_fresh_connection_that_fails_is_not_tried_again(self):
        origin, proxy = self.pair(serve=lambda origin, peer: origin.record(peer.read_request()))
        answer = self.ask(proxy, request("GET", origin.url()))
        self.assertEqual((502, 1), (answer.status, origin.connections))
        self.assertIn("origin_closed", answer.text)

    def test_an_origin_that_never_answers_is_504(self):
        release = threading.Event()
        self.addCleanup(release.set)
        origin, proxy = self.pair(serve=lambda _o, peer: (peer.read_request(), release.wait(10)),
                                  config={"timeouts": {"response_head": "300ms"}})
        answer = self.ask(proxy, request("GET", origin.url()))
        self.assertEqual(504, answer.status)
        self.assertEqual("origin_timeout", proxy.wait_record()["cause"])


if __name__ == "__main__":
    unittest.main()
