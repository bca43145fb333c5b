"""sluice aks plan: the steps of an update, and their rehearsal with real proxies."""
import base64
import json
import pathlib
import tempfile
import unittest

import harness
from harness import run_sluice
from pki import self_signed

AUTHORITY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "400", "-addext",
             "basicConstraints=critical,CA:TRUE"]


class Plan(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def config(self, name, host, no_proxy=(".svc", ".cluster.local"), authority=None, **more):
        content = {"httpProxy": f"http://{host}.corp.example:3128", "noProxy": list(no_proxy), **more}
        if authority:
            pem = self_signed(self.directory, authority, *AUTHORITY)
            content["trustedCa"] = base64.b64encode(pem).decode()
        path = self.directory / f"{name}.json"
        path.write_text(json.dumps(content))
        return path

    def plan(self, *arguments, code=0):
        got, out, err = run_sluice("aks", "plan", *arguments, timeout=60)
        self.assertEqual(code, got, out + err)
        return out, err

    def kinds(self, *arguments):
        out, _ = self.plan(*arguments, "--json")
        return [step["kind"] + (f" {step['pool']}" if step["pool"] else "")
                for step in json.loads(out)["steps"]]

    def test_what_aks_wrote_back_into_a_live_list_is_no_change(self):
        live = json.loads((harness.REPOSITORY / "tests/corpus/aks/show_overlay.json").read_text())
        old = self.directory / "live.json"
        old.write_text(json.dumps(live))
        url = live["httpProxyConfig"]["httpProxy"]
        new = self.config("new", "x", httpProxy=url, httpsProxy=url)
        self.assertEqual("Nothing changes: there is nothing to send.\n", self.plan(old, new)[0])
        live["httpProxyConfig"]["noProxy"].append(".corp.example")
        live["networkProfile"]["podCidrs"] = live["networkProfile"]["podCidr"] = None
        old.write_text(json.dumps(live))
        out, _ = self.plan(old, new, "--json")
        self.assertEqual({"in": [], "out": [".corp.example"]}, json.loads(out)["no_proxy"])

    def test_a_move_to_another_proxy_has_its_order(self):
        old, new = self.config("old", "old"), self.config("new", "new")
        self.assertEqual(["provide-proxy", "apply", "reimage system", "reimage user", "recreate-pods",
                          "retire-proxy", "verify"], self.kinds(old, new, "--pools", "system,user"))
        out, _ = self.plan(old, new)
        self.assertIn("must answer before the update", out)
        self.assertIn("AKS reimages node pool nodepool1.", out)
        out, _ = self.plan(old, new, "--edition", "article")
        self.assertIn("az aks nodepool upgrade --node-image-only", out)

    def test_nothing_changes(self):
        old = self.config("old", "old")
        self.assertIn("Nothing changes", self.plan(old, old)[0])

    def test_a_new_configuration_with_errors_is_refused(self):
        old = self.config("old", "old")
        broken = self.config("broken", "new", no_proxy=["*.corp.example"])
        out, err = self.plan(old, broken, code=1)
        self.assertEqual("", out)
        self.assertIn("$.noProxy[0]", err)
        self.assertIn("mend the errors first", err)

    def test_what_is_wrong_with_the_old_configuration_is_the_past(self):
        old = self.config("old", "old")
        pem = self_signed(self.directory, "weak", "-newkey", "rsa:1024", "-days", "400", *AUTHORITY[-2:])
        trusted = base64.b64encode(pem).decode()
        old.write_text(json.dumps({**json.loads(old.read_text()), "trustedCa": trusted}))
        self.assertEqual(1, run_sluice("aks", "validate", old, "--strict")[0])
        self.plan(old, self.config("new", "old", authority="New"))

    def test_the_article_refuses_to_switch_the_proxy_on(self):
        new = self.config("new", "new")
        self.assertIn("plan-enabled", self.plan("none", new, "--edition", "article", code=1)[0])
        self.assertEqual("provide-proxy", self.kinds("none", new)[0])

    def test_wrong_usage(self):
        old = self.config("old", "old")
        broken = self.directory / "broken.json"
        broken.write_text("{")
        self.plan(old, broken, code=2)
        self.plan(broken, old, code=2)
        self.plan(old, old, "--edition", "tomorrow", code=2)
        self.plan("-", "-", code=2)
        self.plan(old, code=2)

    def test_files_that_cannot_be_read(self):
        old, missing = self.config("old", "old"), self.directory / "missing.json"
        for arguments in ((old, missing), (missing, old), (old, old, "--facts", missing)):
            self.assertIn(str(missing), self.plan(*arguments, code=3)[1])

    def test_none_switches_the_proxy_off(self):
        old = self.config("old", "old")
        out, _ = self.plan(old, "none")
        self.assertIn("--disable-http-proxy", out)
        self.assertNotIn("--http-proxy-config", out)
        self.assertEqual(out, self.plan(old, self.config("off", "old", enabled=False))[0])
        self.assertIn("Nothing changes", self.plan("none", "none")[0])
        self.assertTrue(self.rehearsal(old, "none")["succeeded"])
        old = self.config("old", "old", authority="Old")
        off = self.config("off", "new", authority="New", enabled=False)
        self.assertTrue(self.rehearsal(old, off)["succeeded"])
        self.assertTrue(self.rehearsal(off, old)["succeeded"])

    def test_a_saved_configuration_comes_back_without_a_file(self):
        out, _ = self.plan(self.config("off", "old", enabled=False), self.config("on", "old"))
        self.assertIn("--enable-http-proxy", out)
        self.assertNotIn("--http-proxy-config", out)
        self.assertNotIn("The old proxy stays", out)

    def cluster(self, **more):
        """As az aks show prints one, cut down."""
        path = self.directory / "cluster.json"
        path.write_text(json.dumps({
            "id": "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/demo",
            "agentPoolProfiles": [{"name": "system", "osSku": "Ubuntu"}, {"name": "user", "osSku": "AzureLinux"}],
            "networkProfile": {"networkPluginMode": "overlay", "podCidrs": ["10.244.0.0/16"]}, **more}))
        return path

    def test_the_cluster_itself_as_what_there_is(self):
        old = {"httpProxy": "http://old.corp.example:3128", "httpsProxy": "http://old.corp.example:3128",
               "noProxy": [".svc", ".cluster.local"], "effectiveNoProxy": [".svc", "localhost"]}
        new = self.config("new", "new")
        kinds = ["provide-proxy", "apply", "reimage system", "reimage user", "recreate-pods", "retire-proxy",
                 "verify"]
        self.assertEqual(kinds, self.kinds(self.cluster(httpProxyConfig=old), new))
        self.assertEqual(kinds, self.kinds(self.config("old", "old"), new, "--facts", self.cluster()))
        self.assertEqual("provide-proxy", self.kinds(self.cluster(httpProxyConfig=None), new)[0])
        cluster = self.cluster(httpProxyConfig=old, nodeProvisioningProfile={"mode": "Auto"},
                               nodeDisruptionProfile={"nodeDisruptionPolicy": "AllowDuringMaintenanceWindow"},
                               apiServerAccessProfile={"enablePrivateCluster": True})
        out, _ = self.plan(cluster, new)
        for words in ("plan-disruption-policy", "aksManagedNodeOSUpgradeSchedule", "plan-private",
                      "Node Auto Provisioning replaces its nodes."):
            self.assertIn(words, out)
        self.assertTrue(self.rehearsal(cluster, new)["succeeded"])

    def test_a_first_proxy_whose_authority_goes_before_it(self):
        new = self.config("new", "new", authority="New")
        kinds = self.kinds("none", new)
        self.assertEqual(["stage-trust", "reimage nodepool1", "provide-proxy"], kinds[:3])
        steps = json.loads(self.plan("none", new, "--json")[0])["steps"]
        self.assertEqual(1, len(steps[0]["staged_ca_sha256"]))
        self.assertTrue(all(step["undo"] for step in steps[:-1]), steps)
        planned, *controls = self.rehearsal("none", new)["orders"]
        fates = [fate for moment in planned["moments"] for fate in moment["fates"]]
        self.assertEqual({"pass"}, {fate["verdict"] for fate in fates})
        self.assertTrue(controls)
        # Before the proxy nothing goes through it, and its pods meet its certificates from the first one on.
        ways = [{fate["way"] for fate in moment["fates"]} for moment in planned["moments"]]
        self.assertEqual([{"direct"}] * 4, ways[:4])
        self.assertIn("http://new.corp.example:3128", ways[4])
        self.assertEqual("provide-proxy", self.kinds("none", new, "--staging", "proxy")[0])
        full = self.cluster(httpProxyConfig=None, securityProfile={"customCaTrustCertificates": ["x"] * 10})
        self.assertIn("plan-staging", self.plan(full, new)[0])

    def rehearsal(self, *arguments, code=0):
        out, _ = self.plan(*arguments, "--rehearse", "--json", code=code)
        return json.loads(out)

    def test_a_move_with_another_authority_is_rehearsed_in_both_editions(self):
        old = self.config("old", "old", authority="Old")
        new = self.config("new", "new", authority="New")
        for edition in ("today", "article"):
            rehearsal = self.rehearsal(old, new, "--edition", edition, "--pools", "system,user")
            planned, late, once = rehearsal["orders"]
            fates = [fate for moment in planned["moments"] for fate in moment["fates"]]
            self.assertEqual({"pass"}, {fate["verdict"] for fate in fates})
            self.assertEqual({"http://old.corp.example:3128", "http://new.corp.example:3128", "direct"},
                             {fate["way"] for fate in fates})
            for order, words in ((late, "no proxy is there"), (once, "not trusted")):
                reasons = [fate["reason"] for moment in order["moments"] for fate in moment["fates"]
                           if fate["verdict"] == "fail"]
                self.assertTrue(any(words in reason for reason in reasons), reasons)

    def test_a_rehearsal_fails_where_the_change_breaks_something(self):
        old = self.config("old", "old")
        new = self.config("new", "old", no_proxy=[".svc"])
        rehearsal = self.rehearsal(old, new, code=1)
        self.assertFalse(rehearsal["succeeded"])
        out, _ = self.plan(old, new, "--rehearse", code=1)
        self.assertIn("plan-bypass-lost", out)
        self.assertIn("FAIL  api.default.svc.cluster.local through http://old.corp.example:3128", out)


if __name__ == "__main__":
    unittest.main()
