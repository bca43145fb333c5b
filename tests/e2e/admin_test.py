"""The admin side: health, readiness, metrics, sessions, and who may ask."""
import hashlib
import json
import re
import time
import unittest
from pathlib import Path

import harness
from wire import Peer, request


class Admin(harness.TestCase):
    def test_health_and_readiness(self):
        proxy = self.sluice()
        self.assertEqual(200, proxy.admin_get("/healthz")[0])
        self.assertEqual(200, proxy.admin_get("/readyz")[0])
        self.assertEqual(404, proxy.admin_get("/nothing")[0])

    def test_metrics_are_prometheus_text_with_help_type_and_closed_labels(self):
        origin, proxy = self.pair()
        text = proxy.admin_get("/metrics")[1]
        for line in text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+=\"[^\"]*\"\})? [0-9.e+-]+)$")
        families = re.findall(r"^# TYPE (\S+)", text, re.M)
        self.assertEqual(len(families), len(set(families)))
        before = set(proxy.metrics())
        for number in range(20):
            with proxy.connect() as client:
                client.send(request("GET", f"http://host{number}.localhost/path{number}"))
                client.read_response()
        self.assertEqual(before, set(proxy.metrics()))  # no series per host

    def test_counters_count(self):
        origin, proxy = self.pair(config={"workers": 1})
        for _ in range(3):
            with proxy.connect() as client:
                client.send(request("GET", origin.url()))
                client.read_response()
        with proxy.connect() as client:
            client.send(request("GET", "http://10.0.0.1/"))
            client.read_response()
        tunnel = self.tunnel(proxy, origin.authority)
        harness.eventually(lambda: proxy.metrics()["sluice_tunnels_open"] == 1, "the tunnel counted")
        metrics = proxy.metrics()
        expected = {"sluice_connections_accepted_total": 5, "sluice_denied_total": 1,
                    'sluice_responses_total{class="4xx"}': 1, 'sluice_requests_total{kind="forward"}': 4,
                    "sluice_origin_reuses_total": 2, "sluice_origin_connects_total": 2,
                    'sluice_errors_total{cause="address_denied"}': 1, "sluice_draining": 0}
        self.assertEqual(expected, {key: metrics.get(key) for key in expected})
        self.assertGreater(metrics["sluice_client_sent_bytes_total"], 0)
        tunnel.close()
        harness.eventually(lambda: proxy.metrics()["sluice_tunnels_open"] == 0, "the tunnel's end")
        self.assertEqual(1, proxy.metrics()['sluice_requests_total{kind="tunnel"}'])

    def test_sessions_shows_what_is_going_on(self):
        origin, proxy = self.pair()
        self.tunnel(proxy, origin.authority)

        def tunnels():
            found = [s for s in json.loads(proxy.admin_get("/sessions")[1]) if s["state"] == "tunnel"]
            return found and found[0]
        session = harness.eventually(tunnels, "the tunnel among the sessions")
        self.assertEqual(("CONNECT", origin.authority, "test-origins"),
                         (session["method"], session["target"], session["rule"]))

    def test_a_name_in_host_is_refused(self):
        proxy = self.sluice()
        status, _ = proxy.admin_get("/metrics", Host="attacker.example")
        self.assertEqual(400, status)

    def test_a_token_guards_everything_but_the_probes(self):
        token = "0123456789abcdef0123456789abcdef"
        proxy = self.sluice({"admin": {"token": token}})
        for path in ("/metrics", "/sessions"):
            self.assertEqual(401, proxy.admin_get(path)[0])
            self.assertEqual(401, proxy.admin_get(path, Authorization="Bearer wrong")[0])
            self.assertEqual(200, proxy.admin_get(path, Authorization=f"Bearer {token}")[0])
        self.assertEqual(200, proxy.admin_get("/healthz")[0])
        self.assertEqual(200, proxy.admin_get("/readyz")[0])
        self.assertEqual(401, proxy.admin_get("/readyz?verbose")[0])
        self.assertEqual(200, proxy.admin_get("/readyz?verbose", Authorization=f"Bearer {token}")[0])

    def test_it_says_which_configuration_runs(self):
        proxy = self.sluice({"policy": {"default_action": "deny"}})
        digest = hashlib.sha256(Path(proxy.config_path).read_bytes()).hexdigest()[:12]
        said = rf"\(sha256 {digest}\)[^:]*: default action deny, \d+ rules?; listeners 127\.0\.0\.1:\d+; inspection off; clients"
        proxy.wait_line(f"configuration: .*{said}")
        status, text = proxy.admin_get("/readyz?verbose")
        self.assertEqual((200, "ready"), (status, text.split("\n")[0]))
        self.assertRegex(text.split("\n")[1], said)

    def test_it_can_be_switched_off(self):
        proxy = self.sluice({"admin": {"listen": "off"}})
        with proxy.connect() as client:
            client.send(request("OPTIONS", "*", host="x"))
            self.assertEqual(200, client.read_response().status)

    def test_only_reading_is_possible(self):
        proxy = self.sluice()
        for method in ("POST", "PUT", "DELETE"):
            with Peer.connect(proxy.admin) as client:
                client.send(request(method, "/metrics", "Content-Length: 0", host="127.0.0.1"))
                self.assertEqual(405, client.read_response().status)

    def test_it_is_not_reachable_through_the_proxy(self):
        rule = {"name": "loopback", "action": "allow", "addresses": ["127.0.0.0/8"]}
        hosts = [{"name": "inside.test", "addresses": ["127.0.0.1"]}]
        proxy = self.sluice({"policy": {"rules": [rule]}, "dns": {"hosts": hosts}})
        for host in ("127.0.0.1", "inside.test", "[::ffff:127.0.0.1]", "0.0.0.0"):
            with self.subTest(host=host), proxy.connect() as client:
                client.send(request("GET", f"http://{host}:{proxy.admin[1]}/metrics"))
                answer = client.read_response()
                self.assertEqual(403, answer.status, answer.text)

    def test_slow_admin_clients_do_not_stop_the_proxy_or_the_probes(self):
        origin, proxy = self.pair()
        for number in range(300):  # more than it holds at once
            slow = Peer.connect(proxy.admin)
            self.addCleanup(slow.close)
            if number % 2:
                slow.send(b"GET /metr")
        began = time.monotonic()
        self.assertEqual(200, proxy.admin_get("/healthz")[0])
        self.assertEqual(200, proxy.admin_get("/readyz")[0])
        self.assertLess(time.monotonic() - began, 2)  # not after the limit of 3 s
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertEqual(200, client.read_response().status)


if __name__ == "__main__":
    unittest.main()
