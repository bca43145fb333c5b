"""Hostile neighbours: whatever one client takes, a polite one beside it is served as if it were alone.

Each test is about one thing that clients share. With a number of seconds as first argument it measures for as long as
that, and holds the polite client's p99 to twice what it is alone.
"""
import itertools
import os
import socket
import ssl
import sys
import unittest

import harness
import webhook
from dns_stub import Answer, DnsStub
from http2 import frames, integer, literal
from neighbours import HOSTILE, LONG, Drips, Measured, Neighbours, Secure, echo
from origin import ADDRESS, SilentListener, reply
from wire import request


class Chunks(Secure):
    """Relay buffers: 4 096 of 16 KiB in a worker."""

    CONNECTIONS, STREAMS = 43, 100

    def test_streams_that_nobody_reads(self):
        polite, greedy = self.plain(serve=echo), Drips(65536)
        self.addCleanup(greedy.close)

        def make():
            proxy = self.secure(polite, greedy, descriptors=16384)
            return proxy, self.polite_tunnel(proxy, polite.authority)

        def hostile(proxy):
            for n in range(self.CONNECTIONS):
                peer = self.multiplexed(proxy, HOSTILE + str(1 + n % 9), window=0)
                self.connects(peer, [greedy.authority] * self.STREAMS)
            everything = self.CONNECTIONS * self.STREAMS
            harness.eventually(lambda: len(greedy.connections) == everything, "all tunnels", 60)
            harness.eventually(lambda: proxy.metrics()["sluice_tunnels_open"] >= everything, "all relays", 60)

        self.beside(make, hostile)


class LookUps(Secure):
    """Names that are looked up: dns.max_queries of them in a worker."""

    LOOKUPS = 64  # few enough that their questions fit into the stub's socket

    def setUp(self):
        def answer(name, _type):
            return Answer(silent=True) if name.endswith("silent.test") else Answer((ADDRESS,), ttl=0)

        super().setUp()
        self.names = DnsStub(answer)
        self.addCleanup(self.names.close)

    def proxy(self, *origins):
        return self.secure(*origins, descriptors=8192, config={
            "dns": {"servers": [self.names.endpoint], "query_timeout": "1m", "min_ttl": "10ms",
                    "max_ttl": "10ms", "max_queries": self.LOOKUPS}})

    def polite(self, proxy, origin):
        """Each request is for a name that was not asked for before."""
        names = (f"n{n}.polite.test" for n in itertools.count())
        return lambda: self.polite_get(proxy, f"http://{next(names)}:{origin.port}/")()

    def test_names_that_are_never_answered(self):
        origin = self.plain()

        def make():
            proxy = self.proxy(origin)
            return proxy, self.polite(proxy, origin)

        def hostile(proxy):
            for n in range(12):
                peer = self.multiplexed(proxy, HOSTILE + "1")
                self.connects(peer, [f"n{n}-{m}.silent.test:443" for m in range(100)])
            self.names.wait_queries(2 * self.LOOKUPS)

        self.beside(make, hostile)

    def test_lookups_end_with_those_who_asked(self):
        origin = self.plain()
        proxy = self.proxy(origin)
        peer = self.multiplexed(proxy, HOSTILE + "1")
        streams = self.connects(peer, [f"m{m}.silent.test:443" for m in range(self.LOOKUPS)])
        self.names.wait_queries(2 * self.LOOKUPS)
        for stream in streams:
            peer.h2.reset_stream(stream)
        peer.flush()
        records = harness.eventually(lambda: [r for r in proxy.records() if r["cause"] == "client_closed"][self.LOOKUPS - 1:],
                                     "an end of each", 5)
        self.assertTrue(records)


class Dials(Secure):
    """Attempts to connect: descriptors beside those of sessions."""

    SILENT, CLIENTS = 8, 60

    def silent(self, address, port=0):
        listener = SilentListener(address, port)
        self.addCleanup(listener.close)
        return listener

    def test_a_name_with_many_addresses_that_never_answer(self):
        origin = self.plain(lambda _: reply(b"hello", "200 OK", "Connection: close"))
        self.silent("127.77.11.1", origin.port)
        first = self.silent("127.77.10.1")
        addresses = ["127.77.10.1", *(f"127.77.10.{n}" for n in range(2, self.SILENT + 1))]
        for address in addresses[1:]:
            self.silent(address, first.port)
        config = {
            "limits": {"sessions": "auto"}, "timeouts": {"attempt_delay": "20ms", "connect": LONG},
            "dns": {"hosts": [{"name": "many.test", "addresses": addresses},
                              {"name": "polite.test", "addresses": ["127.77.11.1", ADDRESS]}]}}
        proxies = []

        def make():
            proxies.append(self.secure(origin, first, descriptors=1024, config=config))
            # It needs a second attempt each time.
            return proxies[-1], self.polite_get(proxies[-1], f"http://polite.test:{origin.port}/")

        def hostile(proxy):
            for _ in range(self.CLIENTS):
                client = proxy.connect(source=(HOSTILE + "1", 0))
                self.addCleanup(client.close)
                client.send(request("CONNECT", f"many.test:{first.port}"))
            harness.eventually(lambda: proxy.descriptors() > 2 * self.CLIENTS + 30, "attempts", 10)

        self.beside(make, hostile)
        # Two a session, the spare attempts, and the proxy's own.
        self.assertLess(proxies[0].descriptors(), 2 * self.CLIENTS + 32 + 50)


