"""Policy by profile, and report-only policy.

No test reaches an origin that a profile allows: those names are other people's. What policy lets
through ends at the name server instead, which is a closed port (harness.py), with a 502 whose record
holds the verdict; what it denies is a 403 and asks no name server.
"""
import json
import signal
import unittest

import harness
from harness import run_sluice
from wire import request


class PolicyTestCase(harness.TestCase):
    def ask(self, proxy, target, method="CONNECT"):
        with proxy.connect() as client:
            client.send(request(method, target))
            return client.read_response(method)

    def record(self, proxy, target):
        return proxy.wait_record(lambda record: record["target"] == target)


class Profile(PolicyTestCase):
    def test_its_endpoints_pass_and_the_rest_is_denied(self):
        proxy = self.sluice(arguments=["--profile", "aks:westeurope,monitor"])
        for target, rule in {
                "mcr.microsoft.com:443": "aks:core:mcr.microsoft.com",
                "eastus.data.mcr.microsoft.com:443": "aks:core:*.data.mcr.microsoft.com",
                "westeurope.handler.control.monitor.azure.com:443":
                    "aks:monitor:westeurope.handler.control.monitor.azure.com"}.items():
            with self.subTest(target=target):
                self.assertEqual(502, self.ask(proxy, target).status)
                record = self.record(proxy, target)
                self.assertEqual(("allow", rule), (record["verdict"], record["rule"]))
        for target in ("example.com:443", "mcr.microsoft.com:8443", "data.mcr.microsoft.com:443",
                       "eastus.handler.control.monitor.azure.com:443", "203.0.113.7:443",
                       "demo-1.hcp.westeurope.azmk8s.io:443", "umsax.blob.core.windows.net:443"):
            with self.subTest(target=target):
                self.assertEqual(403, self.ask(proxy, target).status)
                self.assertEqual("default", self.record(proxy, target)["rule"])

    def test_plain_http_endpoints_pass_on_port_80(self):
        proxy = self.sluice(arguments=["--profile", "aks:westeurope"])
        self.assertEqual(502, self.ask(proxy, "http://security.ubuntu.com/ubuntu", "GET").status)
        self.assertEqual("aks:updates:security.ubuntu.com",
                         self.record(proxy, "http://security.ubuntu.com:80/ubuntu")["rule"])

    def test_a_denial_names_the_addon_that_would_have_allowed_it(self):
        proxy = self.sluice({"policy": {"profile": "aks:westeurope"}})
        answer = self.ask(proxy, "demo.vault.azure.net:443")
        self.assertEqual(403, answer.status)
        self.assertIn("aks:westeurope,keyvault", answer.text)

    def test_the_files_rules_come_first(self):
        rules = [{"name": "no-mcr", "action": "deny", "hosts": ["mcr.microsoft.com"]},
                 {"name": "ours", "action": "allow", "hosts": ["ours.test"]}]
        proxy = self.sluice({"policy": {"profile": "aks:westeurope", "rules": rules}})
        answer = self.ask(proxy, "mcr.microsoft.com:443")
        self.assertEqual((403, True), (answer.status, "no-mcr" in answer.text))
        self.assertEqual(502, self.ask(proxy, "ours.test:443").status)

    def test_a_403_page_shows_the_generated_rule(self):
        hosts = [{"name": "mcr.microsoft.com", "addresses": ["10.0.0.9"]}]
        proxy = self.sluice({"policy": {"profile": "aks:westeurope"}, "dns": {"hosts": hosts}})
        answer = self.ask(proxy, "mcr.microsoft.com:443")
        self.assertEqual(403, answer.status)
        self.assertIn("address-guard", answer.text)
        self.assertIn("aks:core:mcr.microsoft.com", answer.text)

    def test_show_effective_lists_the_rules_and_loads_again(self):
        code, out, err = run_sluice("config", "show", "--effective", "--profile", "aks:chinaeast2,gpu")
        self.assertEqual(0, code, err)
        self.assertIn("aks:core:mcr.azure.cn", out)
        self.assertRegex(out, r"default_action: deny")
        code, out, _ = run_sluice("config", "show", "--json", "--profile", "aks:westeurope")
        rules = json.loads(out)["profile_rules"]
        self.assertIn({"name": "aks:core:mcr.microsoft.com", "hosts": ["mcr.microsoft.com"],
                       "ports": [443]}, rules)

    def test_a_wrong_profile_is_wrong_configuration(self):
        for profile, word in {"aks:china": "region", "aks:westeurope,coffee": "coffee",
                              "squid:westeurope": "aks:"}.items():
            with self.subTest(profile=profile):
                code, _, err = run_sluice("run", "--profile", profile)
                self.assertEqual((2, True), (code, word in err), err)


