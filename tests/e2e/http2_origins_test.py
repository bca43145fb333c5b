"""Origins of HTTP/2 that leave, fail, refuse or want HTTP/1.1, and how many connections they see."""
import threading
import unittest

from h2.errors import ErrorCodes
from h2.events import RequestReceived, StreamReset

from http2 import Http2Case, Http2Peer, frames, literal, serve_each
from origin import Origin


class Origins(Http2Case):
    def test_an_origin_that_leaves_is_replaced(self):
        def serve(peer):
            request = peer.head(kind=RequestReceived)
            peer.send_head(request.stream_id, [(":status", "204")], end=True)
            peer.h2.close_connection()
            peer.flush()

        origin = self.http2(serve=serve)
        client = self.client(self.inspecting(origin), origin)
        for _ in range(3):
            self.assertEqual(client.head(client.request(self.authority(origin))).fields[":status"], "204")
        self.assertEqual(origin.connections, 3)

    def leaving(self, then=lambda peer, request: peer.send_head(request.stream_id, [(":status", "204")], end=True)):
        """An origin whose first connection ends after one request, and a client that has seen to that;
        later ones give each request to `then`."""
        left = threading.Event()

        def serve(peer):
            if origin.connections > 1:
                return serve_each(then)(peer)
            peer.send_head(peer.head(kind=RequestReceived).stream_id, [(":status", "204")], end=True)
            peer.h2.close_connection()
            peer.flush()
            try:
                while peer.sock.recv(65536):  # python-h2 takes nothing after that
                    pass
            except ConnectionResetError:
                pass
            return left.set()

        origin = self.http2(serve=serve)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        client.head(client.request(self.authority(origin)))
        self.assertTrue(left.wait(10), "the proxy closes although no request follows")
        return origin, proxy, client

    def test_an_origin_that_leaves_sees_the_connection_end(self):
        self.leaving()

    def test_streams_that_come_at_once_share_the_next_connection(self):
        origin, proxy, client = self.leaving()
        for stream in client.requests(self.authority(origin), 100):
            self.assertEqual(client.head(stream).fields[":status"], "204")
        self.assertEqual(origin.connections, 2)
        self.assertEqual(proxy.metrics()["sluice_origin_connects_total"], 2)

    def test_streams_that_come_at_once_share_the_failure_to_connect(self):
        origin, proxy, client = self.leaving()
        origin.close()
        for stream in client.requests(self.authority(origin), 20):
            self.assertEqual(client.head(stream).fields[":status"], "502")
            self.assertIn(b"refused the connection", client.body(stream))
        self.assertEqual(proxy.metrics()["sluice_origin_connect_failures_total"], 1)

    def test_a_fault_of_the_next_connections_tls_is_named(self):
        origin, proxy, client = self.leaving()
        origin.tls = self.origins.server_context("another.test")
        for stream in client.requests(self.authority(origin), 2):
            answer = client.head(stream).fields
            self.assertEqual((answer[":status"], answer["sluice-tls-fault"]), ("502", "host_mismatch"))
        self.assertEqual(proxy.wait_record(lambda r: r["status"] == 502)["tls_reason"], "host_mismatch")
        self.assertEqual(origin.connections, 2)

    def test_an_origin_that_requires_http1_is_asked_again_by_http1(self):
        context = self.context()
        context.set_alpn_protocols(["h2", "http/1.1"])

        def serve(origin, peer):
            if peer.sock.selected_alpn_protocol() != "h2":
                return origin.serve_http(peer)
            peer.sock.settimeout(10)
            return serve_each(lambda two, request: two.reset(
                request.stream_id, ErrorCodes.HTTP_1_1_REQUIRED))(Http2Peer(peer.sock, client_side=False))

        origin = Origin(serve=serve, tls=context)
        self.addCleanup(origin.close)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        for _ in range(2):  # not asked again on the same connection, nor on another
            stream = client.request(self.authority(origin))
            self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.HTTP_1_1_REQUIRED)
        record = proxy.wait_record(lambda r: r["method"] == "GET")
        self.assertEqual((record["status"], record["cause"], record["fault"]), (0, "http_1_1_required", "origin"))
        self.assertEqual(origin.connections, 1)
        self.assertEqual(self.curl(proxy, origin).stdout, "1.1 200")

    def test_what_an_origin_breaks_is_not_its_reset(self):
        """Each is told as what it is, to the client as far as there is a response to tell it by."""
        def malformed(peer, stream):
            peer.sock.sendall(frames(stream, b"\x88" + literal(b"connection", b"close")))

        def short(peer, stream):
            peer.send_head(stream, [(":status", "200"), ("content-length", "9")])
            peer.send(stream, b"four", end=True)

        def flood(peer, stream):
            for _ in range(3000):
                peer.h2.ping(b"12345678")
            peer.flush()

        answers = {"/malformed": malformed, "/short": short, "/flood": flood}
        origin = self.http2(lambda peer, request: answers[dict(request.headers)[":path"]](peer, request.stream_id))
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        for path, word in (("/malformed", "connection"), ("/short", "content-length"), ("/flood", "ENHANCE_YOUR_CALM")):
            stream = client.request(self.authority(origin), path)
            if path == "/short":
                self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.INTERNAL_ERROR)
            else:
                self.assertEqual(client.head(stream).fields[":status"], "502")
                self.assertIn(word.encode(), client.body(stream))
            record = proxy.wait_record(lambda r, path=path: r["target"].endswith(path))
            self.assertEqual((record["cause"], record["fault"]), ("bad_response", "origin"), record)

    def test_what_a_client_breaks_is_not_its_reset(self):
        origin = self.http1()
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        stream = client.request(self.authority(origin), method="POST", fields=[("content-length", "9")], end=False)
        client.send(stream, b"four", end=True)
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.PROTOCOL_ERROR)
        record = proxy.wait_record(lambda r: r["method"] == "POST")
        self.assertEqual((record["cause"], record["fault"]), ("bad_request", "client"), record)

    def test_an_origin_that_refuses_every_request_is_not_asked_for_ever(self):
        def handle(peer, request):
            seen.append(request.stream_id)
            if len(seen) == 1:
                return peer.send_head(request.stream_id, [(":status", "204")], end=True)
            return peer.reset(request.stream_id, ErrorCodes.REFUSED_STREAM)

        seen = []
        origin = self.http2(handle)
        client = self.client(self.inspecting(origin), origin)
        client.head(client.request(self.authority(origin)))
        self.assertEqual(client.wait(StreamReset, client.request(self.authority(origin))).error_code,
                         ErrorCodes.REFUSED_STREAM)
        self.assertLess(len(seen), 20)

    def test_a_request_that_the_origin_refuses_is_asked_again_or_refused(self):
        seen = []

        def handle(peer, request):
            seen.append(dict(request.headers)[":path"])
            if seen.count(seen[-1]) == 1:
                peer.reset(request.stream_id, ErrorCodes.REFUSED_STREAM)
            else:
                peer.send_head(request.stream_id, [(":status", "204")], end=True)

        origin = self.http2(handle)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        # With content, which is not kept, or on a new connection, the client has to ask again.
        stream = client.request(self.authority(origin), "/new")
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.REFUSED_STREAM)
        stream = client.request(self.authority(origin), "/content", "POST", end=False)
        client.send(stream, b"content")
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.REFUSED_STREAM)
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "POST")["cause"], "origin_refused")
        # Whatever the method, since nothing has been done.
        stream = client.request(self.authority(origin), "/again", "POST")
        self.assertEqual(client.head(stream).fields[":status"], "204")
        self.assertEqual(seen, ["/new", "/content", "/again", "/again"])


if __name__ == "__main__":
    unittest.main()
