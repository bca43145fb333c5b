"""HTTP/2 with Go's own implementation, which acknowledges what it reads in small pieces."""
import os
import pathlib
import subprocess
import unittest

import clients_test
import harness
from inspection import NAME, InspectionCase

GO = "/usr/bin/go"  # Debian's; another may stand first in PATH
PROXY = "localhost"
MIB = 1024 * 1024
# AddressSanitizer makes octets dear.
TOTAL = (64 if "ASAN_OPTIONS" in os.environ else 256) * MIB
READ = 4096


def build(into, *sources):
    """Compiles a program of clients/ with the libraries that Debian has."""
    own = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "CGO_ENABLED": "0",
           "GOCACHE": os.environ.get("GOCACHE", str(pathlib.Path.home() / ".cache/go-build"))}
    environment = {name: value for name, value in os.environ.items() if name != "GOROOT"}
    subprocess.run([GO, "build", "-o", into, *sources], check=True, env={**environment, **own})


class Go(InspectionCase):
    names = (NAME,)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.path / "streams"
        build(cls.program, clients_test.HERE / "clients/streams.go")
        cls.chain, cls.key = cls.origins.server_files(NAME)

    def go_origin(self):
        """An origin of HTTP/2 that reads uploads in small pieces."""
        serving = subprocess.Popen([self.program, "serve", self.chain, self.key, str(READ)], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def end():
            serving.stdin.close()
            serving.wait(10)
            serving.stdout.close()
        self.addCleanup(end)
        self.port = int(serving.stdout.readline())

    def inspected(self):
        self.go_origin()
        return self.inspecting(policy={"rules": [harness.allow(ports=[self.port])]})

    def run_go(self, *arguments, trust=None, **environment):
        own = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                              env={**own, "SSL_CERT_FILE": str(trust or self.ca.certificate), **environment},
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return int(done.stdout)

    def test_downloads_in_thirty_streams_read_in_small_pieces(self):
        proxy, streams = self.inspected(), 30
        url = f"https://{NAME}:{self.port}/{TOTAL // streams}"
        self.assertEqual(self.run_go("down", url, streams, READ, HTTPS_PROXY=proxy.url), TOTAL // streams * streams)
        self.assertEqual({r["cause"] for r in proxy.records() if r["method"] == "GET"}, {None})

    def test_uploads_to_an_origin_that_reads_in_small_pieces(self):
        proxy, streams = self.inspected(), 8
        url = f"https://{NAME}:{self.port}/"
        self.assertEqual(self.run_go("up", url, streams, TOTAL // streams, HTTPS_PROXY=proxy.url), TOTAL)

    def test_downloads_in_eight_tunnels_of_one_connection(self):
        chain, key = self.origins.server_files(PROXY)
        origin = self.origin_of_octets()
        proxy = self.sluice({
            "tls": {"http2": True, "listen": ["127.0.0.1:0"],
                    "certificates": [{"certificate": str(chain), "key": str(key)}]},
            "workers": 1, "policy": {"rules": [harness.allow([origin])]}})
        got = self.run_go("tunnels", f"{PROXY}:{proxy.secure_address[1]}", origin.authority, 8, TOTAL // 8, READ,
                          trust=self.origins.certificate)
        self.assertEqual(got, TOTAL)

    def origin_of_octets(self):
        """A plain origin: GET /N is answered with N octets."""
        def serve(_origin, peer):
            left = int(peer.read_request().target[1:])
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % left)
            piece = bytes(MIB)
            while left:
                peer.send(piece[:left])
                left -= min(left, len(piece))

        origin = harness.Origin(serve=serve)
        self.addCleanup(origin.close)
        return origin


if __name__ == "__main__":
    unittest.main()
