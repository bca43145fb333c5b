"""`sluice noproxy` from outside: what it needs, its exit codes, its sources. docs/handbook/noproxy.md shows the rest."""
import json
import pathlib
import tempfile
import unittest

import harness

CONFIG = {"httpProxy": "http://proxy.example:3128/", "noProxy": [".corp.example"]}
FQDN = "demo-1a2b.hcp.westeurope.azmk8s.io"


class NoproxyCli(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="sluice-noproxy-")
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def file(self, name, text):
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        return path

    def run_noproxy(self, *arguments, **options):
        return harness.run_sluice("noproxy", *arguments, **options)

    def test_wrong_usage_is_2_and_says_what_is_wrong(self):
        broken = self.file("broken.json", "{")
        config = self.file("config.json", json.dumps(CONFIG))
        cases = [
            (["explain"], "name a URL"),
            (["explain", "://corp.example"], "has no scheme"),
            (["explain", "ftp://corp.example"], "is no http or https URL"),
            (["explain", "http://a", "--client", "netscape"], "netscape"),
            (["explain", "http://a", "--resolved", "a"], "NAME=ADDRESS"),
            (["explain", "http://a", "--no-proxy", "b", "-f", broken], "name one"),
            (["explain", "http://a", "-f", broken], "has errors"),
            (["explain", "http://a", "-f", config, "--pod-cidr", "10.0.0.1/8"], "--pod-cidr"),
            (["explain", "http://a", "-f", config, "--fqdn", "a b"], "--fqdn"),
            (["explain", "http://a", "--fqdn", "a.example"], "--http-proxy-config"),
            (["lint", "a", "--facts", config], "--http-proxy-config"),
            (["lint", "a", "-f", config], "name one"),
            (["lint"], "NO_PROXY"),
            (["lint", "a", "--wrong"], "--wrong"),
        ]
        environment = {"PATH": "/usr/bin:/bin"}
        for arguments, sentence in cases:
            with self.subTest(arguments):
                code, _, err = self.run_noproxy(*arguments, env=environment)
                self.assertEqual(2, code, err)
                self.assertIn(sentence, err)

    def test_a_file_that_cannot_be_read_is_3(self):
        config = self.file("config.json", json.dumps(CONFIG))
        for path in ("/nowhere", str(self.path)):
            for arguments in (["explain", "http://a", "-f", path], ["lint", "-f", path],
                              ["lint", "-f", config, "--facts", path], ["explain", "--batch", path]):
                with self.subTest(arguments):
                    code, _, err = self.run_noproxy(*arguments)
                    self.assertEqual(3, code, err)
                    self.assertIn(f"{path} can't be read", err)

    def test_a_file_is_read_up_to_a_bound_only(self):
        code, _, err = self.run_noproxy("explain", "http://a", "-f", "/dev/zero")
        self.assertEqual(2, code, err)

    def test_a_configuration_may_come_from_standard_input(self):
        with self.file("config.json", json.dumps(CONFIG)).open() as config:
            code, out, err = self.run_noproxy("lint", "-f", "-", "--json", stdin=config)
        self.assertEqual(1, code, err)
        self.assertTrue(json.loads(out)["no_proxy"].startswith(".corp.example,localhost,"), out)

    def test_lint_is_0_for_notes_and_1_for_more(self):
        self.assertEqual(0, self.run_noproxy("lint", "corp.example")[0])
        self.assertEqual(1, self.run_noproxy("lint", "*.corp.example")[0])
        self.assertEqual(0, self.run_noproxy("lint", "--fix", "*.corp.example")[0])
        self.assertEqual(1, self.run_noproxy("lint", "--fix", "10.0.0.0/8")[0])
        self.assertEqual(1, self.run_noproxy("lint", "--java", "10.0.0.0/9")[0])

    def test_lint_takes_the_list_from_a_configuration_or_from_the_environment(self):
        config = self.file("config.json", json.dumps(CONFIG))
        code, out, _ = self.run_noproxy("lint", "-f", config, "--json")
        answer = json.loads(out)
        self.assertEqual(1, code)
        self.assertEqual(".corp.example,localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity",
                         answer["no_proxy"])
        self.assertEqual(["entry-dot"], [finding["rule"] for finding in answer["findings"]])
        self.assertEqual(["corp.example", ".corp.example"], answer["findings"][0]["portable"])
        _, out, _ = self.run_noproxy("lint", "--fix", env={"NO_PROXY": "a b"})
        self.assertEqual("a,b,localhost,127.0.0.1\n", out)

    def test_a_configuration_is_completed_by_the_clusters_facts(self):
        config = self.file("config.json", json.dumps(CONFIG))
        facts = self.file("facts.json", json.dumps({"fqdn": FQDN, "podCidrs": ["10.244.0.0/16"],
                                                    "serviceCidrs": ["10.0.0.0/16"]}))
        urls = [f"https://{FQDN}/", "http://10.244.0.9/", "http://10.1.0.1/"]
        given = ["-f", config, "--facts", facts, "--service-cidr", "10.1.0.0/16"]
        code, out, err = self.run_noproxy("explain", *urls, *given, "--client", "go", "--json")
        self.assertEqual(0, code, err)
        self.assertEqual(["direct"] * 3, [to["verdicts"][0]["outcome"]
                                          for to in json.loads(out)["destinations"]])
        _, out, _ = self.run_noproxy("lint", *given, "--json")
        self.assertTrue(json.loads(out)["no_proxy"].endswith(f",{FQDN},10.244.0.0/16,10.1.0.0/16"), out)

    def test_facts_that_the_list_misses_are_named(self):
        config = self.file("config.json", json.dumps(CONFIG))
        for arguments in (["explain", "http://a"], ["lint"]):
            _, _, err = self.run_noproxy(*arguments, "-f", config, "--fqdn", FQDN,
                                         "--vnet-cidr", "10.224.0.0/12", "--subnet-cidr", "10.224.0.0/16")
            missing = [line.split(":")[1].strip() for line in err.splitlines()
                       if line.endswith("[facts-missing]")]
            self.assertEqual(["--service-cidr"], missing)

    def test_a_disabled_configuration_tells_clients_nothing(self):
        config = self.file("config.json", json.dumps({**CONFIG, "enabled": False}))
        code, out, err = self.run_noproxy("explain", "http://www.corp.example/", "http://a/", "--json",
                                          "-f", config)
        self.assertEqual((0, ""), (code, json.loads(out)["no_proxy"]))
        verdicts = [verdict for to in json.loads(out)["destinations"] for verdict in to["verdicts"]]
        self.assertEqual({("direct", "no-variable")},
                         {(verdict["outcome"], verdict["rule"]) for verdict in verdicts})
        self.assertIn("[config-disabled]", err)
        self.assertNotIn("[facts-missing]", err)
        code, out, _ = self.run_noproxy("lint", "-f", config, "--json")
        self.assertEqual((0, "", []), (code, json.loads(out)["no_proxy"], json.loads(out)["findings"]))

    def test_explain_as_json_names_what_counted_and_hides_credentials(self):
        code, out, _ = self.run_noproxy(
            "explain", "http://www.corp.example/", "--json", "--client", "curl-8.18",
            env={"http_proxy": "http://me:secret@p:3128", "HTTP_PROXY": "http://other:1", "NO_PROXY": "x"})
        self.assertEqual(0, code)
        self.assertNotIn("secret", out)
        verdict = json.loads(out)["destinations"][0]["verdicts"][0]
        self.assertEqual(("proxy", "no-entry", "http_proxy", "NO_PROXY", "http://p:3128"), tuple(
            verdict[key] for key in ("outcome", "rule", "proxy_variable", "list_variable", "proxy")))

    def test_batch_answers_every_line_and_ends_with_2_for_a_wrong_one(self):
        cases = self.file("cases.jsonl", '{"client":"go","url":"http://a/","no_proxy":"a"}\nx\n'
                                         '{"client":"go","url":"http://b/","no_proxy":"a"}\n')
        code, out, _ = self.run_noproxy("explain", "--batch", cases)
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(2, code)
        self.assertEqual(["direct", None, "proxy"], [answer.get("outcome") for answer in answers])
        self.assertIn("JSON object", answers[1]["error"])


if __name__ == "__main__":
    unittest.main()
