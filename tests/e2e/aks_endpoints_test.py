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
