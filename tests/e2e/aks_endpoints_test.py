"""`sluice aks endpoints`: the forms of the catalogue, and that Sluice takes its own rules."""
import json
import pathlib
import tempfile
import unittest

import harness
from harness import run_sluice

ALL = ["--region", "westeurope", "--need", "optional", "--os", "any", "--gpu", "--via", "any"]
ADDONS = [f"--addon={name}" for name in ("defender", "keyvault", "monitor", "policy", "extensions")]


class Endpoints(harness.TestCase):
    def temporary(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        return pathlib.Path(directory.name)

    def endpoints(self, *flags):
        code, out, err = run_sluice("aks", "endpoints", *flags)
        self.assertEqual(0, code, err)
        return out

    def hosts(self, *flags):
        return {each["host"] for each in json.loads(self.endpoints(*flags, "--json"))["endpoints"]}

    def test_flags_narrow_the_selection(self):
        base = self.hosts("--region", "westeurope")
        self.assertIn("mcr.microsoft.com", base)
        self.assertNotIn("security.ubuntu.com", base)
        self.assertIn("security.ubuntu.com", self.hosts("--need", "recommended"))
        self.assertIn("*.hcp.westeurope.azmk8s.io", self.hosts("--region", "westeurope", "--via", "direct"))
        self.assertIn("nvidia.github.io", self.hosts("--gpu"))
        self.assertIn("*.ods.opinsights.azure.com", self.hosts("--addon", "monitoring"))
        self.assertIn("mcr.azure.cn", self.hosts("--cloud", "AzureChinaCloud"))
        self.assertIn("mcr.azure.cn", self.hosts("--region", "China East 2"))
        self.assertEqual(self.hosts("--gpu", "--addon", "monitor", "--addon", "keyvault"),
                         self.hosts("--addon", "monitor,keyvault,gpu"))
        self.assertIn("go.microsoft.com", self.hosts("--os", "windows", "--via", "any"))

    def rows(self, *flags):
        return {each["host"]: each for each in json.loads(self.endpoints(*flags, "--json"))["endpoints"]}

    def write(self, name, content):
        path = self.temporary() / name
        path.write_text(json.dumps(content))
        return path

    def test_an_api_server_in_the_virtual_network_is_no_destination(self):
        everything = ("--region", "westeurope", "--need", "optional", "--via", "any")
        for flags in ((), ("--cloud", "china", "--region", "chinaeast2")):
            public = self.rows(*(flags or ("--region", "westeurope")), *everything[2:])
            private = self.rows(*(flags or ("--region", "westeurope")), *everything[2:], "--private")
            gone = set(public) - set(private)
            self.assertTrue(any(host.startswith("*.hcp.") for host in gone), gone)
            self.assertTrue({"*", "{apiserver_ip}"} <= gone, gone)
            self.assertIn("mcr.microsoft.com", private)

    def test_a_network_isolated_cluster_needs_its_registry_alone(self):
        rows = self.rows("--region", "westeurope", "--isolated", "--registry", "contoso", "--via", "any")
        self.assertEqual({"contoso.azurecr.io", "contoso.westeurope.data.azurecr.io"}, set(rows))
        self.assertEqual({"direct"}, {each["via"] for each in rows.values()})
        self.assertIn("noProxy", rows["contoso.azurecr.io"]["note"])
        self.assertIn("vault.azure.net", self.hosts("--isolated", "--addon", "keyvault"))

    def test_a_registry_in_its_own_regions_and_clouds(self):
        rows = self.rows("--region", "westeurope", "--registry", "Contoso.azurecr.io", "--registry-region",
                         "North Europe", "--registry-region", "eastus")
        self.assertTrue({"contoso.azurecr.io", "contoso.northeurope.data.azurecr.io",
                         "contoso.eastus.data.azurecr.io"} <= set(rows))
        self.assertNotIn("contoso.westeurope.data.azurecr.io", rows)
        self.assertEqual("proxy", rows["contoso.azurecr.io"]["via"])
        self.assertIn("contoso.chinaeast2.data.azurecr.cn",
                      self.hosts("--region", "chinaeast2", "--registry", "contoso"))
        self.assertIn("contoso.{region}.data.azurecr.io", self.hosts("--registry", "contoso"))
        for product in ("sluice", "squid", "azure-firewall", "smokescreen"):
            self.assertIn("contoso.westeurope.data.azurecr.io", self.endpoints(
                "--region", "westeurope", "--registry", "contoso", "--as", product))
        for flags in (("--registry", "a.b"), ("--registry", "a", "--registry-region", "x.y"),
                      ("--registry-region", "eastus")):
            self.assertEqual(2, run_sluice("aks", "endpoints", *flags)[0])

    def test_a_cluster_tells_what_counts(self):
        cluster = self.write("cluster.json", {
            "location": "westeurope", "networkProfile": {"outboundType": "none"}, "agentPoolProfiles": [],
            "apiServerAccessProfile": {"enablePrivateCluster": True},
            "addonProfiles": {"azureKeyvaultSecretsProvider": {"enabled": True}},
            "bootstrapProfile": {"artifactSource": "Cache", "containerRegistryId":
                                 "/subscriptions/x/providers/Microsoft.ContainerRegistry/registries/Contoso"}})
        self.assertEqual({"vault.azure.net", "contoso.azurecr.io", "contoso.westeurope.data.azurecr.io"},
                         self.hosts("--facts", cluster, "--via", "any"))
        self.assertEqual(3, run_sluice("aks", "endpoints", "--facts", "absent.json")[0])

    def test_addons_by_what_people_call_them(self):
        for name, host in (("istio", "vault.azure.net"), ("app-routing", "vault.azure.net"),
                           ("dapr", "westeurope.dp.kubernetesconfiguration.azure.com"),
                           ("backup", "westeurope.dp.kubernetesconfiguration.azure.com"),
                           ("prometheus", "*.metrics.ingest.monitor.azure.com"),
                           ("network-insights", "*.ingest.monitor.azure.com"), ("gpu", "nvidia.github.io")):
            self.assertIn(host, self.hosts("--region", "westeurope", "--addon", name))

    def difference(self, old, *flags, code):
        got, out, err = run_sluice("aks", "endpoints", *flags, "--diff", old)
        self.assertEqual(code, got, out + err)
        return out

    def test_differences_to_an_earlier_report(self):
        flags = ("--region", "westeurope", "--need", "recommended")
        report = json.loads(self.endpoints(*flags, "--json"))
        self.assertEqual("0 added, 0 removed, 0 changed since the source of "
                         f"{report['source']['date']}\n",
                         self.difference(self.write("same.json", report), *flags, code=0))
        report["endpoints"] = [each for each in report["endpoints"] if each["host"] != "mcr.microsoft.com"]
        report["endpoints"].append({**report["endpoints"][0], "host": "gone.example"})
        report["endpoints"][0]["need"] = "optional"
        changed = report["endpoints"][0]
        report["source"]["date"] = "2025-01-02"
        old = self.write("old.json", report)
        out = self.difference(old, *flags, code=1)
        self.assertIn("+ mcr.microsoft.com:443/tcp  proxy, required, inspection acceptable, for core\n", out)
        self.assertIn("- gone.example:443/tcp", out)
        self.assertIn(f"~ {changed['host']}:443/tcp  proxy, optional, ", out)
        self.assertIn("1 added, 1 removed, 1 changed since the source of 2025-01-02\n", out)
        answer = json.loads(self.difference(old, *flags, "--json", code=1))
        self.assertEqual(["mcr.microsoft.com"], [each["host"] for each in answer["added"]])
        self.assertTrue(answer["same_query"])
        self.assertIn("another question", self.difference(old, "--region", "eastus", code=1))

    def test_reports_that_are_none(self):
        for content in ({}, [], {"endpoints": [1]}, {"endpoints": [{"host": "a", "port": 99999}]}, "x"):
            code, _, err = run_sluice("aks", "endpoints", "--diff", self.write("old.json", content))
            self.assertEqual(2, code)
            self.assertIn("sluice aks endpoints --json", err)
        self.assertEqual(3, run_sluice("aks", "endpoints", "--diff", "absent.json")[0])

    def test_the_table_names_source_and_date(self):
        table = self.endpoints("--region", "West Europe").splitlines()
        self.assertRegex(table[0], "^HOST +PORT +VIA +NEED +FOR +PURPOSE$")
        self.assertRegex(table[-1], r"source: \S+ \S+ at [0-9a-f]{7}, \d{4}-\d\d-\d\d$")

    def test_sluice_takes_its_own_rules_without_a_complaint(self):
        rules = self.endpoints(*ALL, *ADDONS, "--as", "sluice")
        path = self.temporary() / "sluice.yaml"
        path.write_text(rules)
        code, out, err = run_sluice("config", "check", "-c", path)
        self.assertEqual((0, f"{path}: valid\n"), (code, out), err)

    def test_a_proxy_with_the_rules_denies_what_is_not_among_them(self):
        path = self.temporary() / "rules.yaml"
        path.write_text(self.endpoints("--region", "westeurope", "--as", "sluice"))
        code, out, _ = run_sluice("config", "show", "--json", "-c", path)
        self.assertEqual(0, code)
        policy = json.loads(out)["config"]["policy"]
        # Both names lead to the tests' range, where nothing listens on port 443.
        for rule in policy["rules"]:
            rule["addresses"] = [harness.TEST_RANGE]
        hosts = [{"name": name, "addresses": ["127.77.1.1"]} for name in ("mcr.microsoft.com", "example.com")]
        proxy = self.sluice({"policy": policy, "dns": {"hosts": hosts}})
        for name, status in {"mcr.microsoft.com": 502, "example.com": 403}.items():
            with proxy.connect() as peer:
                peer.send(f"CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n\r\n".encode())
                self.assertEqual(status, peer.read_response("CONNECT").status, name)

    def test_other_products_get_their_own_form(self):
        squid = self.endpoints(*ALL, *ADDONS, "--as", "squid").splitlines()
        self.assertTrue(all(line.startswith(("#", "acl ", "http_access allow ")) for line in squid))
        template = json.loads(self.endpoints(*ALL, *ADDONS, "--as", "azure-firewall"))
        collections = template["resources"][0]["properties"]["ruleCollections"]
        self.assertEqual(["aks-network", "aks-application"], [each["name"] for each in collections])
        self.assertIn("\nversion: v1\n", self.endpoints(*ALL, "--as", "smokescreen"))

    def test_wrong_usage(self):
        for flags, word in ((["--cloud", "mars"], "--cloud"),
                            (["--cloud", "m\nars"], r'"m\x0aars"'),
                            (["--cloud", "public", "--region", "chinaeast2"], "in the cloud china"),
                            (["--addon", "nothing"], "monitor"),
                            (["--region", "no-region!"], "westeurope"), (["--as", "iptables"], "--as"),
                            (["--as", "squid", "--json"], "--json"),
                            (["--as", "squid", "--addon", "monitor"], "--region")):
            code, _, err = run_sluice("aks", "endpoints", *flags)
            self.assertEqual((2, True), (code, word in err), (flags, err))


if __name__ == "__main__":
    unittest.main()
