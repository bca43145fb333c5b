"""Who may go where: rules, the address guard, and what a refused client is told."""
import re
import unittest

import harness
from wire import request


class PolicyTestCase(harness.TestCase):
    def governed(self, rules, origins=(), hosts=None, **policy):
        names = [{"name": name, "addresses": [address]} for name, address in (hosts or {}).items()]
        config = {"policy": {"rules": [*rules, harness.allow(origins)] if origins else rules, **policy},
                  "dns": {"hosts": names}}
        return self.sluice(config)

    def get(self, proxy, url, **options):
        with proxy.connect(**options) as client:
            client.send(request("GET", url))
            return client.read_response()

    def connect(self, proxy, authority):
        with proxy.connect() as client:
            client.send(request("CONNECT", authority))
            return client.read_response("CONNECT")


class Rules(PolicyTestCase):
    HOSTS = {name: "127.77.0.1" for name in ("good.test", "a.good.test", "bad.test", "a.bad.test",
                                             "notgood.test", "exact.test", "a.exact.test")}

    def test_hosts_match_exactly_by_suffix_or_below(self):
        origin = self.origin()
        rules = [{"name": "suffix", "action": "deny", "hosts": [".bad.test"]},
                 {"name": "below", "action": "deny", "hosts": ["*.exact.test"]},
                 {"name": "one", "action": "deny", "hosts": ["good.test"]}]
        proxy = self.governed(rules, [origin], self.HOSTS)
        for name, status in {"bad.test": 403, "a.bad.test": 403, "exact.test": 200, "a.exact.test": 403,
                             "good.test": 403, "a.good.test": 200, "notgood.test": 200,
                             "GOOD.test": 403, "good.test.": 403}.items():
            with self.subTest(name=name):
                self.assertEqual(status, self.get(proxy, f"http://{name}:{origin.port}/").status)

    def test_the_first_match_decides(self):
        origin = self.origin()
        rules = [{"name": "but-this", "action": "allow", "hosts": ["a.good.test"],
                  "addresses": ["127.77.0.0/16"]},
                 {"name": "no-good", "action": "deny", "hosts": [".good.test"]}]
        proxy = self.governed(rules, [origin], self.HOSTS)
        self.assertEqual(200, self.get(proxy, f"http://a.good.test:{origin.port}/").status)
        self.assertEqual("but-this", proxy.wait_record()["rule"])
        self.assertEqual(403, self.get(proxy, f"http://good.test:{origin.port}/").status)

    def test_rules_may_look_at_ports_and_sources(self):
        first, second = self.origin(), self.origin()
        rules = [{"name": "port", "action": "deny", "ports": [second.port]},
                 {"name": "source", "action": "deny", "sources": ["127.0.0.2/32"]}]
        proxy = self.governed(rules, [first, second])
        self.assertEqual(200, self.get(proxy, first.url()).status)
        self.assertEqual(403, self.get(proxy, second.url()).status)
        answer = self.get(proxy, first.url(), source=("127.0.0.2", 0))
        self.assertEqual(403, answer.status)
        self.assertIn("source", answer.text)

    def test_a_deny_rule_with_addresses_is_judged_after_resolution(self):
        origin = self.origin()
        rules = [{"name": "no-such-net", "action": "deny", "addresses": ["127.77.0.0/24"]}]
        proxy = self.governed(rules, [origin], self.HOSTS)
        self.assertEqual(403, self.get(proxy, f"http://good.test:{origin.port}/").status)
        self.assertEqual("no-such-net", proxy.wait_record()["rule"])

    def test_default_deny_lets_only_rules_through(self):
        origin = self.origin()
        rules = [{"name": "only", "action": "allow", "hosts": ["good.test"],
                  "addresses": ["127.77.0.0/16"], "ports": [origin.port]}]
        proxy = self.governed(rules, hosts=self.HOSTS, default_action="deny")
        self.assertEqual(200, self.get(proxy, f"http://good.test:{origin.port}/").status)
        answer = self.get(proxy, f"http://bad.test:{origin.port}/")
        self.assertEqual(403, answer.status)
        self.assertEqual("default", proxy.wait_record(lambda r: r["status"] == 403)["rule"])

    def test_clients_outside_the_list_are_refused_whatever_they_ask(self):
        origin = self.origin()
        proxy = self.governed([], [origin], clients=["127.0.0.2/32"])
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            self.assertEqual(403, client.read_response().status)
        self.assertEqual(200, self.get(proxy, origin.url(), source=("127.0.0.2", 0)).status)
        self.assertEqual("clients", proxy.wait_record(lambda r: r["status"] == 403)["rule"])


