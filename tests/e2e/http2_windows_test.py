"""Streams of HTTP/2 that nobody reads: they stop neither others of their connection nor those of other clients."""
import socket
import threading
import unittest

from h2.events import DataReceived, PingAckReceived, RequestReceived, StreamReset

import harness
from http2 import Http2Case, Http2Peer, client_tls
from origin import Origin

PROXY = "proxy.test"
MIB = 1024 * 1024


class Windows(Http2Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listener = cls.origins.server_files(PROXY)

    def sending(self):
        """An origin of HTTP/2 that sends on all streams whatever their windows allow; "/small" is short."""
        def serve(peer):
            open_streams = set()
            while True:
                for stream in open_streams:
                    while (room := min(peer.h2.local_flow_control_window(stream), 16384)) > 0:
                        peer.h2.send_data(stream, bytes(room))
                peer.flush()
                try:
                    if not peer.receive():
                        return
                except OSError:
                    return
                for event in peer.events:
                    if not isinstance(event, RequestReceived):
                        continue
                    peer.send_head(event.stream_id, [(":status", "200")])
                    if dict(event.headers)[":path"] == "/small":
                        peer.send(event.stream_id, b"small", end=True)
                    else:
                        open_streams.add(event.stream_id)
                peer.events.clear()

        return self.http2(serve=serve)

    def wide(self, client):
        """Opens the connection's window, so that streams' are what is used up."""
        client.h2.increment_flow_control_window(64 * MIB)
        client.flush()
        return client

    def test_responses_that_nobody_reads_do_not_stop_another(self):
        origin = self.sending()
        client = self.wide(self.client(self.inspecting(origin), origin))
        for _ in range(50):
            stream = client.request(self.authority(origin), "/large")
            got = 0
            while got < 65535:  # the stream's window
                got += len(client.wait(DataReceived, stream).data)
        stream = client.request(self.authority(origin), "/small")
        self.assertEqual(client.body(stream), b"small")

    def listening(self, *origins, **config):
        chain, key = self.listener
        return self.sluice(harness.merge(
            {"tls": {"http2": True, "listen": ["127.0.0.1:0"],
                     "certificates": [{"certificate": str(chain), "key": str(key)}]},
             "workers": 1, "policy": {"rules": [harness.allow(origins)]}}, config))

    def client_of(self, proxy):
        sock = socket.create_connection(proxy.secure_address, 10)
        peer = Http2Peer(client_tls(sock, self.origins, PROXY), client_side=True)
        self.addCleanup(peer.close)
        return peer

    def connect(self, client, origin):
        stream = client.h2.get_next_available_stream_id()
        client.send_head(stream, [(":method", "CONNECT"), (":authority", origin.authority)])
        self.assertEqual(client.head(stream).fields[":status"], "200")
        return stream

    def full(self, client, stream):
        """Sends until the stream's window stays closed; how many octets that took."""
        sent = 0
        while True:
            room = min(client.h2.local_flow_control_window(stream), 16384)
            if room > 0:
                client.h2.send_data(stream, bytes(room))
                client.flush()
                sent += room
                continue
            client.sock.settimeout(0.3)
            try:
                client.receive()
            except TimeoutError:
                return sent
            finally:
                client.sock.settimeout(10)

    def test_uploads_that_nobody_takes_do_not_stop_another(self):
        over = threading.Event()
        self.addCleanup(over.set)
        deaf = Origin(serve=lambda origin, peer: over.wait(60))
        echo = Origin(serve=lambda origin, peer: peer.sock.sendall(peer.sock.recv(100)))
        for origin in (deaf, echo):
            self.addCleanup(origin.close)
        client = self.client_of(self.listening(deaf, echo))
        for _ in range(7):
            self.assertGreater(self.full(client, self.connect(client, deaf)), 65535)
        stream = self.connect(client, echo)
        client.send(stream, b"through")
        self.assertEqual(client.data(stream), b"through")


class Ends(Windows):
    """Tunnels that both ends have ended, while octets wait for the client's window."""

    BEHIND = 5000

    def ended(self, **timeouts):
        sent = threading.Event()

        def serve(_origin, peer):
            peer.sock.sendall(bytes(65535 + self.BEHIND))
            sent.set()
        origin = Origin(serve=serve)
        self.addCleanup(origin.close)
        proxy = self.listening(origin, timeouts=timeouts)
        client = self.client_of(proxy)
        stream = self.connect(client, origin)
        client.send(stream, end=True)
        got = 0
        while got < 65535:
            got += len(client.wait(DataReceived, stream).data)
        # Whoever answers a ping has seen what the origin sent before it.
        self.assertTrue(sent.wait(10))
        for _ in range(2):
            client.h2.ping(b"12345678")
            client.flush()
            client.wait(PingAckReceived)
        return proxy, client, stream

    def test_what_waits_for_the_window_waits_longer_than_two_seconds(self):
        proxy, client, stream = self.ended()
        client.sock.settimeout(2.5)
        with self.assertRaises(TimeoutError):
            while True:
                client.receive()
        client.sock.settimeout(10)
        client.h2.increment_flow_control_window(self.BEHIND, stream)
        client.h2.increment_flow_control_window(self.BEHIND)
        client.flush()
        self.assertEqual(len(client.body(stream)), self.BEHIND)
        record = proxy.wait_record()
        self.assertIsNone(record["cause"])
        self.assertGreaterEqual(record["bytes_out"], 65535 + self.BEHIND)

    def test_the_record_says_that_the_client_did_not_take_it(self):
        proxy, client, stream = self.ended(half_closed="1s")
        client.wait(StreamReset, stream)
        record = proxy.wait_record()
        self.assertEqual((record["fault"], record["cause"]), ("client", "idle_timeout"))

    def test_the_record_says_that_the_client_left_before(self):
        proxy, client, stream = self.ended()
        client.reset(stream)
        record = proxy.wait_record()
        self.assertEqual(record["fault"], "client")


if __name__ == "__main__":
    unittest.main()
