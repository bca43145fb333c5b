"""`sluice config …` and the command line: exit codes and what is said."""
import json
import pathlib
import socket
import tempfile
import unittest

import harness
from harness import run_sluice
from wire import Peer, request

BROKEN = """\
timeouts:
  idel: 5s
  head: 5x
limits:
  fields: many
policy:
  rules:
    - name: one
      action: permit
listen: ["127.0.0.1"]
"""


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


class ConfigCommand(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name) / "sluice.yaml"

    def write(self, text):
        self.path.write_text(text)
        return self.path

    def test_a_good_file_is_valid(self):
        code, out, _ = run_sluice("config", "check", "-c", self.write("timeouts:\n  idle: 30s\n"))
        self.assertEqual((0, True), (code, "valid" in out), out)

    def test_all_problems_are_reported_at_once_with_file_and_line(self):
        code, out, _ = run_sluice("config", "check", "-c", self.write(BROKEN))
        self.assertEqual(2, code)
        for line, words in {2: ["timeouts.idel", "timeouts.idle"], 3: ["timeouts.head", "5x"],
                            5: ["limits.fields", "many"], 9: ["permit", "allow"],
                            10: ["127.0.0.1", "port"]}.items():
            report = [text for text in out.splitlines() if f"sluice.yaml:{line}:" in text]
            self.assertTrue(report, f"nothing about line {line} in:\n{out}")
            for word in words:
                self.assertIn(word, " ".join(report))

    def test_problems_as_json(self):
        code, out, _ = run_sluice("config", "check", "--json", "-c", self.write(BROKEN))
        self.assertEqual(2, code)
        self.assertEqual(5, len(json.loads(out)["problems"]))

    def test_not_yaml_is_a_problem_with_a_line(self):
        code, out, _ = run_sluice("config", "check", "-c", self.write("a: [1\nb: }\n"))
        self.assertEqual(2, code)
        self.assertRegex(out, r"sluice\.yaml:\d+")

    def test_a_missing_file_is_trouble_with_the_environment(self):
        code, _, err = run_sluice("config", "check", "-c", self.path)
        self.assertEqual((3, True), (code, str(self.path) in err), err)

    def test_show_effective_prints_every_key_and_where_it_came_from(self):
        path = self.write("timeouts:\n  idle: 30s\n")
        code, out, _ = run_sluice("config", "show", "--effective", "-c", path, "--set", "via=edge")
        self.assertEqual(0, code)
        self.assertRegex(out, r"idle: 30s .*sluice\.yaml:2")
        self.assertRegex(out, r"via: .?edge.? .*flag")
        self.assertRegex(out, r"head: 10s .*default")
        for key in ("sessions", "head_bytes", "fields", "sessions_per_client", "connect", "total",
                    "query_timeout", "connect_ports", "interim_responses", "drain"):
            self.assertRegex(out, rf"(?m)^\s*{key}:")

    def test_what_show_prints_is_a_configuration(self):
        path = self.write("timeouts:\n  idle: 30s\npolicy:\n  rules:\n"
                          "    - {name: a, action: deny, hosts: [.bad.test]}\n")
        _, shown, _ = run_sluice("config", "show", "--effective", "-c", path)
        code, out, _ = run_sluice("config", "check", "-c", self.write(shown))
        self.assertEqual(0, code, out)
        _, again, _ = run_sluice("config", "show", "--json", "-c", self.path)
        self.assertEqual("30s", json.loads(again)["config"]["timeouts"]["idle"])

    def test_flags_and_environment_override_the_file(self):
        path = self.write("timeouts:\n  idle: 30s\n  head: 3s\n")
        environment = {**harness.environment_without_own(), "SLUICE_TIMEOUTS__HEAD": "4s"}
        _, out, _ = run_sluice("config", "show", "-c", path, "--set", "timeouts.idle=40s", env=environment)
        self.assertRegex(out, r"idle: 40s")
        self.assertRegex(out, r"head: 4s .*SLUICE_TIMEOUTS__HEAD")

    def test_flags_beat_the_environment_with_a_warning(self):
        environment = {**harness.environment_without_own(), "SLUICE_TIMEOUTS__HEAD": "4s"}
        _, out, err = run_sluice("config", "show", "--set", "timeouts.head=5s", env=environment)
        self.assertRegex(out, r"head: 5s .*flag --set timeouts.head")
        self.assertIn("SLUICE_TIMEOUTS__HEAD: warning: timeouts.head is set otherwise by --set", err)
        _, _, err = run_sluice("config", "show", "--set", "timeouts.head=4s", env=environment)
        self.assertEqual("", err)

    def test_secrets_are_masked(self):
        token = "0123456789abcdef0123456789abcdef"
        _, out, _ = run_sluice("config", "show", "--effective", "--set", f"admin.token={token}")
        self.assertNotIn(token, out)

    def test_the_schema_is_json_schema_and_knows_the_keys(self):
        code, out, _ = run_sluice("config", "schema")
        self.assertEqual(0, code)
        schema = json.loads(out)
        self.assertIn("$schema", schema)
        self.assertIn("idle", schema["properties"]["timeouts"]["properties"])


class CommandLine(harness.TestCase):
    def test_help_is_everywhere_and_has_examples(self):
        for command in ([], ["run"], ["config"], ["config", "check"], ["config", "show"],
                        ["config", "schema"], ["check"], ["aks", "learn"]):
            with self.subTest(command=command):
                code, out, _ = run_sluice(*command, "--help")
                self.assertEqual(0, code)
                self.assertRegex(out, r"Examples?|Try:")

    def test_wrong_usage_is_2(self):
        for arguments in (["fly"], ["run", "--no-such-flag"], ["config"]):
            with self.subTest(arguments=arguments):
                self.assertEqual(2, run_sluice(*arguments)[0])

    def test_run_with_a_wrong_configuration_is_2_and_says_why(self):
        code, _, err = run_sluice("run", "--set", "timeouts.idle=5x")
        self.assertEqual(2, code)
        self.assertIn("timeouts.idle", err)

    def test_run_on_a_port_that_is_taken_is_3_and_names_it(self):
        origin = self.origin()
        code, _, err = run_sluice("run", "--listen", origin.authority, "--set", "admin.listen=off")
        self.assertEqual((3, True), (code, origin.authority in err), err)

    def test_listen_flag_overrides_the_file(self):
        proxy = self.sluice(arguments=["--listen", "127.77.0.9:0"])
        self.assertEqual("127.77.0.9", proxy.address[0])

    def test_several_listeners_and_ipv6(self):
        listen = ["127.0.0.1:0", "127.0.0.1:0"] + (["[::1]:0"] if has_ipv6() else [])
        proxy = self.sluice({"listen": listen})
        self.assertEqual(len(listen), len({port for _, port in proxy.listeners}))
        for address in proxy.listeners:
            with Peer.connect(address) as client:
                client.send(request("OPTIONS", "*", host="x"))
                self.assertEqual(200, client.read_response().status)


if __name__ == "__main__":
    unittest.main()
