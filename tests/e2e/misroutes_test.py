"""Requests that noProxy should have kept away: in the access log, the metrics and /misroutes."""
import json
import pathlib
import tempfile
import unittest

import harness
from harness import run_sluice
from wire import request

NO_PROXY = ["listed.test", ".corp.test", "10.9.0.0/16", "127.77.0.0/16"]
HOSTS = {name: "127.77.0.1" for name in ("listed.test", "a.listed.test", "into.test")}


class Misroutes(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.file = pathlib.Path(directory.name) / "aks-proxy-config.json"
        self.write_file()

    def write_file(self, no_proxy=NO_PROXY):
        self.file.write_text(json.dumps({"httpProxy": "http://proxy.test:3128/", "noProxy": no_proxy}))

    def watched(self, origins=(), **misroutes):
        names = [{"name": name, "addresses": [address]} for name, address in HOSTS.items()]
        rules = [harness.allow(origins)] if origins else []
        return self.sluice({"misroutes": {"http_proxy_config": str(self.file), **misroutes},
                            "policy": {"rules": rules}, "dns": {"hosts": names}})

    def ask(self, proxy, target, method="GET", agent="curl/7.88.1", **options):
        with proxy.connect(**options) as client:
            client.send(request(method, target, *([f"User-Agent: {agent}"] if agent else [])))
            return client.read_response(method).status

    def table(self, proxy, rows=1):
        def read():
            status, text = proxy.admin_get("/misroutes")
            self.assertEqual(200, status)
            table = json.loads(text)
            return len(table["rows"]) >= rows and table
        return harness.eventually(read, f"{rows} rows of misroutes")

    def test_each_kind_is_marked_in_the_record_and_counted(self):
        origin = self.origin()
        proxy = self.watched([origin])
        at = f":{origin.port}/"
        for url, status, mark in ((f"http://listed.test{at}", 200, "listed:listed.test"),
                                  (f"http://a.listed.test{at}", 200, "listed:listed.test"),
                                  (f"http://into.test{at}", 200, "resolved:127.77.0.0/16"),
                                  ("http://10.9.3.4:80/", 403, "listed:10.9.0.0/16"),
                                  ("http://db.shop.svc.cluster.local:80/", 403, "in-cluster"),
                                  ("http://db.shop.svc:80/", 502, "in-cluster"),
                                  ("http://169.254.169.254:80/", 403, "listed:169.254.169.254"),
                                  ("http://elsewhere.test:80/", 502, None)):
            with self.subTest(url=url):
                self.assertEqual(status, self.ask(proxy, url))
                record = proxy.wait_record(lambda record, url=url: record["target"] == url)
                self.assertEqual(mark, record["misroute"])
        metrics = proxy.metrics()
        for kind, count in {"listed": 4, "resolved": 1, "in-cluster": 2}.items():
            self.assertEqual(count, metrics[f'sluice_misroutes_total{{kind="{kind}"}}'], kind)

    def test_a_tunnel_is_listed_while_it_is_open(self):
        origin = self.origin()
        proxy = self.watched([origin])
        self.tunnel(proxy, f"listed.test:{origin.port}")
        row = self.table(proxy)["rows"][0]
        self.assertEqual(("127.0.0.1", "listed", "listed.test", 1, f"listed.test:{origin.port}"),
                         (row["client"], row["kind"], row["entry"], row["count"], row["destination"]))

    def test_a_reused_origin_connection_counts_like_a_fresh_one(self):
        origin = self.origin()
        proxy = self.watched([origin])
        with proxy.connect() as client:
            for _ in range(3):
                client.send(request("GET", f"http://into.test:{origin.port}/"))
                self.assertEqual(200, client.read_response().status)
        self.assertEqual(3, self.table(proxy)["rows"][0]["count"])
        self.assertEqual(1, origin.connections)

    def test_rows_are_by_client_agent_and_entry_with_a_fix(self):
        proxy = self.watched()
        for agent, source in (("curl/7.81.0", "127.0.0.1"), ("curl/7.81.0", "127.0.0.1"),
                              ("Java/17", "127.0.0.1"), ("curl/7.81.0", "127.0.0.2")):
            self.ask(proxy, "http://10.9.3.4/", agent=agent, source=(source, 0))
        table = self.table(proxy, rows=3)
        self.assertEqual(3, len(table["rows"]))
        first = table["rows"][0]
        self.assertEqual((2, "curl/7.81.0", "10.9.0.0/16"),
                         (first["count"], first["user_agent"], first["entry"]))
        self.assertIn("10.9.3.4", first["fix"])
        self.assertIn("wget", first["readers"])
        self.assertIn("konnectivity", table["no_proxy"])

    def test_facts_add_entries_as_aks_does(self):
        proxy = self.watched(fqdn="demo-1a2b.hcp.westeurope.azmk8s.io", service_cidrs=["10.8.0.0/16"])
        self.ask(proxy, "demo-1a2b.hcp.westeurope.azmk8s.io:443", "CONNECT")
        self.ask(proxy, "http://10.8.0.1/")
        entries = {row["entry"] for row in self.table(proxy, rows=2)["rows"]}
        self.assertEqual({"demo-1a2b.hcp.westeurope.azmk8s.io", "10.8.0.0/16"}, entries)

    def test_the_table_is_bounded_and_hostile_agents_are_escaped(self):
        proxy = self.watched(entries=4)
        for number in range(40):
            self.ask(proxy, "http://10.9.3.4/", agent=f"agent-{number}-" + "x" * 4000)
        self.ask(proxy, "http://10.9.3.4/", agent='"</script>\xff')
        text = proxy.admin_get("/misroutes")[1]
        self.assertTrue(text.isascii())
        table = json.loads(text)
        self.assertLessEqual(len(table["rows"]), 8)  # four in each of two workers
        self.assertEqual(41, table["evicted"] + len(table["rows"]))
        for row in table["rows"]:
            self.assertLessEqual(len(row["user_agent"]), 4 * 128)
        self.assertEqual(41, proxy.metrics()['sluice_misroutes_total{kind="listed"}'])

    def test_it_is_off_without_a_file(self):
        proxy = self.sluice()
        self.ask(proxy, "http://db.shop.svc/")
        table = json.loads(proxy.admin_get("/misroutes")[1])
        self.assertEqual((False, []), (table["enabled"], table["rows"]))
        self.assertIsNone(proxy.wait_record()["misroute"])

    def test_a_disabled_configuration_switches_it_off_with_a_warning(self):
        self.file.write_text(json.dumps({"httpProxy": "http://proxy.test:3128/", "noProxy": NO_PROXY,
                                         "enabled": False}))
        proxy = self.watched()
        self.ask(proxy, "http://10.9.3.4/")
        table = json.loads(proxy.admin_get("/misroutes")[1])
        self.assertEqual((False, [], []), (table["enabled"], table["rows"], table["no_proxy"]))
        self.assertIsNone(proxy.wait_record()["misroute"])
        code, out, _ = run_sluice("config", "check", "--set",
                                  f"misroutes.http_proxy_config={self.file}")
        self.assertEqual(0, code, out)
        self.assertRegex(out, r"warning.*misroutes\.http_proxy_config: .* is disabled")

    def test_a_reload_reads_the_file_again(self):
        proxy = self.watched()
        self.ask(proxy, "http://later.test/")
        self.write_file([*NO_PROXY, "later.test"])
        proxy.signal(1)
        proxy.wait_line("reload: done")
        harness.eventually(
            lambda: "later.test" in json.loads(proxy.admin_get("/misroutes")[1])["no_proxy"],
            "the new list in force")
        self.ask(proxy, "http://later.test/")
        self.assertEqual("later.test", self.table(proxy)["rows"][0]["entry"])

    def test_a_file_that_is_missing_or_wrong_is_a_problem_of_its_key(self):
        self.file.write_text('{"httpProxy": "ftp://x"}')
        for path in (self.file, self.file.with_name("missing.json")):
            with self.subTest(path=path.name):
                code, out, _ = run_sluice("config", "check", "--set",
                                          f"misroutes.http_proxy_config={path}")
                self.assertEqual(2, code)
                self.assertIn("misroutes.http_proxy_config", out)
                self.assertIn(str(path), out)


if __name__ == "__main__":
    unittest.main()
