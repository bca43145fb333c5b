"""What tests of hostile neighbours share: a polite client that is measured alone and beside a hostile one.

SLUICE_NEIGHBOURS_SECONDS makes the measurement as long as that, with a factor of two; a run prints what it saw.
"""
import os
import socket
import statistics
import sys
import threading
import time

from h2.settings import SettingCodes

import harness
from http2 import Http2Case, Http2Peer, client_tls
from origin import ADDRESS, Origin
from pki import Authority
from wire import request

SECONDS = float(os.environ.get("SLUICE_NEIGHBOURS_SECONDS", 0))
# What a busy machine with sanitizers needs, and the least time that a comparison can tell from noise.
FACTOR, FLOOR = (2, 0.02) if SECONDS else (8, 2)
# For how long hostile clients are let be, so that they are there to the end.
LONG = f"{int(2 * SECONDS) + 60}s"
POLITE, HOSTILE = "127.88.0.1", "127.99.0."


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def timed(act, times):
    began = time.monotonic()
    act()
    times.append(time.monotonic() - began)


class Measured:
    """`beside` is the whole of a test. Of a unittest.TestCase."""

    ROUNDS = 40

    def beside(self, make, hostile):
        """`make()` starts a server and returns it with what a polite client does there. `hostile(server)` begins what
        a neighbour does, at the first of two, and goes on until the test ends; at the second the polite client is
        alone, at the same time and on the same machine, so that what else the machine does is in both figures."""
        (server, act), (_, control) = make(), make()
        for _ in range(3):  # connections, caches
            act()
            control()
        hostile(server)
        alone, crowded = [], []
        until = time.monotonic() + SECONDS
        while len(alone) < self.ROUNDS or time.monotonic() < until:
            timed(control, alone)
            timed(act, crowded)
        line = (f"{self.id().partition('.')[2]}: p50 {1000 * statistics.median(alone):.1f} -> "
                f"{1000 * statistics.median(crowded):.1f} ms, p99 {1000 * percentile(alone, .99):.1f} -> "
                f"{1000 * percentile(crowded, .99):.1f} ms, {server.resident_bytes() >> 20} MiB, "
                f"{server.descriptors()} descriptors")
        if SECONDS:
            print(line, file=sys.stderr, flush=True)
        self.assertLess(percentile(crowded, .99), max(FLOOR, FACTOR * percentile(alone, .99)), line)

    def throughout(self, act, pause):
        """Has a thread do that until the test ends, `pause` seconds after it was done."""
        over = threading.Event()

        def run():
            while not over.wait(pause):
                try:
                    act()
                except (OSError, AssertionError):
                    pass  # the proxy has had enough of it
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)


class Neighbours(Measured, Http2Case):
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
