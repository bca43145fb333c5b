"""Streams of HTTP/2 that take connections of their own: they count like sessions, wherever they dial."""
import json
import socket
import ssl
import unittest

import harness
from http2 import Http2Case, Http2Peer, client_tls
from origin import Origin

PROXY = "proxy.test"


class Places(Http2Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.listener = cls.origins.server_files(PROXY)

    def silent(self, **options):
        """An origin that reads and never answers."""
        origin = Origin(serve=lambda origin, peer: (origin.record(None), peer.sock.recv(65536), peer.sock.recv(1)),
                        **options)
        self.addCleanup(origin.close)
        return origin

    def proxy(self, *origins, descriptors=None, **config):
        chain, key = self.listener
        listening = {"http2": True, "listen": ["127.0.0.1:0"],
                     "certificates": [{"certificate": str(chain), "key": str(key)}]}
        return self.sluice(harness.merge(
            {"tls": listening, "workers": 1, "policy": {"rules": [harness.allow(origins)]}}, config),
            descriptors=descriptors)

    def client_of(self, proxy, address="127.0.0.1"):
        sock = socket.create_connection(proxy.secure_address, 10, source_address=(address, 0))
        peer = Http2Peer(client_tls(sock, self.origins, PROXY), client_side=True)
        self.addCleanup(peer.close)
        return peer

    def connects(self, client, origin, count):
        streams = []
        for _ in range(count):
            streams.append(client.h2.get_next_available_stream_id())
            client.h2.send_headers(streams[-1], [(":method", "CONNECT"), (":authority", origin.authority)])
        client.flush()
        return streams

    def statuses(self, client, streams):
        return [client.head(stream).fields[":status"] for stream in streams]

    def test_tunnels_count_and_give_their_places_back(self):
        origin = self.silent()
        proxy = self.proxy(origin, limits={"sessions_per_client": 11})
        client = self.client_of(proxy)
        streams = self.connects(client, origin, 20)
        statuses = self.statuses(client, streams)
        self.assertEqual((statuses.count("200"), statuses.count("503")), (10, 10))  # the connection is one
        record = proxy.wait_record(lambda r: r["status"] == 503)
        self.assertEqual(record["cause"], "too_many_per_client")
        client.reset(streams[statuses.index("200")])
        harness.eventually(lambda: self.statuses(client, self.connects(client, origin, 1)) == ["200"], "a free place")

    def test_sessions_shows_each_of_them(self):
        origin = self.silent()
        proxy = self.proxy(origin)
        client = self.client_of(proxy)
        streams = self.connects(client, origin, 2)
        self.assertEqual(self.statuses(client, streams), ["200", "200"])

        def tunnels():
            rows = json.loads(proxy.admin_get("/sessions")[1])
            return [row for row in rows if row["state"] == "tunnel"]

        shown = harness.eventually(lambda: len(tunnels()) == 2 and tunnels(), "both streams among the sessions")
        self.assertEqual({(row["method"], row["target"]) for row in shown}, {("CONNECT", origin.authority)})
        self.assertEqual(len({row["id"] for row in shown}), 2)
        client.reset(streams[0])
        harness.eventually(lambda: len(tunnels()) == 1, "the stream gone from the sessions")

    def test_forwarded_requests_count(self):
        origin = self.silent()
        proxy = self.proxy(origin, limits={"sessions_per_client": 11})
        client = self.client_of(proxy)
        streams = []
        for n in range(20):
            streams.append(client.h2.get_next_available_stream_id())
            client.h2.send_headers(streams[-1], [(":method", "GET"), (":scheme", "http"), (":path", f"/{n}"),
                                                 (":authority", origin.authority)], end_stream=True)
        client.flush()
        for _ in range(10):
            client.wait_head_of(streams, "503")
        origin.wait_requests(10)
        self.assertEqual(origin.connections, 10)

    def test_requests_inside_an_inspected_tunnel_count(self):
        origin = self.silent(tls=self.context())
        proxy = self.inspecting(origin, limits={"sessions_per_client": 11})
        client = self.client(proxy, origin)
        streams = client.requests(self.authority(origin), 20)
        for _ in range(9):
            client.wait_head_of(streams, "503")
        # The tunnel's own connection is for one of them.
        origin.wait_requests(11)
        self.assertEqual(origin.connections, 11)

    def test_one_client_leaves_descriptors_for_another(self):
        origin = self.silent()
        answering = Origin()
        self.addCleanup(answering.close)
        proxy = self.proxy(origin, answering, descriptors=256, limits={"sessions_per_client": 10000})
        with self.assertRaises(ssl.SSLError):  # an alert: no more connections
            for _ in range(4):
                client = self.client_of(proxy)
                statuses = self.statuses(client, self.connects(client, origin, 90))
                self.assertLessEqual(set(statuses), {"200", "503"})
        self.assertIn("503", statuses)
        polite = self.client_of(proxy, "127.0.0.2")
        stream, = self.connects(polite, answering, 1)
        self.assertEqual(polite.head(stream).fields[":status"], "200")
        polite.send(stream, f"GET / HTTP/1.1\r\nHost: {answering.authority}\r\n\r\n".encode())
        self.assertIn(b"200 OK", polite.data(stream))


if __name__ == "__main__":
    unittest.main()
