"""Hostile neighbours: whatever one client takes, a polite one beside it is served as if it were alone.

Each test measures a polite client alone, then beside a hostile one, and compares. NEIGHBOURS_SECONDS
(or the first argument, a number) makes the second measurement as long as that, with the factor that
holds on a quiet machine.
"""
import itertools
import os
import socket
import statistics
import sys
import threading
import time
import unittest

from h2.settings import SettingCodes

import harness
from dns_stub import Answer, DnsStub
from http2 import Http2Case, Http2Peer, client_tls
from origin import ADDRESS, Origin, SilentListener, reply
from pki import Authority
from wire import request

SECONDS = float(os.environ.get("NEIGHBOURS_SECONDS", 0))
# What a busy machine with sanitizers needs, and the least time that a comparison can tell from noise.
FACTOR, FLOOR = (2, 0.02) if SECONDS else (8, 2)
POLITE, HOSTILE = "127.88.0.1", "127.99.0."


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Polite:
    """Does one thing over and over, and notes how long each took."""

    def __init__(self, act):
        self.act = act

    def measure(self, count, seconds=0.0):
        times, until = [], time.monotonic() + seconds
        while len(times) < count or time.monotonic() < until:
            began = time.monotonic()
            self.act()
            times.append(time.monotonic() - began)
        return times


class Neighbours(Http2Case):
    """`beside` is the whole of a test: alone, beside, compared."""

    ROUNDS = 40

    def beside(self, proxy, act, hostile, rounds=None):
        """`hostile()` begins what a neighbour does; it goes on until the test ends. Returns what the polite
        client saw alone and beside it, with the proxy's memory and descriptors at the end."""
        polite = Polite(act)
        polite.measure(3)  # connections, caches
        alone = polite.measure(rounds or self.ROUNDS)
        hostile()
        crowded = polite.measure(rounds or self.ROUNDS, SECONDS)
        line = (f"{self.id().rpartition('.')[2]}: p50 {1000 * statistics.median(alone):.1f} -> "
                f"{1000 * statistics.median(crowded):.1f} ms, p99 {1000 * percentile(alone, .99):.1f} -> "
                f"{1000 * percentile(crowded, .99):.1f} ms, {proxy.resident_bytes() >> 20} MiB, "
                f"{proxy.descriptors()} descriptors")
        if SECONDS:
            print(line, file=sys.stderr, flush=True)
        self.assertLess(percentile(crowded, .99), max(FLOOR, FACTOR * percentile(alone, .99)), line)
        return alone, crowded

    def plain(self, respond=None, **options):
        origin = Origin(respond, **options)
        self.addCleanup(origin.close)
        return origin

    def polite_get(self, proxy, url, source=POLITE):
        def act():
            with proxy.connect(source=(source, 0)) as client:
                client.send(request("GET", url, "Connection: close"))
                answer = client.read_response()
                self.assertEqual(200, answer.status, answer.text)
        return act

    def polite_tunnel(self, proxy, authority, source=POLITE):
        """A tunnel through which an echo goes back and forth."""
        def act():
            with self.tunnel(proxy, authority, source=(source, 0)) as client:
                client.send(b"ping")
                self.assertEqual(b"ping", client.read_exactly(4))
        return act


def echo(_origin, peer):
    while data := peer.sock.recv(4096):
        peer.sock.sendall(data)


class Drips:
    """An origin that sends `octets` on each connection and nothing else, with one thread for all."""

    def __init__(self, octets):
        self.socket = socket.create_server((ADDRESS, 0), backlog=4096)
        self.port, self.authority = self.socket.getsockname()[1], "%s:%d" % self.socket.getsockname()
        self.connections, self.octets = [], octets
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            connection.send(b"x" * self.octets)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for connection in self.connections:
            connection.close()