class Ports(PolicyTestCase):
    def test_requests_are_not_forwarded_to_ports_that_http_can_hurt(self):
        proxy = self.governed([])
        for port in (25, 22, 6667, 10080):
            with self.subTest(port=port):
                answer = self.get(proxy, f"http://192.0.2.1:{port}/")
                self.assertEqual(403, answer.status)
                self.assertIn("port_denied", answer.text)
                self.assertIn("policy.closed_ports", answer.text)
        self.assertEqual("closed-ports", proxy.wait_record()["rule"])

    def test_a_rule_that_lists_the_port_or_another_list_opens_it(self):
        origin = self.origin()
        for policy in ({"rules": [harness.allow([origin])], "closed_ports": [origin.port]},
                       {"rules": [{"name": "all", "action": "allow", "addresses": [harness.TEST_RANGE]}],
                        "closed_ports": []}):
            with self.subTest(policy=policy):
                proxy = self.sluice({"policy": policy})
                self.assertEqual(200, self.get(proxy, origin.url()).status)
        proxy = self.sluice({"policy": {
            "rules": [{"name": "all", "action": "allow", "addresses": [harness.TEST_RANGE]}],
            "closed_ports": [origin.port]}})
        self.assertEqual(403, self.get(proxy, origin.url()).status)


class Content(PolicyTestCase):
    """Rules by method and path, on plain HTTP."""

    def test_methods_are_judged(self):
        origin = self.origin()
        proxy = self.governed([{"name": "no-post", "action": "deny", "methods": ["POST"], "ports": [origin.port]}],
                              [origin])
        for method, status in (("GET", 200), ("POST", 403), ("PUT", 200)):
            with self.subTest(method=method), proxy.connect() as client:
                client.send(request(method, origin.url(), "Content-Length: 0"))
                self.assertEqual(status, client.read_response().status)
        self.assertEqual(["GET", "PUT"], [seen.method for seen in origin.requests])

    def test_an_allow_rule_allows_nothing_else(self):
        origin = self.origin()
        proxy = self.governed([{**harness.allow([origin]), "methods": ["GET"], "paths": ["/api"]}],
                              default_action="deny")
        for path, status in (("/api", 200), ("/api/x?y", 200), ("/other", 403), ("/api/..;/other", 403)):
            with self.subTest(path=path):
                self.assertEqual(status, self.get(proxy, origin.url(path)).status)

    def test_a_denied_path_stays_denied_however_servers_may_read_it(self):
        origin = self.origin()
        proxy = self.governed([{"name": "no-admin", "action": "deny", "paths": ["/admin"], "ports": [origin.port]}],
                              [origin])
        for path in ("/admin", "/x/..;/admin", "/;/admin", "/admin;x", "/Admin", "/%2561dmin", "/%c0%ae/admin"):
            with self.subTest(path=path):
                self.assertEqual(403, self.get(proxy, origin.url(path)).status)
        for path in ("/administrator", "/x", "/caf%c3%a9", "/100%25"):
            with self.subTest(path=path):
                self.assertEqual(200, self.get(proxy, origin.url(path)).status)


