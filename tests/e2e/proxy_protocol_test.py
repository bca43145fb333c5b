"""Clients behind load balancers: the PROXY protocol, as HAProxy writes it and as nobody should."""
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import unittest

import harness
import pki
from wire import request

BALANCER = "127.0.0.2"
CLIENT, PORT = "192.0.2.7", 51234
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
TEXT = f"PROXY TCP4 {CLIENT} 127.0.0.1 {PORT} 3128\r\n".encode()
BINARY = SIGNATURE + bytes([0x21, 0x11, 0, 12]) + socket.inet_aton(CLIENT) + socket.inet_aton("127.0.0.1") + \
    struct.pack(">HH", PORT, 3128)
LOCAL = SIGNATURE + bytes([0x20, 0, 0, 0])


def next_record(proxy, seen):
    """The record of the request that succeeded after the first `seen` records."""
    return harness.eventually(
        lambda: next((record for record in proxy.records()[seen:] if record["status"] == 200), None), "its record")


class ProxyProtocol(harness.TestCase):
    def behind(self, **config):
        self.target = self.origin()
        policy = {"clients": ["127.0.0.0/8", f"{CLIENT}/32"], "rules": [harness.allow([self.target])]}
        return self.sluice({"proxy_protocol": {"from": [BALANCER]}, "policy": policy, **config})

    def client_of(self, proxy, header, deliver):
        """The client that the record of a request behind `header` names."""
        seen = len(proxy.records())
        with proxy.connect(source=(BALANCER, 0)) as client:
            deliver(client, header + request("GET", self.target.url()))
            self.assertEqual(200, client.read_response().status)
        return next_record(proxy, seen)["client"]

    def test_the_header_names_the_client(self):
        proxy = self.behind()

        def whole(client, octets):
            client.send(octets)

        def octet_by_octet(client, octets):
            for octet in octets:
                client.send(bytes([octet]))

        for name, header in {"text": TEXT, "binary": BINARY}.items():
            for deliver in (whole, octet_by_octet):
                with self.subTest(header=name, deliver=deliver.__name__):
                    self.assertEqual(f"{CLIENT}:{PORT}", self.client_of(proxy, header, deliver))
        for name, header in {"local": LOCAL, "unknown": b"PROXY UNKNOWN\r\n"}.items():
            with self.subTest(header=name):
                self.assertEqual(BALANCER, self.client_of(proxy, header, whole).split(":")[0])

    def test_policy_and_limits_are_about_the_client_it_names(self):
        proxy = self.behind(limits={"sessions_per_client": 1})
        with proxy.connect(source=(BALANCER, 0)) as denied:
            denied.send(TEXT.replace(CLIENT.encode(), b"192.0.2.66") + request("GET", self.target.url()))
            self.assertEqual(403, denied.read_response().status)
        with proxy.connect(source=(BALANCER, 0)) as first, proxy.connect(source=(BALANCER, 0)) as second, \
                proxy.connect(source=(BALANCER, 0)) as other:
            first.send(TEXT + request("GET", self.target.url()))
            self.assertEqual(200, first.read_response().status)
            second.send(TEXT + request("GET", self.target.url()))
            self.assertEqual(503, second.read_response().status)
            other.send(LOCAL + request("GET", self.target.url()))
            self.assertEqual(200, other.read_response().status)

    def test_others_cannot_name_a_client(self):
        proxy = self.behind()
        with proxy.connect() as client:
            client.send(TEXT + request("GET", self.target.url()))
            self.assertEqual(400, client.read_response().status)
        self.assertEqual([], self.target.requests)

    def test_a_balancer_that_writes_none_is_closed_and_told_of(self):
        proxy = self.behind(timeouts={"head": "200ms"})
        for begin in (request("GET", self.target.url()), b"PROXY TCP4 192.0.2.7", b""):
            with self.subTest(begin=begin), proxy.connect(source=(BALANCER, 0)) as client:
                client.send(begin)
                self.assertEqual(b"", client.read_to_end())
        proxy.wait_line(f"closed a connection from {BALANCER}, which proxy_protocol.from names as a load balancer: "
                        "its PROXY header is missing")
        self.assertEqual(3, proxy.metrics()["sluice_proxy_header_failures_total"])
        self.assertEqual([], self.target.requests)


@unittest.skipUnless(shutil.which("haproxy"), "haproxy is not installed")
class BehindHaproxy(harness.TestCase):
    """HAProxy as Debian has it, in TCP mode before both kinds of listeners."""

    def test_curl_reaches_an_origin_and_is_named(self):
        directory = pathlib.Path(tempfile.mkdtemp(prefix="sluice-haproxy-"))
        self.addCleanup(shutil.rmtree, directory)
        authority = pki.Authority(directory)
        chain, key = authority.server_files("proxy.test")
        origin = self.origin()
        proxy = self.sluice({
            "proxy_protocol": {"from": ["127.0.0.1"]},
            "tls": {"listen": ["127.0.0.1:0"], "certificates": [{"certificate": str(chain), "key": str(key)}]},
            "policy": {"rules": [harness.allow([origin])]}})
        for version in ("send-proxy", "send-proxy-v2"):
            for scheme, address in {"http": proxy.address, "https": proxy.secure_address}.items():
                with self.subTest(version=version, scheme=scheme):
                    seen = len(proxy.records())
                    port = self.balancer(directory, address, version)
                    done = subprocess.run(
                        ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--proxy-cacert",
                         str(authority.certificate), "--resolve", f"proxy.test:{port}:127.0.0.1", "--interface",
                         "127.0.0.9", "-x", f"{scheme}://proxy.test:{port}", origin.url()],
                        capture_output=True, text=True, timeout=20, check=False)
                    self.assertEqual(("200", ""), (done.stdout, done.stderr))
                    self.assertEqual("127.0.0.9", next_record(proxy, seen)["client"].split(":")[0])

    def balancer(self, directory, address, version):
        """A balancer of its own before `address`; its port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = directory / "haproxy.cfg"
        config.write_text(f"""
defaults
    mode tcp
    timeout connect 5s
    timeout client 20s
    timeout server 20s
listen front
    bind 127.0.0.1:{port}
    server proxy {address[0]}:{address[1]} {version}
""")
        process = subprocess.Popen(["haproxy", "-db", "-f", str(config)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)

        def answers():
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return None
            return True
        harness.eventually(answers, "HAProxy listens")
        return port


if __name__ == "__main__":
    unittest.main()
