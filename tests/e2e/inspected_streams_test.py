"""CONNECT in a stream of HTTP/2 whose tunnel is looked into."""
import signal
import socket
import ssl
import unittest

from h2.events import DataReceived, StreamEnded, StreamReset

import harness
from http2 import Http2Peer, client_tls, http2_origin, serve_each
from inspection import NAME, InspectionCase
from origin import Origin, reply

PROXY = "proxy.test"


class StreamTls:
    """TLS over a stream of `peer`, with what the tests use of a socket."""

    def __init__(self, peer, stream, authority, protocols, name=NAME):
        self.peer, self.stream = peer, stream
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=authority.certificate)
        context.set_alpn_protocols(protocols)
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name)
        self._run(self.tls.do_handshake)

    def _run(self, step):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self._flush()
                event = self.peer.wait((DataReceived, StreamEnded, StreamReset), self.stream)
                if isinstance(event, DataReceived):
                    self.incoming.write(event.data)
                    self.peer.consume(event)
                elif isinstance(event, StreamReset):
                    raise ConnectionResetError(event.error_code)
                else:
                    self.incoming.write_eof()
            finally:
                self._flush()

    def _flush(self):
        if self.outgoing.pending:
            self.peer.send(self.stream, self.outgoing.read())

    def sendall(self, data):
        if data:
            self._run(lambda: self.tls.write(data))

    def recv(self, most):
        try:
            return self._run(lambda: self.tls.read(most))
        except ssl.SSLEOFError:
            return b""

    def until(self, end):
        """What comes, up to and with `end`."""
        seen = b""
        while not seen.endswith(end):
            got = self.recv(65536)
            if not got:
                raise AssertionError(f"the stream ended after {seen!r}")
            seen += got
        return seen

    def shutdown(self, _how):
        pass

    def close(self):
        pass