class Streams(Secure):
    """Streams of HTTP/2 that take a connection of their own: places of limits.sessions."""

    def test_streams_that_dial(self):
        polite, silent = self.plain(serve=echo), Drips(0)
        self.addCleanup(silent.close)

        def make():
            proxy = self.secure(polite, silent, descriptors=2048,
                                config={"limits": {"sessions": 600, "sessions_per_client": "auto"}})
            return proxy, self.polite_tunnel(proxy, polite.authority)

        def hostile(proxy):
            try:
                for _ in range(10):
                    self.connects(self.multiplexed(proxy, HOSTILE + "1"), [silent.authority] * 100)
            except ssl.SSLError:
                pass  # it has its share
            harness.eventually(lambda: len(silent.connections) > 500, "as many as it gets", 30)

        self.beside(make, hostile)


class Descriptors(Neighbours):
    """Connections: as many as there are descriptors for."""

    def test_as_many_connections_as_it_can_get(self):
        origin = self.plain(serve=echo)
        config = {"workers": 1, "limits": {"sessions": "auto"}, "timeouts": {"head": LONG},
                  "policy": {"rules": [harness.allow([origin])]}}
        proxies = []

        def make():
            proxies.append(self.sluice(config, descriptors=640))
            return proxies[-1], self.polite_tunnel(proxies[-1], origin.authority)

        def hostile(proxy):
            for _ in range(200):  # of 208 places it gets 195
                client = proxy.connect(source=(HOSTILE + "1", 0))
                self.addCleanup(client.close)
                client.send(b"GET ")
            proxy.wait_line(r"client 127\.99\.0\.1 has 156 sessions of the 195 ")

        self.beside(make, hostile)
        with proxies[0].connect(source=(HOSTILE + "1", 0)) as client:
            answer = client.read_response()
        self.assertEqual(503, answer.status)
        self.assertRegex(answer.text, r"this client has 19\d connections open, most of the 208 ")


class Heads(Secure):
    """What HTTP/2 holds of heads, and the work of unfolding them."""

    @staticmethod
    def block(authority, *fields):
        """The field block of a GET of an http URL."""
        return b"\x82\x86\x84\x01" + integer(len(authority), 7) + authority + b"".join(literal(*f) for f in fields)

    def test_heads_that_are_kept_and_heads_that_unfold(self):
        origin, silent = self.plain(), Drips(0)
        self.addCleanup(silent.close)

        def make():
            proxy = self.secure(origin, silent, descriptors=4096, config={
                "timeouts": {"response_head": LONG}, "limits": {"stream_bytes_per_client": "16MiB"}})
            return proxy, self.polite_get(proxy, origin.url())

        large = self.block(silent.authority.encode(), (b"x-one", b"y" * 30_000), (b"x-two", b"z" * 30_000))
        # One entry of the table, which an octet names: 3.9 kB each time.
        bomb = self.block(silent.authority.encode()) + b"\x40" + literal(b"x", b"y" * 3900)[1:] + b"\xbe" * 100_000

        def explode(proxy):
            peer = self.multiplexed(proxy, HOSTILE + "2")
            try:
                peer.sock.sendall(frames(1, bomb))
                while peer.sock.recv(65536):
                    pass
            finally:
                peer.close()

        def hostile(proxy):
            for _ in range(10):
                peer = self.multiplexed(proxy, HOSTILE + "1")
                for n in range(20):
                    peer.sock.sendall(frames(2 * n + 1, large))
            self.throughout(lambda: explode(proxy), 0.1)

        self.beside(make, hostile)


class Admin(Neighbours):
    """Connections of the admin side."""

    def test_silent_clients(self):
        def make():
            proxy = self.sluice({"workers": 1})
            return proxy, lambda: self.assertEqual(200, proxy.admin_get("/healthz")[0])

        def silent(proxy):
            for _ in range(40):
                peer = socket.create_connection(proxy.admin, 10, (HOSTILE + "1", 0))
                self.addCleanup(peer.close)

        def hostile(proxy):
            silent(proxy)
            self.throughout(lambda: silent(proxy), 2)  # those from before are closed in the end

        self.beside(make, hostile)


class Reviews(Measured, webhook.TestCase):
    """Connections of the webhook."""

    def test_silent_clients(self):
        def make():
            server = self.webhook()
            return server, lambda: self.names(server)

        def silent(server):
            for _ in range(130):
                peer = socket.create_connection(server.address, 10, (HOSTILE + "1", 0))
                self.addCleanup(peer.close)

        def hostile(server):
            silent(server)
            self.throughout(lambda: silent(server), 4)

        self.beside(make, hostile)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].replace(".", "").isdigit():
        os.environ["SLUICE_NEIGHBOURS_SECONDS"] = sys.argv.pop(1)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    unittest.main()