class ReportOnly(PolicyTestCase):
    POLICY = {"default_action": "deny", "enforce": "report",
              "rules": [{"name": "no-social", "action": "deny", "hosts": [".social.test"]},
                        {"name": "yes", "action": "allow", "hosts": ["yes.test"]}]}

    def test_what_rules_deny_is_let_through_logged_and_counted(self):
        proxy = self.sluice({"policy": self.POLICY})
        proxy.wait_line("policy.enforce is report")
        for target, verdict, rule in (("a.social.test:443", "would-deny", "no-social"),
                                      ("other.test:443", "would-deny", "default"),
                                      ("yes.test:443", "allow", "yes")):
            self.assertEqual(502, self.ask(proxy, target).status)
            record = self.record(proxy, target)
            self.assertEqual((verdict, rule), (record["verdict"], record["rule"]))
        metrics = proxy.metrics()
        self.assertEqual((2, 0), (metrics["sluice_would_deny_total"], metrics["sluice_denied_total"]))

    def test_the_guard_and_the_ports_still_deny(self):
        hosts = [{"name": "inside.test", "addresses": ["10.0.0.9"]},
                 {"name": "imds.test", "addresses": ["169.254.169.254"]}]
        rules = [{"name": "all", "action": "deny", "addresses": ["0.0.0.0/0", "::/0"]}]
        proxy = self.sluice({"policy": {**self.POLICY, "rules": rules, "allow_metadata": True},
                             "dns": {"hosts": hosts}})
        own = "%s:%d" % proxy.admin
        for target in ("169.254.169.254:80", "168.63.129.16:80", "127.0.0.1:443", "10.0.0.9:443",
                       "inside.test:443", "imds.test:80", "metadata.internal:443", "a.test:25", own,
                       "[::ffff:169.254.169.254]:80"):
            with self.subTest(target=target):
                self.assertEqual(403, self.ask(proxy, target).status)
                self.assertEqual("deny", self.record(proxy, target)["verdict"])
        self.assertEqual(0, proxy.metrics()["sluice_would_deny_total"])

    def test_a_reload_switches_it(self):
        proxy = self.sluice({"policy": {**self.POLICY, "enforce": "enforce"}})
        self.assertEqual(403, self.ask(proxy, "other.test:443").status)
        for enforce, status in (("report", 502), ("enforce", 403)):
            done = sum(1 for line in proxy.lines if "reload: done" in line)
            proxy.write_config({"policy": {"enforce": enforce}})
            proxy.signal(signal.SIGHUP)
            proxy.wait_line("reload: done", skip=done)
            harness.eventually(lambda: self.ask(proxy, "other.test:443").status == status,
                               f"{enforce} in force")

    def test_it_goes_together_with_a_profile(self):
        proxy = self.sluice({"policy": {"profile": "aks:westeurope", "enforce": "report"}})
        self.assertEqual(502, self.ask(proxy, "demo.vault.azure.net:443").status)
        self.assertEqual("would-deny", self.record(proxy, "demo.vault.azure.net:443")["verdict"])
        self.assertEqual(502, self.ask(proxy, "mcr.microsoft.com:443").status)
        self.assertEqual("allow", self.record(proxy, "mcr.microsoft.com:443")["verdict"])


if __name__ == "__main__":
    unittest.main()
