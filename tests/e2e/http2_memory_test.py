"""What streams of HTTP/2 hold in the proxy's memory while nobody takes it, and how soon it is given back."""
import os
import unittest

import harness
from http2 import Http2Case, frames, head
from origin import Origin

MIB = 1024 * 1024
BOUND = 16 * MIB  # of one client, so that the test need not fill 64
# Beside what is counted: TLS and buffers of connections, coroutines of streams, what the allocator rounds up to.
BESIDE = 24 * MIB
ADDRESS_SANITIZER = "ASAN_OPTIONS" in os.environ  # keeps what is freed for a while


def stall(_origin, peer):
    """An origin of HTTP/2 that takes everything and says nothing."""
    peer.sock.sendall(b"\0\0\0\4\0\0\0\0\0")  # SETTINGS
    peer.sock.settimeout(60)
    try:
        while peer.sock.recv(65536):
            pass
    except OSError:
        pass


class Memory(Http2Case):
    def stalling(self, **config):
        context = self.context()
        context.set_alpn_protocols(["h2"])
        origin = Origin(serve=stall, tls=context)
        self.addCleanup(origin.close)
        proxy = self.inspecting(origin, **config)
        return origin, proxy

    def fill(self, proxy, origin, connections, streams):
        """That many clients with so many requests of 60 KiB of head each."""
        block = head(self.authority(origin).encode(), (b"x-one", b"y" * 30_000), (b"x-two", b"z" * 30_000))
        clients = [self.client(proxy, origin) for _ in range(connections)]
        for client in clients:
            for n in range(streams):
                client.sock.sendall(frames(2 * n + 1, block))
            # It has all been looked at once this is answered.
            client.sock.sendall(b"\0\0\x08\x06\0\0\0\0\0" + b"12345678")
            seen = b""
            while b"\0\0\x08\x06\x01" not in seen:
                seen += client.sock.recv(65536)
        return clients

    def test_heads_are_bounded_and_given_back(self):
        for connections, streams in ((1, 100), (10, 20), (100, 4)):
            with self.subTest(connections=connections):
                origin, proxy = self.stalling(limits={"stream_bytes_per_client": f"{BOUND // MIB}MiB"})
                for client in self.fill(proxy, origin, 1, 1):
                    client.close()
                before = proxy.resident_bytes()
                clients = self.fill(proxy, origin, connections, streams)
                grown = proxy.resident_bytes() - before
                for client in clients:
                    client.close()
                if ADDRESS_SANITIZER:
                    continue
                self.assertLess(grown, BOUND + BESIDE)
                harness.eventually(lambda: proxy.resident_bytes() < before + BESIDE / 3, "memory given back", timeout=5)


if __name__ == "__main__":
    unittest.main()
