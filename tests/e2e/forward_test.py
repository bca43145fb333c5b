"""Plain http through the proxy: versions, keep-alive, methods, fields, interim responses."""
import signal
import threading
import unittest

import harness
from origin import chunked, reply
from wire import request


class Forward(harness.TestCase):
    def ask(self, proxy, octets, method="GET"):
        """One request on a connection of its own."""
        with proxy.connect() as client:
            client.send(octets)
            return client.read_response(method)

    def test_http_1_0_gets_an_answer_it_can_read_and_a_closed_connection(self):
        origin, proxy = self.pair(lambda _request: chunked(b"one ", b"two"))
        with proxy.connect() as client:
            client.send(request("GET", origin.url(), version="HTTP/1.0"))
            answer = client.read_response()
        self.assertEqual(b"one two", answer.body)
        self.assertEqual([], answer.all("Transfer-Encoding"))
        self.assertEqual("HTTP/1.1", origin.requests[0].start[2])

    def test_http_1_0_connections_are_closed_even_with_keep_alive(self):
        # RFC 9112 section 9.3: a proxy must not keep a connection with an HTTP/1.0 client.
        origin, proxy = self.pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url(), "Connection: keep-alive", version="HTTP/1.0"))
            answer = client.read_response()
            self.assertEqual(b"hello", answer.body)
            self.assertEqual("close", answer.get("Connection", "").lower())
            client.wait_end()

    def test_heads_around_the_read_buffers_size_leave_the_connection_usable(self):
        # The proxy reads 16 KiB at a time; what a head leaves behind must not reach the next one.
        origin, proxy = self.pair()
        for size in (16383, 16384, 16385, 20000, 30000):
            with self.subTest(size=size), proxy.connect() as client:
                for _ in range(3):
                    base = len(request("GET", origin.url(), "X-Pad: "))
                    client.send(request("GET", origin.url(), "X-Pad: " + "a" * (size - base)))
                    self.assertEqual(b"hello", client.read_response().body)

    def test_a_busy_connection_ends_after_its_exchange_when_the_proxy_drains(self):
        begun, release = threading.Event(), threading.Event()

        def slow(_request):
            begun.set()
            release.wait(10)
            return reply(b"late")

        origin, proxy = self.pair(slow)
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertTrue(begun.wait(10))
            proxy.signal(signal.SIGTERM)
            proxy.wait_line("draining")
            release.set()
            self.assertEqual(b"late", client.read_response().body)
            self.assertEqual(0, proxy.wait_exit())

    def test_a_client_connection_serves_many_requests_to_several_origins(self):
        first, second = self.origin(lambda r: reply(b"1")), self.origin(lambda r: reply(b"2"))
        proxy = self.sluice({"policy": {"rules": [harness.allow([first, second])]}})
        with proxy.connect() as client:
            for origin, body in [(first, b"1"), (second, b"2"), (first, b"1")]:
                client.send(request("GET", origin.url()))
                self.assertEqual(body, client.read_response().body)
        self.assertEqual(1, first.connections)
        ordinals = [proxy.wait_record(lambda r, n=n: r["exchange"] == n)["exchange"] for n in (1, 2, 3)]
        self.assertEqual([1, 2, 3], ordinals)

    def test_pipelined_requests_are_answered_in_order(self):
        origin, proxy = self.pair(lambda r: reply(r.target.encode()))
        with proxy.connect() as client:
            client.send(b"".join(request("GET", origin.url(f"/{n}")) for n in range(50)))
            answers = [client.read_response().body for _ in range(50)]
        self.assertEqual([b"/%d" % n for n in range(50)], answers)

    def test_the_request_is_sent_on_in_origin_form_with_via_and_the_targets_host(self):
        origin, proxy = self.pair(config={"via": "edge-1"})
        self.ask(proxy, request("GET", origin.url("/a/b?c=d"), "Accept: */*", "X-One: 1"))
        seen = origin.requests[0]
        self.assertEqual(("GET", "/a/b?c=d", "HTTP/1.1"), seen.start)
        self.assertEqual(([origin.authority], ["1.1 edge-1"]), (seen.all("Host"), seen.all("Via")))
        self.assertEqual((["*/*"], ["1"]), (seen.all("Accept"), seen.all("X-One")))

    def test_via_is_appended_to_what_stands_there(self):
        origin, proxy = self.pair(lambda r: reply(b"", "200 OK", "Via: 1.1 cache"))
        answer = self.ask(proxy, request("GET", origin.url(), "Via: 1.0 laptop"))
        self.assertEqual("1.0 laptop, 1.1 sluice", ", ".join(origin.requests[0].all("Via")))
        self.assertEqual("1.1 cache, 1.1 sluice", ", ".join(answer.all("Via")))

    def test_via_names_the_version_that_was_received(self):
        origin, proxy = self.pair()
        self.ask(proxy, request("GET", origin.url(), version="HTTP/1.0"))
        self.assertEqual(["1.0 sluice"], origin.requests[0].all("Via"))

    def test_a_client_that_says_close_gets_close(self):
        origin, proxy = self.pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url(), "Connection: close"))
            self.assertEqual("close", client.read_response().get("Connection"))
            self.assertEqual("fin", client.wait_end())
        self.assertEqual([], [v for v in origin.requests[0].all("Connection") if "close" in v])

    def test_a_client_that_resets_while_the_origin_thinks_frees_the_origin(self):
        def serve(origin, peer):
            origin.record(peer.read_request())
            origin.record(peer.wait_end(8))

        origin, proxy = self.pair(serve=serve)
        client = proxy.connect()
        client.send(request("GET", origin.url()))
        origin.wait_requests(1)
        client.reset()
        origin.wait_requests(2)  # seconds, not timeouts.response_head
        record = proxy.wait_record()
        self.assertEqual(("client", "client_closed"), (record["fault"], record["cause"]))

    def test_fields_for_one_hop_end_here_in_both_directions(self):
        hop = ["Keep-Alive: timeout=5", "X-Drop: 1", "Proxy-Connection: keep-alive",
               "Connection: keep-alive, x-drop"]
        origin, proxy = self.pair(lambda r: reply(b"", "200 OK", *hop, "X-Keep: yes"))
        answer = self.ask(proxy, request("GET", origin.url(), *hop, "X-Keep: yes", "TE: gzip",
                                         "Proxy-Authorization: Basic c2VjcmV0"))
        for seen in (origin.requests[0], answer):
            self.assertEqual(["yes"], seen.all("X-Keep"))
            for name in ("X-Drop", "Proxy-Connection", "Proxy-Authorization", "Keep-Alive", "TE"):
                self.assertEqual([], seen.all(name), name)

    def test_head_has_the_length_and_no_body(self):
        origin, proxy = self.pair(lambda r: reply(b"", "200 OK").replace(b": 0", b": 1234"))
        with proxy.connect() as client:
            for _ in range(2):  # twice, so that a body taken for real would break the second
                client.send(request("HEAD", origin.url()))
                answer = client.read_response("HEAD")
                self.assertEqual((200, "1234"), (answer.status, answer.get("Content-Length")))

    def test_204_and_304_have_no_body_and_keep_the_connection(self):
        def respond(seen):
            if seen.target == "/304":
                return b"HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\nContent-Length: 99\r\n\r\n"
            return b"HTTP/1.1 204 No Content\r\n\r\n"

        origin, proxy = self.pair(respond)
        with proxy.connect() as client:
            for status in (304, 204, 304):
                client.send(request("GET", origin.url(f"/{status}")))
                self.assertEqual(status, client.read_response().status)
        self.assertEqual(1, origin.connections)

    def test_interim_responses_pass_to_1_1_clients_only(self):
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
        origin, proxy = self.pair(lambda r: hints + b"HTTP/1.1 102 Processing\r\n\r\n" + reply(b"ok"))
        answer = self.ask(proxy, request("GET", origin.url()))
        self.assertEqual([103, 102], [message.status for message in answer.interim])
        self.assertEqual("</style.css>", answer.interim[0].get("Link"))
        answer = self.ask(proxy, request("GET", origin.url(), version="HTTP/1.0"))
        self.assertEqual((200, []), (answer.status, answer.interim))

    def test_trailers_are_dropped_and_the_body_is_whole(self):
        origin, proxy = self.pair(lambda r: chunked(b"body", trailers=["X-Checksum: 1"]))
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Transfer-Encoding: chunked", "Trailer: X-Sum",
                                body=b"4\r\nsent\r\n0\r\nX-Sum: 2\r\n\r\n"))
            answer = client.read_response()
            self.assertEqual((b"body", []), (answer.body, answer.trailers))
            client.send(request("GET", origin.url()))  # the connection is still in step
            self.assertEqual(b"body", client.read_response().body)
        self.assertEqual((b"sent", []), (origin.requests[0].body, origin.requests[0].trailers))
        self.assertEqual([], origin.requests[0].all("X-Sum"))

    def test_trace_is_refused_here(self):
        origin, proxy = self.pair()
        answer = self.ask(proxy, request("TRACE", origin.url(), "Cookie: secret"))
        self.assertEqual(405, answer.status)
        self.assertIn("GET", answer.get("Allow", ""))
        self.assertNotIn("secret", answer.text)
        self.assertEqual([], origin.requests)

    def test_options_asterisk_is_answered_by_the_proxy(self):
        proxy = self.sluice()
        answer = self.ask(proxy, request("OPTIONS", "*", host="proxy.test"))
        self.assertEqual(200, answer.status)
        self.assertIn("CONNECT", answer.get("Allow", ""))

    def test_max_forwards_counts_down_and_stops_here_at_zero(self):
        origin, proxy = self.pair()
        answer = self.ask(proxy, request("OPTIONS", origin.url(), "Max-Forwards: 0"))
        self.assertEqual((200, 0), (answer.status, len(origin.requests)))
        self.ask(proxy, request("OPTIONS", origin.url(), "Max-Forwards: 7"))
        self.assertEqual(["6"], origin.requests[0].all("Max-Forwards"))
        self.ask(proxy, request("GET", origin.url(), "Max-Forwards: 0"))
        self.assertEqual(["0"], origin.requests[1].all("Max-Forwards"))

    def test_redirects_and_cookies_pass_untouched(self):
        fields = ["Location: http://elsewhere.test/", "Set-Cookie: a=1", "Set-Cookie: b=2"]
        origin, proxy = self.pair(lambda r: reply(b"", "302 Found", *fields))
        answer = self.ask(proxy, request("GET", origin.url()))
        self.assertEqual(302, answer.status)
        self.assertEqual(["a=1", "b=2"], answer.all("Set-Cookie"))

    def test_https_in_absolute_form_is_refused_rather_than_sent_in_plaintext(self):
        origin, proxy = self.pair()
        answer = self.ask(proxy, request("GET", f"https://{origin.authority}/", host=origin.authority))
        self.assertEqual(501, answer.status)
        self.assertEqual(0, origin.connections)

    def test_a_refusal_keeps_the_connection_when_nothing_is_ambiguous(self):
        origin, proxy = self.pair()
        with proxy.connect() as client:
            client.send(request("GET", "http://127.77.0.1:9/"))
            self.assertEqual(403, client.read_response().status)
            client.send(request("GET", origin.url()))
            self.assertEqual(b"hello", client.read_response().body)


if __name__ == "__main__":
    unittest.main()
