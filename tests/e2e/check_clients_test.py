"""`sluice check --clients`: what real clients do beside what is predicted, and clients that lie.

The stand-ins for clients are shell scripts on a PATH of their own: one goes where its name's rules do not
lead, one never connects. The command makes its own network namespace, so this needs root or unprivileged
user namespaces, and says so when it has neither.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness

CONFIG = {"httpProxy": "http://proxy.example:3128/", "httpsProxy": "http://proxy.example:3128/",
          "noProxy": ["10.0.0.5", ".corp.example", "intranet.corp.example"]}
CLUSTER = ["--fqdn", "demo-1a2b.hcp.westeurope.azmk8s.io", "--service-cidr", "10.0.0.0/16"]
# Programs of deploy/packages.txt, as reports name them.
PROMISED = ["Go net/http", "curl", "git", "wget", "Python urllib", "Ruby Net::HTTP", "Java"]


class CheckClients(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="sluice-clients-test-")
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.config = self.path / "aks-proxy-config.json"
        self.config.write_text(json.dumps(CONFIG))

    def check(self, *arguments, path=None, wrapper=(), mode=()):
        """Exit code, JSON report, standard output and error of a run with only `path` to find clients."""
        report = self.path / "report.json"
        environment = harness.environment_without_own()
        if path:
            environment["PATH"] = str(path)
        done = subprocess.run([*wrapper, harness.BINARY, "check", "-f", str(self.config), *CLUSTER, "--clients", *mode,
                               "--json-file", str(report), *arguments], env=environment, capture_output=True, text=True,
                              timeout=400, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(report.read_text()), done.stdout

    def stand_ins(self, **scripts):
        """A directory with shell scripts and, for those, a shell."""
        directory = self.path / "bin"
        directory.mkdir(exist_ok=True)
        for name, text in scripts.items():
            (directory / name).write_text(f"#!/bin/sh\n{text}\n")
            (directory / name).chmod(0o755)
        return directory

    def run_of(self, report, program):
        return next(run for run in report["clients"] if run["program"].startswith(program))

    def test_every_installed_client_goes_where_it_is_predicted_to_go(self):
        code, report, out = self.check()
        self.assertEqual(0, code, out)
        for program in PROMISED:
            run = self.run_of(report, program)
            self.assertEqual("", run["skipped"], f"{program}: deploy/packages.txt lists it")
            self.assertGreater(len(run["routes"]), 10)
            for route in run["routes"]:
                self.assertIn(route["verdict"], ("pass", "warn"), (program, route))
                self.assertIn(route["seen"], ("proxy", "direct"), (program, route))
        # wget knows no prefixes, so that the service address goes the wrong way, as predicted.
        wget = {route["url"]: route for route in self.run_of(report, "wget")["routes"]}
        self.assertEqual(("warn", "proxy", "direct"), tuple(
            wget["https://10.0.0.1/"][key] for key in ("verdict", "seen", "wanted")))
        print(f"{report['summary']}", flush=True)

    def test_a_client_that_goes_elsewhere_fails_and_names_the_rule(self):
        # It calls itself wget but reads the list as curl does, prefixes included.
        curl = shutil.which("curl")
        path = self.stand_ins(wget=f'[ "$1" = --version ] && echo GNU Wget 1.21.3 && exit\n'
                                   f'shift 7\nfor url; do {curl} -q -s -k -m 5 "$url"; done')
        code, report, out = self.check("--junit", str(self.path / "junit.xml"), "--html", str(self.path / "r.html"),
                                       path=path)
        self.assertEqual(1, code, out)
        failed = [route for route in self.run_of(report, "wget")["routes"] if route["verdict"] == "fail"]
        self.assertEqual(["https://10.0.0.1/"], [route["url"] for route in failed])
        self.assertIn("predicted proxy, seen direct", failed[0]["reason"])
        self.assertIn("[no-entry]", failed[0]["reason"])
        self.assertIn("FAIL  wget 1.21.3", out)
        for name in ("junit.xml", "r.html"):
            self.assertIn("predicted proxy, seen direct", (self.path / name).read_text(), name)

    def test_a_client_that_never_connects_is_not_testable_rather_than_direct(self):
        path = self.stand_ins(ruby='[ "$2" = "puts RUBY_VERSION" ] && echo 3.1.2 && exit\nexit 1',
                              curl='[ "$1" = --version ] && echo curl 7.88.1 && exit\nexit 7')
        code, report, out = self.check(path=path)
        self.assertEqual(1, code, "nothing could be told, which proves nothing")
        for program in ("curl", "Ruby"):
            for route in self.run_of(report, program)["routes"]:
                self.assertEqual("skip", route["verdict"], route)
                self.assertIn("not testable", route["reason"])
        self.assertEqual("not installed", self.run_of(report, "git")["skipped"])
        self.assertIn("skip  git: skipped: not installed", out)

    def test_here_the_proxy_alone_is_evidence(self):
        path = self.stand_ins()
        path.joinpath("curl").symlink_to(shutil.which("curl"))
        wrapper = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
        ip = shutil.which("ip")
        wrapper = [shutil.which("unshare"), *wrapper[1:], "/bin/sh", "-c", f'{ip} link set lo up && exec "$@"', "sh"]
        code, report, out = self.check(path=path, wrapper=wrapper, mode=["here"])
        self.assertEqual(0, code, out)
        seen = {route["url"]: route["seen"] for route in self.run_of(report, "curl")["routes"]}
        self.assertEqual("proxy", seen["https://mcr.microsoft.com/"])
        self.assertEqual("nowhere", seen["http://169.254.169.254/"])

    def test_simulation_and_clients_exclude_each_other(self):
        code, _, err = harness.run_sluice("check", "--simulate", "--clients")
        self.assertEqual(2, code)
        self.assertIn("--simulate", err)


if __name__ == "__main__":
    unittest.main()