class InspectedStreams(InspectionCase):
    names = (NAME,)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listener = cls.origins.server_files(PROXY)

    def proxy(self, *origins, **config):
        chain, key = self.listener
        listening = {"http2": True, "listen": ["127.0.0.1:0"],
                     "certificates": [{"certificate": str(chain), "key": str(key)}]}
        return self.inspecting(*origins, **harness.merge({"tls": listening}, config))

    def client(self, proxy):
        secure = client_tls(socket.create_connection(proxy.secure_address, 10), self.origins, PROXY)
        self.assertEqual(secure.selected_alpn_protocol(), "h2")
        peer = Http2Peer(secure, client_side=True)
        self.addCleanup(peer.close)
        return peer

    def connect(self, client, origin, name=NAME):
        stream = client.h2.get_next_available_stream_id()
        client.send_head(stream, [(":method", "CONNECT"), (":authority", f"{name}:{origin.port}")])
        return stream

    def tunnel(self, client, origin):
        stream = self.connect(client, origin)
        self.assertEqual(client.head(stream).fields[":status"], "200")
        return stream

    def inspected(self, client, origin, protocols=("http/1.1",)):
        return StreamTls(client, self.tunnel(client, origin), self.ca, list(protocols))

    def get(self, tls, origin, path="/", fields=""):
        tls.sendall(f"GET {path} HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n{fields}\r\n".encode())
        return tls.until(b"hello")

    def test_requests_inside_are_judged_one_by_one_and_recorded(self):
        origin = self.origin()
        rule = harness.allow([origin])
        proxy = self.proxy(origin, policy={"rules": [rule | {"paths": ["/open"]}]})
        tls = self.inspected(self.client(proxy), origin)
        self.assertIn(b"200 OK", self.get(tls, origin, "/open/a"))
        tls.sendall(f"GET /closed HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
        self.assertIn(b"403 Forbidden", tls.recv(65536))
        self.assertEqual([r.target for r in origin.requests], ["/open/a"])
        connect = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual((connect["status"], connect["inspection"], connect["cause"]), (200, "inspected", None))
        denied = proxy.wait_record(lambda r: r["status"] == 403)
        self.assertEqual((denied["target"], denied["inspection"]),
                         (f"https://{NAME}:{origin.port}/closed", "inspected"))

    def test_several_tunnels_share_the_connection_and_origins_are_reused(self):
        origin = self.origin()
        client = self.client(self.proxy(origin))
        tunnels = [self.inspected(client, origin) for _ in range(3)]
        for tls in tunnels + tunnels:
            self.assertIn(b"200 OK", self.get(tls, origin))
        self.assertEqual(len(origin.requests), 6)
        self.assertLessEqual(origin.connections, 3)

    def test_http2_inside_http2(self):
        def handle(peer, request):
            peer.send_head(request.stream_id, [(":status", "200")])
            peer.send(request.stream_id, b"x" * 300_000, end=True)

        origin = http2_origin(self.origins.server_context(NAME), serve_each(handle))
        self.addCleanup(origin.close)
        tls = self.inspected(self.client(self.proxy(origin)), origin, ["h2"])
        self.assertEqual(tls.tls.selected_alpn_protocol(), "h2")
        inner = Http2Peer(tls, client_side=True)
        stream = inner.request(f"{NAME}:{origin.port}")
        self.assertEqual(inner.head(stream).fields[":status"], "200")
        self.assertEqual(len(inner.body(stream)), 300_000)

    def test_bodies_of_megabytes_go_both_ways(self):
        origin = self.origin(respond=lambda request: reply(request.body))
        tls = self.inspected(self.client(self.proxy(origin)), origin)
        content = bytes(range(256)) * 8000 + b"the end"
        head = f"POST / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\nContent-Length: {len(content)}\r\n\r\n"
        tls.sendall(head.encode() + content)
        answer = tls.until(b"the end")
        self.assertEqual(answer.partition(b"\r\n\r\n")[2], content)

    def test_what_is_not_tls_and_what_is_exempt_goes_through_unread(self):
        def serve(_origin, peer):
            while data := peer.sock.recv(65536):
                peer.sock.sendall(data.upper())
            peer.sock.shutdown(socket.SHUT_WR)

        plain, exempt = Origin(serve=serve), self.origin()
        self.addCleanup(plain.close)
        proxy = self.proxy(plain, exempt, tls={"passthrough": [NAME], "not_tls": "tunnel"})
        client = self.client(proxy)
        stream = self.tunnel(client, plain)
        client.send(stream, b"not tls")
        self.assertEqual(client.data(stream), b"NOT TLS")
        client.send(stream, b" at all", end=True)
        self.assertEqual(client.body(stream), b" AT ALL")
        self.assertEqual(proxy.wait_record()["inspection"], "not-tls")
        unread = StreamTls(client, self.tunnel(client, exempt), self.origins, ["http/1.1"])
        self.assertIn(b"200 OK", self.get(unread, exempt))

    def test_a_failing_origin_is_told_inside(self):
        origin = self.origin()
        proxy = self.proxy(origin, tls={"origin_roots": []})
        tls = self.inspected(self.client(proxy), origin)
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
        answer = tls.recv(65536)
        self.assertIn(b"502 Bad Gateway", answer)
        self.assertIn(b"Sluice-TLS-Fault: ", answer)

    def test_a_reset_of_the_client_ends_the_request_at_the_origin(self):
        ended = []

        def serve(origin, peer):
            origin.record(peer.read_request())
            try:
                ended.append(peer.sock.recv(1))
            except OSError as error:
                ended.append(error)

        origin = self.origin(serve=serve)
        proxy = self.proxy(origin)
        client = self.client(proxy)
        tls = self.inspected(client, origin)
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
        origin.wait_requests(1)
        client.reset(tls.stream)
        harness.eventually(lambda: ended, "the end of the origin's connection")
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "GET")["cause"], "client_closed")
        # The connection goes on.
        other = self.tunnel(client, origin)
        self.assertNotEqual(other, tls.stream)

    def test_the_end_of_the_connection_ends_the_tunnels(self):
        origin = self.origin(serve=lambda origin, peer: (origin.record(peer.read_request()), peer.sock.recv(1)))
        proxy = self.proxy(origin)
        client = self.client(proxy)
        tls = self.inspected(client, origin)
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
        origin.wait_requests(1)
        client.sock.close()
        record = proxy.wait_record(lambda r: r["method"] == "GET")
        self.assertEqual(record["cause"], "client_closed")
        harness.eventually(lambda: proxy.metrics()["sluice_connections_open"] == 0, "no connection")

    def test_each_counts_as_a_connection_of_its_client(self):
        origin = self.origin()
        proxy = self.proxy(origin, limits={"sessions_per_client": 3})
        client = self.client(proxy)
        first = self.inspected(client, origin)
        self.inspected(client, origin)
        refused = client.head(self.connect(client, origin))
        self.assertEqual(refused.fields[":status"], "503")
        first.peer.send(first.stream, end=True)
        client.wait(StreamEnded, first.stream)
        def connected():
            return client.head(self.connect(client, origin)).fields[":status"] == "200"
        harness.eventually(connected, "room for another")

    def test_draining_ends_idle_ones_in_good_order(self):
        origin = self.origin()
        proxy = self.proxy(origin)
        client = self.client(proxy)
        tls = self.inspected(client, origin)
        self.get(tls, origin)
        proxy.signal(signal.SIGTERM)
        # python-h2 forgets all streams at GOAWAY: what is seen is that nothing is waited for.
        proxy.wait_exit()
        self.assertEqual([r["cause"] for r in proxy.records()], [None, None])

    def test_stopping_says_so_in_the_records(self):
        origin = self.origin(serve=lambda origin, peer: (origin.record(peer.read_request()), peer.sock.recv(1)))
        proxy = self.proxy(origin, timeouts={"drain": "100ms"})
        tls = self.inspected(self.client(proxy), origin)
        tls.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
        origin.wait_requests(1)
        proxy.signal(signal.SIGTERM)
        proxy.wait_exit()
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "GET")["cause"], "cancelled")

    def test_a_client_that_rejects_the_ca_is_remembered(self):
        origin = self.origin()
        proxy = self.proxy(origin, tls={"pinned": "passthrough"})
        client = self.client(proxy)
        with self.assertRaises(ssl.SSLCertVerificationError):
            StreamTls(client, self.tunnel(client, origin), self.origins, ["http/1.1"])
        proxy.wait_record(lambda r: r["method"] == "CONNECT")
        tls = StreamTls(client, self.tunnel(client, origin), self.origins, ["http/1.1"])
        self.assertIn(b"200 OK", self.get(tls, origin))


if __name__ == "__main__":
    unittest.main()
