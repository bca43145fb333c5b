"""sluice aks diff: a desired configuration, the list that AKS should make of it, and a live cluster."""
import base64
import copy
import json
import pathlib
import tempfile
import unittest

import harness
from aks_audit_pods_test import CLUSTER, EFFECTIVE, FQDN, PROXY
from harness import run_sluice
from pki import self_signed

AUTHORITY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "400", "-addext",
             "basicConstraints=critical,CA:TRUE"]


class Diff(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.live = copy.deepcopy(CLUSTER)
        self.desired = {"httpProxy": PROXY, "noProxy": [".svc"]}

    def write(self, name, content):
        path = self.directory / name
        path.write_text(json.dumps(content))
        return path

    def diff(self, *arguments, code=1):
        got, out, err = run_sluice("aks", "diff", self.write("desired.json", self.desired),
                                   self.write("live.json", self.live), *arguments)
        self.assertEqual(code, got, out + err)
        self.assertEqual("", err)
        return out

    def fields(self, code=1):
        out = json.loads(self.diff("--json", code=code))
        self.assertEqual(code == 0, out["same"])
        return {each["field"]: each for each in out["fields"]}

    def entries(self, *arguments, code=1):
        out = json.loads(self.diff("--json", *arguments, code=code))
        return {each["entry"]: each for each in out["entries"]}

    def test_a_cluster_that_has_what_is_desired(self):
        # In a network of its own, whose range AKS's list alone tells.
        self.live["agentPoolProfiles"][0]["vnetSubnetId"] = "/subscriptions/0/resourceGroups/g/providers/x"
        out = self.diff(code=0)
        self.assertTrue(out.startswith("The live cluster has what is desired.\n"))
        entries = self.entries(code=0)
        self.assertEqual("added by AKS: the virtual network", entries["10.224.0.0/12"]["why"])
        # With a fact that people gave, and others that nobody did, a range may be anything.
        self.live["networkProfile"] = None
        entries = self.entries("--vnet-cidr", "10.9.0.0/16", code=1)
        self.assertEqual("added by AKS for a fact that is not given", entries["10.224.0.0/12"]["why"])
        self.assertEqual([True, True, True], [entries[".svc"][key] for key in ("desired", "computed", "live")])

    def test_order_spelling_and_the_last_slash_do_not_count(self):
        self.desired = {"httpProxy": PROXY.rstrip("/"), "noProxy": [".SVC", "Localhost"]}
        self.diff(code=0)

    def test_entries_that_differ_and_what_that_means(self):
        self.desired["noProxy"] = [".svc", ".new.example"]
        self.live["httpProxyConfig"]["noProxy"].append(".old.example")
        self.live["httpProxyConfig"]["effectiveNoProxy"].append(".old.example")
        out = self.diff()
        for line in ('  desired  has ".new.example" besides', '  live     has ".old.example" besides',
                     '  nodes    they send ".new.example" through the proxy and reach ".old.example" past it',
                     "  mended   step 1 (Send the new configuration.); on nodes step 2 (AKS reimages node pool "
                     "nodepool1.); in pods step 3 (Create anew every pod that still has old variables.)"):
            self.assertIn(line + "\n", out)
        self.assertRegex(out, r"(?m)^  ! \.old\.example +- +- +yes +the live configuration's$")
        self.assertRegex(out, r"(?m)^  ! \.new\.example +yes +yes +- ")

    def test_another_proxy_and_another_authority_are_mended_by_different_steps(self):
        def ca(name):
            return base64.b64encode(self_signed(self.directory, name, *AUTHORITY)).decode()
        self.live["httpProxyConfig"]["trustedCa"] = ca("Old")
        self.live["agentPoolProfiles"] = [{"name": "system"}, {"name": "user"}]
        self.desired.update(httpProxy="http://new.corp.example:3128", trustedCa=ca("New"))
        fields = self.fields()
        self.assertEqual({"apply": 5, "reimage": 7, "recreate_pods": 8}, fields["httpProxy"]["steps"])
        self.assertEqual({"apply": 10, "reimage": 12, "recreate_pods": None}, fields["trustedCa"]["steps"])
        self.assertEqual("", fields["trustedCa"]["pods"])
        self.assertIn("they do not trust CN=New and still trust CN=Old", self.diff())
        self.assertIn("AKS reimages node pool user.", self.diff())

    def test_entries_that_older_services_wrote_back_are_no_drift(self):
        self.live["httpProxyConfig"]["noProxy"] = EFFECTIVE
        self.diff(code=0)

    def test_a_prefix_that_somebody_configured_is_drift(self):
        self.live["httpProxyConfig"]["noProxy"] = [".svc", "10.9.0.0/16"]
        self.live["httpProxyConfig"]["effectiveNoProxy"] = [*EFFECTIVE, "10.9.0.0/16"]
        self.assertEqual('has "10.9.0.0/16" besides', self.fields()["noProxy"]["live"])

    def test_clusters_without_a_proxy(self):
        self.live["httpProxyConfig"] = None
        fields = self.fields()
        self.assertEqual(("on", "off"), (fields["enabled"]["desired"], fields["enabled"]["live"]))
        self.assertIn("they reach everything directly", self.diff())
        self.desired["enabled"] = False
        self.live = copy.deepcopy(CLUSTER)
        self.assertEqual({"apply": 1, "reimage": 2, "recreate_pods": 3}, self.fields()["enabled"]["steps"])

    def test_facts_that_are_wrong(self):
        entries = self.entries("--fqdn", "other.hcp.westeurope.azmk8s.io")
        self.assertIn("look whether the facts are right", entries["other.hcp.westeurope.azmk8s.io"]["why"])
        self.live["agentPoolProfiles"][0]["vnetSubnetId"] = "/subscriptions/0/resourceGroups/g/providers/x"
        complete = ("--vnet-cidr", "10.224.0.0/12")
        self.diff(*complete, code=0)
        self.live["httpProxyConfig"]["effectiveNoProxy"].append("10.9.0.0/16")
        self.assertIn("unexplained", self.entries(*complete)["10.9.0.0/16"]["why"])

    def test_a_live_cluster_without_aks_list(self):
        del self.live["httpProxyConfig"]["effectiveNoProxy"]
        self.assertIn("LIVE has no effectiveNoProxy", self.diff(code=0))
        self.assertIsNone(self.entries(code=0)[FQDN]["live"])

    def test_templates_and_standard_input(self):
        template = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                    "resources": [{"type": "Microsoft.ContainerService/managedClusters",
                                   "properties": {"httpProxyConfig": self.desired}}]}
        self.desired = template
        self.diff(code=0)
        with open(self.write("live.json", self.live), encoding="utf-8") as live:
            code, out, _ = run_sluice("aks", "diff", self.directory / "desired.json", "-", stdin=live)
        self.assertEqual(0, code, out)

    def test_wrong_usage(self):
        desired, live = self.write("desired.json", self.desired), self.write("live.json", self.live)
        several = self.write("several.json", {"resources": [
            {"type": "Microsoft.ContainerService/managedClusters",
             "properties": {"httpProxyConfig": self.desired}}] * 2})
        for arguments, code, words in ((["-", "-"], 2, "standard input"), ([desired], 2, "LIVE"),
                                       ([several, live], 2, "2 configurations"),
                                       ([self.write("x.json", []), live], 2, "sluice aks validate"),
                                       ([desired, self.directory / "absent"], 3, "absent")):
            got, out, err = run_sluice("aks", "diff", *arguments)
            self.assertEqual((code, ""), (got, out), err)
            self.assertIn(words, err)


if __name__ == "__main__":
    unittest.main()
