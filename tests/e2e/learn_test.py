"""sluice run --learn and sluice aks learn: from traffic to an allow-list."""
import json
import pathlib
import signal
import stat
import tempfile
import unittest

import harness
from harness import run_sluice
from wire import request


# Denied names ask no name server, so that many of them take no time.
DENY = {"policy": {"default_action": "deny"}}


class LearnTestCase(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.file = self.directory / "learned.json"

    def learning(self, config=None, origins=()):
        rules = {"policy": {"rules": [harness.allow(origins)]}} if origins else {}
        return self.sluice(harness.merge(rules, config or {}), arguments=["--learn", str(self.file)])

    def ask(self, proxy, target, method="CONNECT"):
        with proxy.connect() as client:
            client.send(request(method, target))
            return client.read_response(method).status

    def learned(self):
        document = json.loads(self.file.read_text())
        return {(entry["host"], entry["port"], entry["method"]): entry
                for entry in document["destinations"]}


class Recording(LearnTestCase):
    def test_destinations_are_written_at_the_end_with_verdicts_times_and_clients(self):
        origin = self.origin()
        proxy = self.learning({"policy": {"rules": [
            harness.allow([origin]), {"name": "no", "action": "deny", "hosts": ["no.test"]}]}})
        for _ in range(3):
            self.assertEqual(200, self.ask(proxy, origin.url(), "GET"))
        self.ask(proxy, origin.authority)
        self.ask(proxy, "no.test:443")
        self.ask(proxy, "unresolved.test:443")
        with proxy.connect() as client:  # malformed: no destination
            client.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            client.read_response()
        self.assertEqual(0, proxy.stop())
        learned = self.learned()
        address, port = origin.authority.split(":")
        counts = {key: (entry["allow"], entry["would_deny"], entry["deny"])
                  for key, entry in learned.items()}
        self.assertEqual({(address, int(port), "forward"): (3, 0, 0),
                          (address, int(port), "connect"): (1, 0, 0),
                          ("no.test", 443, "connect"): (0, 0, 1),
                          ("unresolved.test", 443, "connect"): (1, 0, 0)}, counts)
        entry = learned["no.test", 443, "connect"]
        self.assertEqual((["127.0.0.1"], False), (entry["clients"], entry["more_clients"]))
        self.assertRegex(entry["first"], r"^20\d\d-.*Z$")
        self.assertEqual(0o600, stat.S_IMODE(self.file.stat().st_mode))

    def test_an_existing_file_is_continued(self):
        for _ in range(2):
            proxy = self.learning()
            self.ask(proxy, "a.test:443")
            self.assertEqual(0, proxy.stop())
        self.assertEqual(2, self.learned()["a.test", 443, "connect"]["allow"])

    def test_it_is_written_while_the_proxy_runs_and_an_open_tunnel_counts(self):
        origin = self.origin()
        proxy = self.learning({"learn": {"interval": "100ms"}}, [origin])
        self.tunnel(proxy, origin.authority)
        harness.eventually(lambda: any(key[2] == "connect" for key in self.learned()),
                           "the tunnel in the file")

    def test_a_killed_proxy_leaves_a_whole_file(self):
        proxy = harness.Sluice({"learn": {"interval": "100ms"}, **DENY}, arguments=["--learn", str(self.file)])
        for number in range(50):
            self.ask(proxy, f"a{number}.test:443")
        harness.eventually(lambda: len(self.learned()) == 50, "the file written")
        proxy.signal(signal.SIGKILL)
        proxy.wait_exit()
        self.assertEqual(50, len(self.learned()))

    def test_it_is_bounded_and_counts_what_it_drops(self):
        proxy = self.learning({"learn": {"destinations": 5, "interval": "100ms"}, "workers": 1, **DENY})
        self.ask(proxy, "a0.test:443")
        for number in range(12):
            self.ask(proxy, f"a{number}.test:443")
        harness.eventually(lambda: proxy.metrics()["sluice_learn_dropped_total"] == 7, "the drops")
        self.assertEqual(5, proxy.metrics()["sluice_learned_destinations"])
        self.assertEqual(0, proxy.stop())
        self.assertEqual((5, 2), (len(self.learned()), self.learned()["a0.test", 443, "connect"]["deny"]))
        self.assertEqual(7, json.loads(self.file.read_text())["dropped"])

    def test_a_file_of_another_kind_is_left_alone(self):
        self.file.write_text("precious notes")
        code, _, err = run_sluice("run", "--learn", self.file, "--listen", "127.0.0.1:0",
                                  "--set", "admin.listen=off")
        self.assertEqual((3, True), (code, str(self.file) in err), err)
        self.assertEqual("precious notes", self.file.read_text())

    def test_a_place_that_cannot_be_written_is_said_at_start(self):
        code, _, err = run_sluice("run", "--learn", self.directory / "nowhere/learned.json",
                                  "--listen", "127.0.0.1:0", "--set", "admin.listen=off")
        self.assertEqual((3, True), (code, "nowhere" in err), err)


class AllowList(LearnTestCase):
    TARGETS = ("mcr.microsoft.com:443", "eastus.data.mcr.microsoft.com:443", "demo.vault.azure.net:443",
               "partner.example.com:443", "demo-1.hcp.westeurope.azmk8s.io:443", "203.0.113.7:443")

    def record(self):
        """What a proxy with report-only policy records of TARGETS."""
        proxy = self.learning({"policy": {"default_action": "deny", "enforce": "report"}})
        for target in self.TARGETS:
            self.ask(proxy, target)
        self.assertEqual(0, proxy.stop())

    def test_the_table_tells_required_addon_direct_and_unknown(self):
        self.record()
        code, out, err = run_sluice("aks", "learn", self.file, "--region", "westeurope")
        self.assertEqual(0, code, err)
        groups = [line for line in out.splitlines()[:-1] if line and not line.startswith((" ", "W", "A"))]
        self.assertEqual(["required", "add-on keyvault", "direct", "unknown"], groups)
        self.assertRegex(out, r"eastus\.data\.mcr\.microsoft\.com:443 .* as \*\.data\.mcr\.microsoft\.com")
        self.assertIn("aks:westeurope,keyvault", out)

    def test_as_json(self):
        self.record()
        code, out, _ = run_sluice("aks", "learn", self.file, "--json")
        self.assertEqual(0, code)
        kinds = {entry["host"]: (entry["class"], entry["listing"], entry["would_deny"])
                 for entry in json.loads(out)["destinations"]}
        self.assertEqual(("required", "allow", 1), kinds["mcr.microsoft.com"])
        self.assertEqual(("unknown", "review", 1), kinds["partner.example.com"])
        self.assertEqual(("unknown", "never", 0), kinds["203.0.113.7"])  # the guard denied it

    def test_the_policy_is_accepted_and_enforces_what_was_learned(self):
        self.record()
        for flags, partner in (((), 403), (("--with-unknown",), 502)):
            with self.subTest(flags=flags):
                code, policy, _ = run_sluice("aks", "learn", self.file, "--as", "sluice", *flags)
                self.assertEqual(0, code)
                path = self.directory / "policy.yaml"
                path.write_text(policy)
                self.assertEqual(0, run_sluice("config", "check", "-c", path)[0])
                _, shown, _ = run_sluice("config", "show", "--json", "-c", path)
                proxy = self.sluice({"policy": json.loads(shown)["config"]["policy"]})
                for target, status in {"mcr.microsoft.com:443": 502, "demo.vault.azure.net:443": 502,
                                       "westus.data.mcr.microsoft.com:443": 502,
                                       "partner.example.com:443": partner, "other.example.com:443": 403,
                                       "203.0.113.7:443": 403}.items():
                    self.assertEqual(status, self.ask(proxy, target), target)

    def test_wrong_usage_and_wrong_files(self):
        self.file.write_text("{}")
        for code, arguments in ((2, [self.file]), (3, [self.directory / "missing"]), (2, []),
                                (2, [self.file, "--as", "squid"]), (2, [self.file, "--cloud", "mars"]),
                                (2, [self.file, "--cloud", "public", "--region", "chinaeast2"]),
                                (2, [self.file, "--json", "--as", "sluice"])):
            with self.subTest(arguments=arguments):
                self.assertEqual(code, run_sluice("aks", "learn", *arguments)[0])
        self.record_empty()
        self.assertEqual(0, run_sluice("aks", "learn", self.file, "--addon", "monitor,gpu")[0])
        code, _, err = run_sluice("aks", "learn", self.file, "--addon", "coffee")
        self.assertEqual((2, True), (code, "coffee" in err), err)

    def record_empty(self):
        self.file.unlink()
        self.assertEqual(0, self.learning().stop())


if __name__ == "__main__":
    unittest.main()
