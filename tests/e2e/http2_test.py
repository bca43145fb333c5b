"""HTTP/2 inside inspected tunnels and on the TLS listener."""
import signal
import socket
import struct
import subprocess
import unittest

from h2.errors import ErrorCodes
from h2.events import (ConnectionTerminated, DataReceived, InformationalResponseReceived,
                       ResponseReceived, StreamEnded, StreamReset,
                       TrailersReceived)
from hyperframe.frame import RstStreamFrame

import harness
from http2 import Http2Case, Http2Peer, client_tls
from inspection import NAME
from origin import Origin, reply

PROXY = "proxy.test"


class ToHttp1(Http2Case):
    """The client speaks HTTP/2, the origin HTTP/1.1."""

    def test_requests_and_responses_are_translated(self):
        origin = self.http1(lambda request: reply(b"hello", "200 OK", "X-Answer: Yes", "Connection: keep-alive"))
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        stream = client.request(self.authority(origin), "/a?b", fields=[
            ("x-mine", "1"), ("cookie", "a=1"), ("cookie", "b=2"), ("te", "trailers")])
        answer = client.head(stream)
        self.assertEqual((answer.fields[":status"], answer.fields["x-answer"], answer.fields["via"]),
                         ("200", "Yes", "1.1 sluice"))
        self.assertNotIn("connection", answer.fields)
        self.assertEqual(client.body(stream), b"hello")
        request = origin.requests[0]
        self.assertEqual((request.method, request.target), ("GET", "/a?b"))
        self.assertEqual(request.get("Host"), self.authority(origin))
        self.assertEqual(request.get("cookie"), "a=1; b=2")
        self.assertEqual(request.get("Via"), "2 sluice")
        self.assertIsNone(request.get("te"))
        record = proxy.wait_record(lambda r: r["method"] == "GET")
        self.assertEqual((record["status"], record["inspection"], record["target"]),
                         (200, "inspected", f"https://{NAME}:{origin.port}/a"))

    def test_bodies_without_length_are_chunked_and_those_with_one_keep_it(self):
        origin = self.http1(lambda request: reply(request.body))
        client = self.client(self.inspecting(origin), origin)
        content = bytes(range(256)) * 2000
        for fields in ([], [("content-length", str(len(content)))]):
            stream = client.request(self.authority(origin), method="POST", fields=fields, end=False)
            client.send(stream, content, end=True)
            client.head(stream)
            self.assertEqual(client.body(stream), content)
        self.assertEqual(origin.requests[0].get("Transfer-Encoding"), "chunked")
        self.assertEqual(origin.requests[1].get("Content-Length"), str(len(content)))
        self.assertEqual(origin.connections, 1)

    def test_streams_are_served_side_by_side(self):
        def serve(origin, peer):
            request = peer.read_request()
            origin.record(request)
            if request.target == "/slow":
                origin.wait(lambda: len(origin.requests) == 2, "the other request")
            peer.send(reply(request.target.encode()))

        origin = self.http1(serve=serve)
        client = self.client(self.inspecting(origin), origin)
        slow = client.request(self.authority(origin), "/slow")
        origin.wait_requests(1)
        fast = client.request(self.authority(origin), "/fast")
        self.assertEqual(client.body(fast), b"/fast")
        self.assertEqual(client.body(slow), b"/slow")

    def test_an_error_page_is_a_response(self):
        origin = self.http1()
        client = self.client(self.inspecting(origin), origin)
        stream = client.request("elsewhere.test")
        answer = client.head(stream)
        self.assertEqual(answer.fields[":status"], "421")
        self.assertIn(b"open a connection for each", client.body(stream))
        # The connection goes on.
        stream = client.request(self.authority(origin))
        self.assertEqual(client.body(stream), b"hello")

    def test_a_truncated_response_is_reset(self):
        origin = self.http1(serve=lambda origin, peer: (peer.read_request(), peer.send(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")))
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        stream = client.request(self.authority(origin))
        # It may overtake what came before it.
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.INTERNAL_ERROR)
        # The test's origin closes without close_notify.
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "GET")["cause"], "origin_reset")

    def test_a_reset_by_the_client_ends_the_request_to_the_origin(self):
        origin = self.http1(serve=lambda origin, peer: (origin.record(peer.read_request()),
                                                        peer.read_request()))
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        stream = client.request(self.authority(origin))
        origin.wait_requests(1)
        client.reset(stream)
        origin.wait_no_connections()
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "GET")["cause"], "client_closed")

    def test_heads_over_the_limits_get_431(self):
        origin = self.http1()
        client = self.client(self.inspecting(origin), origin)
        stream = client.request(self.authority(origin), fields=[(f"x-{n}", "y") for n in range(200)])
        self.assertEqual(client.head(stream).fields[":status"], "431")

    def test_a_malformed_head_has_a_record_and_the_connection_goes_on(self):
        origin = self.http1(lambda request: reply(b"hello"))
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        client.h2.config.validate_outbound_headers = False
        stream = client.h2.get_next_available_stream_id()
        client.send_head(stream, [(":method", "GET"), (":scheme", "https"), (":authority", self.authority(origin))], True)
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.PROTOCOL_ERROR)
        record = proxy.wait_record(lambda r: r["fault"] == "client")
        self.assertEqual(record["cause"], "bad_request")
        self.assertIn("broke HTTP/2 on the stream", record["detail"])
        self.assertEqual(client.head(client.request(self.authority(origin))).fields[":status"], "200")

    def test_head_has_a_length_and_no_content(self):
        origin = self.http1(lambda request: b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        client = self.client(self.inspecting(origin), origin)
        stream = client.request(self.authority(origin), method="HEAD")
        self.assertEqual(client.head(stream).fields["content-length"], "5")
        self.assertEqual(client.body(stream), b"")

    def test_curl_is_served(self):
        origin = self.http1()
        self.assertEqual(self.curl(self.inspecting(origin), origin).stdout, "2 200")


class ToHttp2(Http2Case):
    """Both speak HTTP/2."""

    def test_requests_share_a_connection_to_the_origin(self):
        def handle(peer, request):
            peer.send_head(request.stream_id, [(":status", "200"), ("x-path", dict(request.headers)[":path"])])
            peer.send(request.stream_id, b"hello", end=True)

        origin = self.http2(handle)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        streams = [client.request(self.authority(origin), f"/{n}") for n in range(20)]
        for n, stream in enumerate(streams):
            self.assertEqual(client.head(stream).fields["x-path"], f"/{n}")
            self.assertEqual(client.body(stream), b"hello")
        self.assertEqual(origin.connections, 1)

    def test_another_client_gets_a_connection_of_its_own(self):
        origin = self.http2(lambda peer, request: peer.send_head(request.stream_id, [(":status", "204")], end=True))
        proxy = self.inspecting(origin)
        for _ in range(2):
            client = self.client(proxy, origin)
            self.assertEqual(client.head(client.request(self.authority(origin))).fields[":status"], "204")
        self.assertEqual(origin.connections, 2)

    def test_a_grpc_call_streams_both_ways_and_ends_in_trailers(self):
        seen = {}

        def handle(peer, request):
            seen.update(dict(request.headers))
            stream = request.stream_id
            peer.send_head(stream, [(":status", "200"), ("content-type", "application/grpc")])
            while True:
                event = peer.wait((DataReceived, StreamEnded), stream)
                if isinstance(event, StreamEnded):
                    break
                peer.consume(event)
                peer.send(stream, event.data.upper())
            peer.send_head(stream, [("grpc-status", "0"), ("grpc-message", "fine")], end=True)

        origin = self.http2(handle)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        stream = client.request(self.authority(origin), "/pkg.Service/Call", "POST", end=False, fields=[
            ("content-type", "application/grpc"), ("te", "trailers"), ("grpc-timeout", "5S")])
        self.assertEqual(client.head(stream).fields["content-type"], "application/grpc")
        for message in (b"one", b"two", b"three"):
            client.send(stream, message)
            self.assertEqual(client.data(stream), message.upper())  # before the next is sent
        client.send(stream, end=True)
        trailers = client.head(stream, TrailersReceived)
        self.assertEqual(trailers.fields, {"grpc-status": "0", "grpc-message": "fine"})
        self.assertEqual((seen["te"], seen[":path"], seen[":authority"], seen["via"]),
                         ("trailers", "/pkg.Service/Call", self.authority(origin), "2 sluice"))
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "POST")["status"], 200)

    def test_a_call_may_fail_with_trailers_alone(self):
        origin = self.http2(lambda peer, request: peer.send_head(
            request.stream_id, [(":status", "200"), ("grpc-status", "12")], end=True))
        client = self.client(self.inspecting(origin), origin)
        answer = client.head(client.request(self.authority(origin), method="POST", end=False))
        self.assertEqual(answer.fields["grpc-status"], "12")
        self.assertNotIn("content-length", answer.fields)
        client.wait(StreamEnded)

    def test_trailers_of_a_request_arrive(self):
        def handle(peer, request):
            trailers = peer.head(request.stream_id, TrailersReceived)
            peer.send_head(request.stream_id, [(":status", "200"), ("x-got", trailers.fields["checksum"])], end=True)

        origin = self.http2(handle)
        client = self.client(self.inspecting(origin), origin)
        stream = client.request(self.authority(origin), method="POST", end=False)
        client.send(stream, b"content")
        client.send_head(stream, [("checksum", "42")], end=True)
        self.assertEqual(client.head(stream).fields["x-got"], "42")

    def test_interim_responses_arrive(self):
        def handle(peer, request):
            peer.send_head(request.stream_id, [(":status", "103"), ("link", "</x>")])
            peer.send_head(request.stream_id, [(":status", "200")], end=True)

        origin = self.http2(handle)
        client = self.client(self.inspecting(origin), origin)
        stream = client.request(self.authority(origin))
        early = client.head(stream, InformationalResponseReceived)
        self.assertEqual((early.fields[":status"], early.fields["link"]), ("103", "</x>"))
        self.assertEqual(client.head(stream, ResponseReceived).fields[":status"], "200")

    def test_resets_go_both_ways_and_the_connection_goes_on(self):
        resets = []

        def handle(peer, request):
            path, stream = dict(request.headers)[":path"], request.stream_id
            if path == "/reset":
                peer.send_head(stream, [(":status", "200")])
                peer.reset(stream, ErrorCodes.INTERNAL_ERROR)
            elif path == "/wait":
                peer.send_head(stream, [(":status", "200")])
                resets.append(peer.wait(StreamReset, stream).error_code)
            else:
                peer.send_head(stream, [(":status", "204")], end=True)

        origin = self.http2(handle)
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        client.wait(StreamReset, client.request(self.authority(origin), "/reset"))
        stream = client.request(self.authority(origin), "/wait")
        client.head(stream)
        client.reset(stream)
        self.assertEqual(client.head(client.request(self.authority(origin), "/ok")).fields[":status"], "204")
        self.assertEqual(resets, [ErrorCodes.CANCEL])
        self.assertEqual(origin.connections, 1)
        proxy.wait_record(lambda r: r["cause"] == "origin_reset")
        proxy.wait_record(lambda r: r["cause"] == "client_closed")

    def test_a_receiver_that_does_not_read_stops_the_sender(self):
        sent = {}

        def handle(peer, request):
            stream = request.stream_id
            peer.send_head(stream, [(":status", "200")])
            sent[stream] = 0
            piece = b"x" * 16384
            while sent[stream] < 64 * 1024 * 1024:
                room = min(peer.h2.local_flow_control_window(stream), len(piece))
                if room <= 0:
                    peer.sock.settimeout(1)
                    try:
                        peer.receive()
                    except TimeoutError:
                        return
                    continue
                peer.h2.send_data(stream, piece[:room])
                peer.flush()
                sent[stream] += room

        origin = self.http2(handle)
        client = self.client(self.inspecting(origin), origin)
        stream = client.request(self.authority(origin))
        client.head(stream)
        got = len(client.wait(DataReceived, stream).data)  # and nothing is acknowledged
        while got < 65535:
            got += len(client.wait(DataReceived, stream).data)
        self.assertEqual(got, 65535, "the client's window")
        harness.eventually(lambda: len(sent) == 1 and sent[stream] >= 65535, "the origin has sent")
        self.assertLess(sent[stream], 512 * 1024)

    def test_large_bodies_arrive_whole_in_both_directions_at_once(self):
        def handle(peer, request):
            stream = request.stream_id
            peer.send_head(stream, [(":status", "200")])
            while True:
                event = peer.wait((DataReceived, StreamEnded), stream)
                if isinstance(event, StreamEnded):
                    break
                peer.consume(event)
                peer.send(stream, event.data)
            peer.send(stream, end=True)

        origin = self.http2(handle)
        client = self.client(self.inspecting(origin), origin)
        stream = client.request(self.authority(origin), method="POST", end=False)
        content = bytes(range(256)) * 4096 * 4
        got, view = b"", memoryview(content)
        while view:
            room = min(client.h2.local_flow_control_window(stream), 16384)
            if room > 0:
                client.send(stream, bytes(view[:room]))
                view = view[room:]
            else:
                got += client.data(stream)
        client.send(stream, end=True)
        got += client.body(stream)
        self.assertEqual(len(got), len(content))
        self.assertTrue(got == content)

    def test_a_client_of_http1_gets_http1_to_the_end(self):
        context = self.context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        origin = Origin(tls=context)
        self.addCleanup(origin.close)
        proxy = self.inspecting(origin)
        done = subprocess.run(
            ["curl", "-sS", "--http1.1", "--max-time", "10", "--cacert", str(self.ca.certificate),
             "-x", proxy.url, f"https://{NAME}:{origin.port}/"], capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "hello", done.stderr)


