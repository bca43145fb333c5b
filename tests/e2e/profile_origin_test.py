"""A profile and report-only policy with a real origin behind them.

The address guard keeps policy by name away from loopback, so the origin needs a public address: the test
runs itself in a network namespace of its own, where lo has one. Nothing leaves the namespace.
"""
import os
import shutil
import subprocess
import sys
import unittest

import harness
from wire import request

ADDRESS = "20.1.2.3"
INSIDE = "SLUICE_TEST_NAMESPACE"


class RealOrigin(harness.TestCase):
    def governed(self, origin, **policy):
        names = ("security.ubuntu.com", "other.test")
        hosts = [{"name": name, "addresses": [ADDRESS]} for name in names]
        return self.sluice({"policy": {"profile": "aks:westeurope", **policy}, "dns": {"hosts": hosts}})

    def get(self, proxy, url):
        with proxy.connect() as client:
            client.send(request("GET", url))
            return client.read_response()

    def test_a_profile_lets_its_endpoints_through_and_nothing_else(self):
        origin = self.origin(address=ADDRESS, port=80)
        proxy = self.governed(origin)
        answer = self.get(proxy, "http://security.ubuntu.com/")
        self.assertEqual((200, b"hello"), (answer.status, answer.body))
        self.assertEqual(403, self.get(proxy, "http://other.test/").status)
        self.assertEqual(403, self.get(proxy, f"http://{ADDRESS}/").status)
        self.assertEqual(1, len(origin.requests))

    def test_report_only_lets_the_rest_through_on_pooled_connections_too(self):
        origin = self.origin(address=ADDRESS, port=80)
        proxy = self.governed(origin, enforce="report")
        with proxy.connect() as client:
            for _ in range(2):
                client.send(request("GET", "http://other.test/"))
                self.assertEqual(200, client.read_response().status)
        harness.eventually(lambda: len(proxy.records()) == 2, "two records")
        self.assertEqual({("would-deny", "default", f"{ADDRESS}:80")},
                         {(r["verdict"], r["rule"], r["origin"]) for r in proxy.records()})
        self.assertEqual(1, origin.connections)
        self.assertEqual(2, proxy.metrics()["sluice_would_deny_total"])


def main():
    if INSIDE not in os.environ:
        unshare = shutil.which("unshare") or "unshare"
        os.execv(unshare, [unshare, "--map-root-user", "--net", "env", f"{INSIDE}=1", sys.executable, "-B",
                           *sys.argv])
    for command in (["link", "set", "lo", "up"], ["addr", "add", f"{ADDRESS}/32", "dev", "lo"]):
        subprocess.run(["ip", *command], check=True)
    unittest.main()


if __name__ == "__main__":
    main()
