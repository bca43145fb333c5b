"""sluice check: the simulation, and the live check against a lab of real processes."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

import harness
from harness import run_sluice
from origin import Origin

README = harness.REPOSITORY / "README.md"


def without_times(table):
    """The report's table with durations and ports blanked, as they differ from run to run."""
    table = re.sub(r"\d+(\.\d+)? (ms|µs|s)\b", "T", table)
    table = re.sub(r"expired\s+\S+Z", "expired DATE", table)
    table = re.sub(r":\d{5}\b", ":PORT", table)
    return re.sub(r"\s+", " ", table)


class Simulate(unittest.TestCase):
    def test_it_passes_within_ten_seconds_and_shows_the_controls(self):
        began = time.monotonic()
        code, out, err = run_sluice("check", "--simulate")
        self.assertEqual(0, code, out + err)
        self.assertLess(time.monotonic() - began, 10)
        self.assertIn("mcr.microsoft.com:443", out)
        self.assertEqual(3, out.count("failed as it must"))
        self.assertIn("pass  4 in at most", out)
        self.assertIn("the proxy saw nothing of it", out.replace("\n      ", " "))
        self.assertIn("\nControls, which have to fail\n", out)
        self.assertEqual("Again: sluice check --simulate", out.splitlines()[-2])

    def test_a_cause_stands_once_with_its_fix_and_its_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "it's.json"
            config.write_text('{"httpProxy": "http://127.0.0.1:9/"}')
            old = pathlib.Path(folder) / "old.json"
            arguments = ["check", "-f", config, "--region", "westeurope", "--elsewhere"]
            code, out, _ = run_sluice(*arguments, "--json-file", old)
            self.assertEqual(1, code)
            self.assertTrue(out.startswith("Causes\n1.  FAIL 8 rows: the proxy 127.0.0.1:9 refused"), out)
            self.assertEqual(1, out.count("ECONNREFUSED"))
            self.assertEqual(8, len(re.findall(r"^FAIL  .* cause 1$", out, re.M)), out)
            report = json.loads(old.read_text())
            (cause,) = report["causes"]
            self.assertEqual(8, len(cause["rows"]))
            self.assertIn("'\\''s.json'", report["command"])
            for row in report["results"][:2]:
                row["verdict"] = "pass"
            report["results"].append({"name": "gone.example:443", "route": "proxy", "verdict": "pass"})
            old.write_text(json.dumps(report))
            code, out, _ = run_sluice(*arguments, "--baseline", old)
            self.assertEqual(1, code)
            self.assertIn(f"Since {report['started']}: 2 worse, 1 gone\n", out)
            self.assertIn("  gone: gone.example:443, was pass\n", out)
            old.write_text("{}")
            code, _, err = run_sluice(*arguments, "--baseline", old)
            self.assertEqual((2, True), (code, "sluice check --json" in err), err)
            self.assertEqual(3, run_sluice(*arguments, "--baseline", folder)[0])

    def test_inspect_shows_whom_it_inspected_and_that_no_api_server_was(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = {kind: os.path.join(folder, kind) for kind in ("json", "junit", "html")}
            code, out, err = run_sluice("check", "--simulate", "--inspect", "--json-file", paths["json"],
                                        "--junit", paths["junit"], "--html", paths["html"])
            self.assertEqual(0, code, out + err)
            report = json.loads(pathlib.Path(paths["json"]).read_text())
            junit = ElementTree.parse(paths["junit"]).getroot()
            page = pathlib.Path(paths["html"]).read_text()
        results = {each["name"]: each for each in report["results"]}
        self.assertTrue(report["inspection_expected"])
        mcr = results["mcr.microsoft.com:443"]
        self.assertEqual(("yes", "CN=Simulated Inspection CA"), (mcr["inspected"], mcr["authority"]))
        api = results["exempt: API server sent to the proxy"]
        self.assertEqual(("no", "api-server", "CN=Simulated Cluster CA"),
                         (api["inspected"], api["exemption"], api["authority"]))
        self.assertIn("which this endpoint does not allow", results["control: inspected API server"]["reason"])
        self.assertIn("client 127.0.0.1", results["control: client without the CA"]["reason"])
        self.assertEqual(6, out.count("failed as it must"))
        self.assertIn("TLS inspection\nyes   mcr.microsoft.com:443", out)
        self.assertIn("Inspected</b> by CN=Simulated Inspection CA", page)
        told = [each.text for each in junit.iter("system-out")]
        self.assertIn("Inspected: yes, by CN=Simulated Inspection CA", told)

    def test_an_inspecting_proxy_keeps_out_of_what_aks_documents(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "report.json"
            code, out, err = run_sluice("check", "--simulate", "--inspect", "--addon", "monitor", "--json-file", path)
            self.assertEqual(0, code, out + err)
            results = {each["name"]: each for each in json.loads(path.read_text())["results"]}
        monitoring = results["*.monitoring.azure.com:443"]
        self.assertEqual(("no", "listed"), (monitoring["inspected"], monitoring["exemption"]))

    def test_the_region_decides_the_cloud(self):
        _, out, _ = run_sluice("check", "--simulate", "--region", "chinaeast2")
        self.assertIn("mcr.azure.cn:443", out)

    def test_an_unreadable_file_is_environment_trouble(self):
        for flag in ("-f", "--facts"):
            environment = {**harness.environment_without_own(), "HTTPS_PROXY": "http://127.0.0.1:9"}
            done = subprocess.run([harness.BINARY, "check", flag, "/nonexistent"], env=environment,
                                  capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual((3, True), (done.returncode, "/nonexistent" in done.stderr), done.stderr)

    def test_the_readme_shows_what_it_prints(self):
        _, out, _ = run_sluice("check", "--simulate")
        text = README.read_text()
        start = text.index("```text\nThrough the proxy") + len("```text\n")
        shown = text[start:text.index("```", start)]
        self.assertEqual(without_times(shown), without_times(out))

    def test_reports_are_well_formed(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = {kind: os.path.join(folder, kind) for kind in ("json", "junit", "html")}
            code, _, err = run_sluice("check", "--simulate", "--json-file", paths["json"], "--junit",
                                      paths["junit"], "--html", paths["html"])
            self.assertEqual(0, code, err)
            report = json.loads(pathlib.Path(paths["json"]).read_text())
            suites = ElementTree.parse(paths["junit"]).getroot()
            page = pathlib.Path(paths["html"]).read_text()
        text = json.dumps(report)
        self.assertIn("control: noProxy ignored", text)
        self.assertGreaterEqual(len(list(suites.iter("testcase"))), 15)
        self.assertEqual(0, len(list(suites.iter("failure"))))
        self.assertIn("mcr.microsoft.com", page)

    def test_wrong_facts_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "config.json"
            config.write_text('{"httpProxy": "http://127.0.0.1:1/"}')
            facts = pathlib.Path(folder) / "facts.json"
            facts.write_text('{"podCidrs": ["10.0.0.1/8"]}')
            for flags, word in ((["--pod-cidr", "10.0.0.1/8"], "--pod-cidr"), (["--fqdn", "a b"], "--fqdn"),
                                (["--facts", facts], "$.podCidrs[0]")):
                code, out, err = run_sluice("check", "-f", config, *flags)
                self.assertEqual((2, "", True), (code, out, word in err), err)

    def test_json_alone_goes_to_standard_output(self):
        code, out, _ = run_sluice("check", "--simulate", "--json")
        self.assertEqual(0, code)
        json.loads(out)

    def test_a_wrong_add_on_is_a_usage_error_that_names_it(self):
        code, _, err = run_sluice("check", "--simulate", "--addon", "nonsense")
        self.assertEqual(2, code)
        self.assertIn("nonsense", err)

    def test_an_unwritable_report_is_environment_trouble(self):
        code, _, err = run_sluice("check", "--simulate", "--html", "/nonexistent/x.html")
        self.assertEqual(3, code)
        self.assertIn("/nonexistent/x.html", err)


class Live(harness.TestCase):
    def check(self, config, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "proxy.json")
            pathlib.Path(path).write_text(json.dumps(config))
            return run_sluice("check", "-f", path, "--region", "westeurope", "--elsewhere",
                              "--timeout", "5s", *arguments, timeout=60)

    def test_a_proxy_that_does_not_listen_fails_every_endpoint_with_a_next_step(self):
        code, out, _ = self.check({"httpProxy": "http://127.0.0.1:9/"})
        self.assertEqual(1, code)
        self.assertIn("ECONNREFUSED", out)
        self.assertIn("-> Check that http://127.0.0.1:9 listens", out)

    def test_closed_is_about_this_machines_network(self):
        for other in ("--simulate", "--clients"):
            code, _, err = run_sluice("check", "--closed", other)
            self.assertEqual((2, True), (code, "--closed" in err), err)

    def check_alone(self, setup=""):
        """`check --closed` in a network of its own, without a proxy, after `setup` in a shell: its rows by name."""
        alone = ["unshare", "--net", "--mount"]
        if os.geteuid() != 0:
            alone[1:1] = ["--user", "--map-root-user"]
        if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
            self.skipTest("neither root nor unprivileged user namespaces")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "proxy.json"
            path.write_text(json.dumps({"httpProxy": "http://127.0.0.1:9/", "httpsProxy": "http://127.0.0.1:9/"}))
            done = subprocess.run([*alone, "sh", "-ec", f'cd {folder}\n{setup}\nexec "$@"', "sh",
                                   os.path.abspath(harness.BINARY), "check", "-f", path, "--region", "westeurope",
                                   "--elsewhere", "--timeout", "5s", "--closed", "--json"], capture_output=True, text=True, env=harness.environment_without_own(),
                                  timeout=60, check=False)
        self.assertEqual(1, done.returncode, done.stderr)  # since there is no proxy either
        return {row["name"]: row for row in json.loads(done.stdout)["results"]}

    def test_a_network_without_a_way_out_is_closed(self):
        rows = self.check_alone()
        self.assertEqual("fail", rows["mcr.microsoft.com:443"]["verdict"])
        self.assertEqual("pass", rows["closed: mcr.microsoft.com:443"]["verdict"], rows)

    def test_lookups_without_an_answer_do_not_hold_up_each_other(self):
        # The name server is a socket that nobody reads; the resolver gives up on each name after two seconds.
        rows = self.check_alone("ip link set lo up\n"
                                "printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n' > resolv.conf\n"
                                "mount --bind resolv.conf /etc/resolv.conf\n"
                                'python3 -c "import os, socket\n'
                                "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 53))\n"
                                "pid = os.fork()\n"
                                'if not pid: os.close(1); os.close(2); import time; time.sleep(20)"\n')
        reasons = [row["reason"] for name, row in rows.items() if name.startswith("closed: ")]
        self.assertGreater(len(reasons), 6)
        self.assertEqual([], [each for each in reasons if "lookup" not in each or "took too long" in each])

    def test_a_broken_configuration_is_refused_with_all_findings(self):
        code, _, err = self.check({"httpProxy": "https://user:pw@proxy.example:3128/",
                                   "noProxy": ["*.corp.example"]})
        self.assertEqual(2, code)
        self.assertIn("$.httpProxy", err)
        self.assertIn("$.noProxy[0]", err)
        self.assertNotIn("pw@", err)

    def test_a_denying_proxy_is_told_from_an_unreachable_one(self):
        proxy = self.sluice({"policy": {"default_action": "deny"}})
        code, out, _ = self.check({"httpProxy": f"http://{proxy.authority}/"})
        self.assertEqual(1, code)
        self.assertIn("the proxy answered 403", out)
        self.assertIn("-> Allow them at the proxy.\n", out)
        self.assertIn("FAIL  mcr.microsoft.com:443 ", out)

    def odd_proxy(self, serve):
        """What `check` says when the proxy answers each request as `serve` does: words on one line."""
        proxy = Origin(serve=lambda _, peer: serve(peer), address="127.0.0.1")
        self.addCleanup(proxy.close)
        _, out, _ = self.check({"httpProxy": f"http://{proxy.authority}/"})
        return re.sub(r"\s+", " ", out)

    def test_interim_responses_before_the_answer_to_connect_are_taken(self):
        words = self.odd_proxy(lambda peer: (
            peer.read_request(), peer.send(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                           b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")))
        self.assertIn("the proxy answered 403", words)
        self.assertNotIn("the proxy answered 100", words)

    def test_a_proxy_that_closes_or_talks_nonsense_is_the_one_to_blame(self):
        cases = ((lambda peer: peer.read_request(), "the proxy closed the connection without an answer"),
                 (lambda peer: (peer.read_request(), peer.send(b"HTTP/1.1 200 O")),
                  "the proxy closed the connection in the middle of its answer's head"),
                 (lambda peer: (peer.read_request(), peer.send(b"SSH-2.0-OpenSSH\r\n"), peer.wait_end()),
                  'the proxy must send HTTP/1.1 as its specification writes it (it begins "SSH-2.0-OpenSSH'))
        for serve, sentence in cases:
            with self.subTest(sentence=sentence):
                words = self.odd_proxy(serve)
                self.assertIn(sentence, words)
                self.assertNotIn("the origin", words)

    def test_the_environment_variables_serve_when_there_is_no_file(self):
        environment = {**harness.environment_without_own(), "HTTPS_PROXY": "http://127.0.0.1:9",
                       "HTTP_PROXY": "http://127.0.0.1:9"}
        done = subprocess.run([harness.BINARY, "check", "--region", "westeurope", "--elsewhere"],
                              env=environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertIn("mcr.microsoft.com:443", done.stdout)


if __name__ == "__main__":
    unittest.main()