class Secure(Neighbours):
    """With a TLS listener that offers HTTP/2, beside the plain one."""

    PROXY = "proxy.test"

    def secure(self, *origins, config=None, **options):
        (self.path / "listener").mkdir(exist_ok=True)
        certificate, key = Authority.of(self.path / "listener", self.origins.certificate,
                                        self.origins.key).server_files(self.PROXY)
        base = {"workers": 1, "policy": {"rules": [harness.allow(origins)]},
                "limits": {"sessions": 6000, "sessions_per_client": 5000},
                "tls": {"listen": ["127.0.0.1:0"], "http2": True,
                        "certificates": [{"certificate": str(certificate), "key": str(key)}]}}
        return self.sluice(harness.merge(base, config or {}), **options)

    def multiplexed(self, proxy, source, window=65535):
        """A client of HTTP/2 on the TLS listener."""
        sock = socket.create_connection(proxy.secure_address, 10, (source, 0))
        peer = Http2Peer(client_tls(sock, self.origins, self.PROXY), client_side=True)
        self.addCleanup(peer.close)
        peer.h2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: window})
        peer.flush()
        return peer

    @staticmethod
    def connects(peer, authorities):
        """Opens a tunnel to each and reads nothing."""
        streams = []
        for authority in authorities:
            streams.append(peer.h2.get_next_available_stream_id())
            peer.h2.send_headers(streams[-1], [(":method", "CONNECT"), (":authority", authority)])
        peer.flush()
        return streams


class Chunks(Secure):
    """Relay buffers: 4 096 of 16 KiB in a worker."""

    CONNECTIONS, STREAMS = 43, 100

    def test_streams_that_nobody_reads(self):
        polite, greedy = self.plain(serve=echo), Drips(65536)
        self.addCleanup(greedy.close)
        proxy = self.secure(polite, greedy, descriptors=16384)

        def hostile():
            for n in range(self.CONNECTIONS):
                peer = self.multiplexed(proxy, HOSTILE + str(1 + n % 9), window=0)
                self.connects(peer, [greedy.authority] * self.STREAMS)
            everything = self.CONNECTIONS * self.STREAMS
            harness.eventually(lambda: len(greedy.connections) == everything, "all tunnels", 60)
            harness.eventually(lambda: proxy.metrics()["sluice_tunnels_open"] >= everything, "all relays", 60)

        self.beside(proxy, self.polite_tunnel(proxy, polite.authority), hostile)


class LookUps(Secure):
    """Names that are looked up: dns.max_queries of them in a worker."""

    LOOKUPS = 64  # few enough that their questions fit into the stub's socket

    def proxy(self, *origins):
        def answer(name, _type):
            return Answer(silent=True) if name.endswith("silent.test") else Answer((ADDRESS,), ttl=0)

        self.names = DnsStub(answer)
        self.addCleanup(self.names.close)
        return self.secure(*origins, descriptors=8192, config={
            "dns": {"servers": [self.names.endpoint], "query_timeout": "20s", "min_ttl": "10ms",
                    "max_ttl": "10ms", "max_queries": self.LOOKUPS}})

    def polite(self, proxy, origin):
        """Each request is for a name that was not asked for before."""
        names = (f"n{n}.polite.test" for n in itertools.count())
        return lambda: self.polite_get(proxy, f"http://{next(names)}:{origin.port}/")()

    def test_names_that_are_never_answered(self):
        origin = self.plain()
        proxy = self.proxy(origin)

        def hostile():
            for n in range(12):
                peer = self.multiplexed(proxy, HOSTILE + "1")
                self.connects(peer, [f"n{n}-{m}.silent.test:443" for m in range(100)])
            self.names.wait_queries(2 * self.LOOKUPS)

        self.beside(proxy, self.polite(proxy, origin), hostile)

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
        proxy = self.secure(origin, first, descriptors=1024, config={
            "limits": {"sessions": "auto"}, "timeouts": {"attempt_delay": "20ms"},
            "dns": {"hosts": [{"name": "many.test", "addresses": addresses},
                              {"name": "polite.test", "addresses": ["127.77.11.1", ADDRESS]}]}})

        def hostile():
            for _ in range(self.CLIENTS):
                client = proxy.connect(source=(HOSTILE + "1", 0))
                self.addCleanup(client.close)
                client.send(request("CONNECT", f"many.test:{first.port}"))
            harness.eventually(lambda: proxy.descriptors() > 2 * self.CLIENTS + 30, "attempts", 10)

        # It needs a second attempt each time.
        self.beside(proxy, self.polite_get(proxy, f"http://polite.test:{origin.port}/"), hostile)
        # Two a session, the spare attempts, and the proxy's own.
        self.assertLess(proxy.descriptors(), 2 * self.CLIENTS + 32 + 50)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1].replace(".", "").isdigit():
        os.environ["NEIGHBOURS_SECONDS"] = sys.argv.pop(1)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    unittest.main()