class Life(Http2Case):
    """What ends a connection of HTTP/2, and what doesn't."""

    def test_an_idle_connection_is_told_goodbye(self):
        origin = self.http1()
        proxy = self.inspecting(origin, timeouts={"keep_alive": "300ms"})
        client = self.client(proxy, origin)
        client.body(client.request(self.authority(origin)))
        self.assertEqual(client.wait(ConnectionTerminated).error_code, ErrorCodes.NO_ERROR)
        self.assertFalse(client.receive())

    def test_draining_serves_what_is_there_and_says_goodbye(self):
        origin = self.http1(serve=lambda origin, peer: (
            origin.record(peer.read_request()), origin.wait_requests(2), peer.send(reply(b"late"))))
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        stream = client.request(self.authority(origin), "/1")
        origin.wait_requests(1)
        proxy.signal(signal.SIGTERM)
        client.wait(ConnectionTerminated)
        origin.record(None)  # lets the origin answer
        # python-h2 forgets all streams at GOAWAY, so that the record has to tell.
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "GET")["status"], 200)

    def test_resets_of_what_was_answered_cost_nothing(self):
        origin = self.http1()
        client = self.client(self.inspecting(origin), origin)
        for _ in range(8):
            streams = client.requests(self.authority(origin), 50)
            for stream in streams:
                client.head(stream)
                client.body(stream)
            client.sock.sendall(b"".join(RstStreamFrame(stream, error_code=ErrorCodes.CANCEL).serialize()
                                         for stream in streams))

    def test_curl_gets_hundreds_at_once(self):
        origin = self.http1()
        proxy = self.inspecting(origin)
        done = subprocess.run(
            ["curl", "-sS", "-Z", "--http2", "--max-time", "60", "--cacert", str(self.ca.certificate), "-x", proxy.url,
             "-w", "%{http_version} %{http_code}\n", f"https://{NAME}:{origin.port}/[1-600]", "-o", "/dev/null"],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout.count("2 200\n"), 600, done.stderr[-500:])

    def test_rapid_resets_end_the_connection(self):
        origin = self.http1()
        proxy = self.inspecting(origin)
        client = self.client(proxy, origin)
        with self.assertRaises((AssertionError, OSError)):
            for _ in range(2000):
                stream = client.request(self.authority(origin))
                client.reset(stream)
            while True:
                event = client.wait(ConnectionTerminated)
                self.assertEqual(event.error_code, ErrorCodes.ENHANCE_YOUR_CALM)
        self.assertTrue(proxy.alive())

    def test_octets_that_are_no_http2_end_the_connection(self):
        origin = self.http1()
        proxy = self.inspecting(origin)
        tunnel = self.tunnel(proxy, f"{NAME}:{origin.port}")
        secure = client_tls(tunnel.sock, self.ca, NAME)
        self.addCleanup(secure.close)
        secure.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while data := secure.recv(4096):
            answer += data
        self.assertIn(b"\x07\x00\x00\x00\x00\x00", answer, "a GOAWAY frame")
        record = proxy.wait_record(lambda r: r["fault"] == "client")
        self.assertIn("broke HTTP/2, so that the connection ends", record["detail"])


