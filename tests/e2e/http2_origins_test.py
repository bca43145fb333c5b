"""Origins of HTTP/2 that leave or fail, and how many connections they see."""
import threading
import unittest

from h2.events import RequestReceived

from http2 import Http2Case, serve_each


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


if __name__ == "__main__":
    unittest.main()