class Denials(PolicyTestCase):
    def test_a_denial_names_rule_id_and_remedy_and_the_log_agrees(self):
        rules = [{"name": "no-registries", "action": "deny", "hosts": [".registry.test"]}]
        proxy = self.governed(rules)
        for method, target in (("CONNECT", "eu.registry.test:443"), ("GET", "http://eu.registry.test/v2/")):
            with self.subTest(method=method), proxy.connect() as client:
                client.send(request(method, target))
                answer = client.read_response(method)
                self.assertEqual(403, answer.status)
                self.assertEqual("text/plain; charset=utf-8", answer.get("Content-Type"))
                self.assertEqual("nosniff", answer.get("X-Content-Type-Options"))
                self.assertIn("no-registries", answer.text)
                self.assertRegex(answer.text, r"(?i)to allow it.*policy")
                record = proxy.wait_record(lambda r, m=method: r["method"] == m)
                self.assertIn(record["id"], answer.text)
                self.assertEqual(("deny", "no-registries", 403),
                                 (record["verdict"], record["rule"], record["status"]))
                self.assertEqual("denied", record["cause"])
                self.assertIn("Proxy-Status", dict(answer.fields))
        self.assertEqual(2, proxy.metrics()["sluice_denied_total"])

    def test_the_suggested_keys_exist(self):
        proxy = self.governed([], default_action="deny")
        answer = self.get(proxy, "http://any.test/")
        _, effective, _ = harness.run_sluice("config", "show", "--json")
        for key in re.findall(r"policy\.(\w+)", answer.text):
            self.assertIn(key, effective, answer.text)

    def test_a_reply_does_not_reflect_markup(self):
        proxy = self.governed([])
        answer = self.get(proxy, "http://169.254.169.254/<script>alert(1)</script>")
        self.assertNotIn("<script>", answer.text)
        self.assertGreaterEqual(answer.status, 400)


class AddressGuard(PolicyTestCase):
    INSIDE = ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1",
              "169.254.169.254", "168.63.129.16", "0.0.0.0", "224.0.0.1", "255.255.255.255",
              "[::1]", "[fe80::1]", "[fd00::1]", "[ff02::1]", "[::ffff:10.0.0.1]",
              "[64:ff9b::7f00:1]", "[2002:7f00:1::]"]

    def test_inside_addresses_are_refused_on_both_paths(self):
        proxy = self.governed([])
        for host in self.INSIDE:
            with self.subTest(host=host):
                self.assertEqual(403, self.get(proxy, f"http://{host}/").status)
                answer = self.connect(proxy, f"{host}:443")
                self.assertEqual(403, answer.status)
                self.assertIn("address_denied", answer.text)

    def test_an_allow_rule_by_name_does_not_open_the_guard(self):
        rules = [{"name": "trusted-name", "action": "allow", "hosts": ["inside.test"]}]
        proxy = self.governed(rules, hosts={"inside.test": "127.77.0.1"})
        self.assertEqual(403, self.get(proxy, "http://inside.test/").status)
        self.assertEqual("address_denied", proxy.wait_record()["cause"])

    def test_metadata_needs_a_switch_besides_a_rule(self):
        rules = [{"name": "imds", "action": "allow", "addresses": ["169.254.169.254/32"]}]
        answer = self.get(self.governed(rules), "http://169.254.169.254/metadata")
        self.assertEqual(403, answer.status)
        self.assertIn("allow_metadata", answer.text)
        proxy = self.governed(rules, allow_metadata=True)
        proxy.wait_line("allow_metadata")  # said loudly at start

    def test_the_proxys_own_listeners_are_never_dialled(self):
        rules = [{"name": "all-of-loopback", "action": "allow", "addresses": ["127.0.0.0/8", "::1/128"],
                  "ports": [3128]},
                 {"name": "loopback-any-port", "action": "allow", "addresses": ["127.0.0.0/8"]}]
        proxy = self.governed(rules)
        for host, port in (proxy.address, proxy.admin):
            answer = self.get(proxy, f"http://{host}:{port}/metrics")
            self.assertEqual(403, answer.status)
            self.assertIn("own-listener", answer.text)

    def test_a_loop_by_via_is_508(self):
        origin = self.origin()
        proxy = self.sluice({"via": "loop-check", "policy": {"rules": [harness.allow([origin])]}})
        with proxy.connect() as client:
            client.send(request("GET", origin.url(), "Via: 1.1 other, 1.1 loop-check"))
            self.assertEqual(508, client.read_response().status)


if __name__ == "__main__":
    unittest.main()