class Tunnels(Http2Case):
    """CONNECT by HTTP/2, with TLS to the proxy (RFC 9113 §8.5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listener = cls.origins.server_files(PROXY)

    def listening(self, *origins, **config):
        chain, key = self.listener
        return self.sluice(harness.merge(
            {"tls": {"http2": True, "listen": ["127.0.0.1:0"], "certificates": [{"certificate": str(chain), "key": str(key)}]},
             "workers": 1, "policy": {"rules": [harness.allow(origins)]}}, config))

    def client_of(self, proxy):
        sock = socket.create_connection(proxy.secure_address, 10)
        peer = Http2Peer(client_tls(sock, self.origins, PROXY), client_side=True)
        self.addCleanup(peer.close)
        return peer

    def connect(self, client, origin):
        stream = client.h2.get_next_available_stream_id()
        client.send_head(stream, [(":method", "CONNECT"), (":authority", origin.authority)])
        return stream

    def echo(self):
        def serve(_origin, peer):
            while data := peer.sock.recv(65536):
                peer.sock.sendall(data.upper())
            peer.sock.sendall(b"bye")
            peer.sock.shutdown(socket.SHUT_WR)

        origin = Origin(serve=serve)
        self.addCleanup(origin.close)
        return origin

    def test_octets_go_both_ways_and_ends_are_half(self):
        origin = self.echo()
        proxy = self.listening(origin)
        client = self.client_of(proxy)
        stream = self.connect(client, origin)
        self.assertEqual(client.head(stream).fields[":status"], "200")
        client.send(stream, b"one")
        self.assertEqual(client.data(stream), b"ONE")
        client.send(stream, b"two", end=True)
        self.assertEqual(client.body(stream), b"TWObye")
        record = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual((record["status"], record["cause"]), (200, None))
        self.assertGreater(record["bytes_in"], len("onetwo"))

    def test_tunnels_share_the_connection(self):
        origin = self.echo()
        client = self.client_of(self.listening(origin))
        streams = [self.connect(client, origin) for _ in range(10)]
        for stream in streams:
            client.head(stream)
            client.send(stream, b"%d" % stream)
        for stream in streams:
            self.assertEqual(client.data(stream), b"%d" % stream)

    def test_a_refused_tunnel_is_a_response_and_the_connection_goes_on(self):
        origin, other = self.echo(), self.echo()
        client = self.client_of(self.listening(origin))
        self.assertEqual(client.head(self.connect(client, other)).fields[":status"], "403")
        self.assertEqual(client.head(self.connect(client, origin)).fields[":status"], "200")

    def test_a_reset_of_the_origin_is_a_connect_error(self):
        def serve(_origin, peer):
            peer.sock.recv(10)
            peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.sock.close()

        origin = Origin(serve=serve)
        self.addCleanup(origin.close)
        client = self.client_of(self.listening(origin))
        stream = self.connect(client, origin)
        client.head(stream)
        client.send(stream, b"x")
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.CONNECT_ERROR)

    def test_a_reset_of_the_client_is_one_for_the_origin(self):
        seen = []

        def serve(origin, peer):
            try:
                peer.sock.recv(10)
                peer.sock.recv(10)
                seen.append("end")
            except ConnectionResetError:
                seen.append("reset")

        origin = Origin(serve=serve)
        self.addCleanup(origin.close)
        client = self.client_of(self.listening(origin))
        stream = self.connect(client, origin)
        client.head(stream)
        client.send(stream, b"x")
        client.reset(stream)
        harness.eventually(lambda: seen, "the end of the origin's connection")
        self.assertEqual(seen, ["reset"])

    def test_the_stream_of_a_tunnel_is_closed_soon_after_the_origins_end(self):
        origin = Origin(serve=lambda _origin, peer: peer.sock.sendall(b"all of it"))
        self.addCleanup(origin.close)
        proxy = self.listening(origin)
        client = self.client_of(proxy)
        stream = self.connect(client, origin)
        self.assertEqual(client.body(stream), b"all of it")
        self.assertEqual(client.wait(StreamReset, stream).error_code, ErrorCodes.NO_ERROR)
        record = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual((record["status"], record["cause"]), (200, None))

    def test_many_tunnels_may_end_by_a_reset_of_the_client(self):
        origin = self.echo()
        client = self.client_of(self.listening(origin))
        for _ in range(8):
            streams = [self.connect(client, origin) for _ in range(50)]
            for stream in streams:
                self.assertEqual(client.head(stream).fields[":status"], "200")
                client.h2.reset_stream(stream)
            client.flush()

    def test_plain_requests_are_forwarded_too(self):
        origin = Origin()
        self.addCleanup(origin.close)
        client = self.client_of(self.listening(origin))
        stream = client.h2.get_next_available_stream_id()
        client.send_head(stream, [(":method", "GET"), (":scheme", "http"), (":authority", origin.authority),
                                  (":path", "/x")], end=True)
        self.assertEqual(client.head(stream).fields[":status"], "200")
        self.assertEqual(client.body(stream), b"hello")
        self.assertEqual(origin.requests[0].target, "/x")

    def test_a_quiet_tunnel_ends_at_its_idle_limit(self):
        origin = self.echo()
        proxy = self.listening(origin, timeouts={"tunnel_idle": "300ms"})
        client = self.client_of(proxy)
        stream = self.connect(client, origin)
        client.head(stream)
        client.wait(StreamReset, stream)
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "CONNECT")["cause"], "idle_timeout")


if __name__ == "__main__":
    unittest.main()
