"""The proxy's own listeners stay closed to its clients, by every address that this machine has or gets, also
where the process may not ask the kernel for a list (RestrictAddressFamilies= without AF_NETLINK).

Runs in a network namespace of its own, which needs root or unprivileged user namespaces."""
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import unittest

import harness
import seccomp
from wire import request

INSIDE = "SLUICE_TEST_INSIDE"
TOKEN = "0123456789abcdef0123456789abcdef"
FIRST, LATER, ROUTED, SIXTH = "198.51.100.7", "198.51.100.8", "198.51.100.129", "2001:db8::7"


def ip(*words):
    subprocess.run([shutil.which("ip") or "/usr/sbin/ip", *words], check=True)


def enter_namespace():
    """Runs this file again in a namespace that has a loopback interface alone."""
    flags = ["--net"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--net"]
    if subprocess.run(["unshare", *flags, "true"], check=False, capture_output=True).returncode != 0:
        print("skipped: neither root nor unprivileged user namespaces")
        return 0
    return subprocess.run(["unshare", *flags, sys.executable, "-B", *sys.argv], check=False,
                          env={**os.environ, INSIDE: "1"}).returncode


class Restricted(harness.Sluice):
    def before_exec(self):
        seccomp.without_family(socket.AF_NETLINK)


class OwnListeners(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        ip("link", "set", "lo", "up")
        ip("addr", "add", FIRST + "/32", "dev", "lo")
        ip("addr", "add", SIXTH + "/128", "dev", "lo", "nodad")
        ip("route", "add", "local", "198.51.100.128/25", "dev", "lo")

    def start(self, kind, wildcard):
        rule = {"name": "all", "action": "allow", "addresses": ["198.51.100.0/24", "2001:db8::/32"]}
        proxy = kind({"listen": [wildcard + ":0"], "admin": {"listen": wildcard + ":0", "token": TOKEN},
                      "policy": {"clients": ["0.0.0.0/0", "::/0"], "rules": [rule]}})
        self.addCleanup(self._stop, proxy)
        return proxy

    def ask(self, proxy, host, port):
        with proxy.connect() as client:
            client.send(request("GET", f"http://{host}:{port}/healthz"))
            return client.read_response()

    def closed(self, proxy, hosts):
        for host in hosts:
            for port in (proxy.admin[1], proxy.address[1]):
                answer = self.ask(proxy, host, port)
                self.assertEqual(403, answer.status, (host, port, answer.text))
                self.assertIn("own-listener", answer.text)

    def test_they_are_closed_by_every_address_that_is_local(self):
        for kind in (harness.Sluice, Restricted):
            with self.subTest(kind=kind.__name__):
                proxy = self.start(kind, "0.0.0.0")
                self.closed(proxy, [FIRST, ROUTED, "127.0.0.1"])
                ip("addr", "add", LATER + "/32", "dev", "lo")
                self.addCleanup(subprocess.run, ["ip", "addr", "del", LATER + "/32", "dev", "lo"], check=False)
                self.closed(proxy, [LATER])
                ip("addr", "del", LATER + "/32", "dev", "lo")

    def test_so_are_those_of_ipv6(self):
        proxy = self.start(Restricted, "[::]")
        self.closed(proxy, [f"[{SIXTH}]", FIRST])

    def test_other_ports_of_the_machine_are_not(self):
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass
        server = http.server.HTTPServer((FIRST, 0), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        proxy = self.start(Restricted, "0.0.0.0")
        self.assertEqual(204, self.ask(proxy, FIRST, server.server_port).status)

    def test_a_name_of_nobody_is_dialled_on_their_ports(self):
        # Not local, so that only the network says no.
        proxy = self.start(Restricted, "0.0.0.0")
        self.assertEqual(502, self.ask(proxy, "198.51.100.99", proxy.admin[1]).status)


if __name__ == "__main__":
    if INSIDE not in os.environ:
        sys.exit(enter_namespace())
    unittest.main()
