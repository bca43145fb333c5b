"""h2load: a hundred streams at a time on one connection, inspected and on the TLS listener."""
import os
import re
import socket
import subprocess
import threading
import unittest

import harness
from http2 import Http2Case
from inspection import NAME
from origin import Origin, reply

STREAMS = 100  # as many as the proxy lets a client have
PROXY = "localhost"
# So that connections to an origin of HTTP/1.1 are kept for the next hundred.
POOL = {"pool_per_origin": STREAMS}
# AddressSanitizer keeps freed memory for a while, and its presets set ASAN_OPTIONS.
MEMORY = (1024 if "ASAN_OPTIONS" in os.environ else 100) * 1024 * 1024


def splice(source, sink):
    """Octets one way until the end, which is passed on."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()


class Load(Http2Case):
    def h2load(self, url, *options, requests=2000):
        """Runs h2load, which has to get all its responses in one connection."""
        done = subprocess.run(
            ["h2load", "-n", str(requests), "-c", "1", "-m", str(STREAMS), *map(str, options), url],
            capture_output=True, text=True, check=False, timeout=120)
        self.assertIn(f"{requests} total, {requests} started, {requests} done, {requests} succeeded, 0 failed, "
                      "0 errored, 0 timeout", done.stdout, done.stderr)
        self.assertIn("Application protocol: h2", done.stdout)
        return int(re.search(r"\((\d+)\) data$", done.stdout, re.MULTILINE).group(1))

    def through_tunnels(self, proxy, origin):
        """A local port whose connections go to the origin through tunnels, which h2load can't ask for."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            client, _ = listener.accept()
            with client, self.tunnel(proxy, self.authority(origin)).sock as tunnel:
                back = threading.Thread(target=splice, args=(tunnel, client))
                back.start()
                splice(client, tunnel)
                back.join()

        threading.Thread(target=serve, daemon=True).start()
        return "--connect-to=127.0.0.1:%d" % listener.getsockname()[1]

    def bounded(self, proxy):
        """What must not have grown by the number of requests."""
        self.assertLess(proxy.resident_bytes(), MEMORY)
        harness.eventually(lambda: proxy.metrics()["sluice_connections_open"] == 0, "the end of all sessions")

    def inspected(self, origin, *options, **more):
        proxy = self.inspecting(origin, limits=POOL)
        data = self.h2load(f"https://{self.authority(origin)}/", self.through_tunnels(proxy, origin), *options,
                           **more)
        self.bounded(proxy)
        return data

    def test_inspected_with_an_origin_of_http1(self):
        origin = self.http1(lambda request: reply(b"x" * 1000))
        self.assertEqual(self.inspected(origin), 2000 * 1000)
        self.assertEqual(len(origin.requests), 2000)
        self.assertLessEqual(origin.connections, STREAMS)

    def test_inspected_with_an_origin_of_http2(self):
        def handle(peer, request):
            peer.send_head(request.stream_id, [(":status", "200")])
            peer.send(request.stream_id, b"x" * 1000, end=True)

        origin = self.http2(handle)
        self.assertEqual(self.inspected(origin), 2000 * 1000)
        self.assertEqual(origin.connections, 1)

    def test_inspected_uploads(self):
        origin = self.http1(lambda request: reply(request.body))
        content = self.ca.directory / "content"
        content.write_bytes(b"x" * 200_000)
        self.assertEqual(self.inspected(origin, "-d", content, requests=200), 200 * 200_000)

    def test_forwarded_by_the_listener(self):
        origin = Origin(lambda request: reply(b"x" * 1000))
        self.addCleanup(origin.close)
        chain, key = self.origins.server_files(PROXY)
        proxy = self.sluice({
            "tls": {"http2": True, "listen": ["127.0.0.1:0"],
                    "certificates": [{"certificate": str(chain), "key": str(key)}]},
            "workers": 1, "limits": POOL, "policy": {"rules": [harness.allow([origin])]},
            "dns": {"hosts": [{"name": NAME, "addresses": [origin.address]}]}})
        data = self.h2load(f"https://{PROXY}:{proxy.secure_address[1]}/", "-H", ":scheme: http",
                           "-H", f":authority: {self.authority(origin)}")
        self.assertEqual((data, len(origin.requests)), (2000 * 1000, 2000))
        self.assertLessEqual(origin.connections, STREAMS)
        self.bounded(proxy)


if __name__ == "__main__":
    unittest.main()
