"""`make lab` on a real engine: its verdicts, what turns them, and what it has for a laptop."""
import os
import re
import signal
import subprocess
import threading
import time
import unittest

import base
from harness import BINARY
from leg import REPOSITORY

LAB_SECONDS = 240
ENVIRONMENT = {"BUILD_BASE": base.NAME, "RUNTIME_BASE": base.NAME, "BINARY": BINARY, "PLAY_PORT": "13128",
               "PLAY_TLS_PORT": "13443", "PROMETHEUS_PORT": "19090"}
STAYS = "The lab stays until you interrupt this"
PULLED = "node: containerd pulled mcr.microsoft.com/lab/hello:1 through https://proxy.lab.example:3443/"


class Stage:
    """`make lab`, which stays, as it does for a laptop."""

    def __init__(self, *changes):
        self.environment = {**os.environ, **ENVIRONMENT, "LAB": " ".join((*changes, "play"))}
        self.said = []
        # Not by make, which replaces every failure by 2. A session of its own, so that it alone is interrupted.
        self.process = subprocess.Popen(["deploy/lab/run.sh", "up"], cwd=REPOSITORY, env=self.environment, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self._stays = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if not self._stays.wait(LAB_SECONDS) or self.process.poll() is not None:
            self.process.send_signal(signal.SIGTERM)
            raise AssertionError(self.text())

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line)
            if STAYS in line:
                self._stays.set()
        self._stays.set()

    def text(self):
        return "".join(self.said)

    def compose(self, *arguments):
        laid_over = [f"deploy/lab/{name}.yaml" for name in self.environment["LAB"].split()]
        environment = {**self.environment, "COMPOSE_FILE": ":".join(["docker-compose.yml", *laid_over])}
        done = subprocess.run(["docker-compose", *arguments], cwd=REPOSITORY, env=environment, text=True, check=False,
                              timeout=LAB_SECONDS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def check(self, *arguments, options=()):
        """The verdict once more, with `options` for compose and other arguments for the check: exit code, output."""
        return self.compose("run", "--rm", "--no-deps", *options, "check", *CHECK, *arguments)

    def end(self):
        """As by Ctrl-C: its exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._reader.join()
        return code


# The command of the service check, for the controls to vary.
CHECK = ["check", "--closed", "--timeout=5s", "--roots=/shared/public-roots.pem", "--cluster-ca=/shared/cluster-ca.pem",
         "--fqdn=aks-lab.hcp.westeurope.azmk8s.io", "--service-cidr=172.31.252.0/24"]
AS_GIVEN = "--http-proxy-config=/shared/http-proxy-config.json"
CA = "--trusted-ca=/shared/sluice-ca.pem"


def docker(*arguments):
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def curl(*arguments):
    done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "20", "--output", "/dev/null",
                           "--write-out", "%{http_code} %{http_connect}", *arguments], cwd=REPOSITORY,
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


class Lab(unittest.TestCase):
    """As docker-compose.yml has it. The controls change one thing each and put it back."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stage = Stage()

    @classmethod
    def tearDownClass(cls):
        code = cls.stage.end()
        if code or docker("ps", "--all", "--quiet", "--filter", "name=_node_1"):
            raise AssertionError(f"exit code {code}\n{cls.stage.text()}")

    def test_all_is_reached_as_it_must_be_and_nothing_without_the_proxy(self):
        said = self.stage.text()
        self.assertIn("lab: check exited with 0", said)
        self.assertNotIn("inspected by the proxy", said)
        for direct in ("168.63.129.16:80", "169.254.169.254:80", "aks-lab.hcp.westeurope.azmk8s.io:443",
                       "172.31.252.1:443"):
            self.assertIn(direct, said)
        print(re.search(r"lab: check exited .*", said)[0], flush=True)

    def test_the_node_is_set_up_by_the_rendered_script_and_pulls_through_the_proxy(self):
        said = self.stage.text()
        for line in ("node: wrote /etc/systemd/system.conf.d/proxy.conf",
                     "node: wrote /usr/local/share/ca-certificates/proxyCA.crt",
                     "node: https://mcr.microsoft.com/v2/ does not answer without the proxy",
                     "node: http://packages.microsoft.com/ answers 200 through the proxy, over IPv4",
                     "node: http://packages.microsoft.com/ answers 200 through the proxy, over IPv6", PULLED):
            self.assertIn(line, said)
        # The registry has an IPv6 address alone, as far as the proxy knows.
        log = self.stage.compose("logs", "--no-color", "proxy")[1]
        self.assertRegex(log, r'"target":"mcr.microsoft.com:443","origin":"\[fd00:51:250::11\]:443"')

    def test_both_listeners_serve_a_laptop(self):
        roots = ["--cacert", "build/lab/public-roots.pem"]
        plain = ["--proxy", "http://127.0.0.1:13128"]
        tls = ["--proxy", "https://127.0.0.1:13443", "--proxy-cacert", "build/lab/sluice-ca.pem"]
        self.assertEqual((0, "200 200", ""), curl(*plain, *roots, "https://mcr.microsoft.com/v2/"))
        self.assertEqual((0, "200 200", ""), curl(*tls, *roots, "https://mcr.microsoft.com/v2/"))
        self.assertEqual("000 403", curl(*plain, "https://example.com/")[1])

    def test_a_direct_way_fails_it(self):
        node = self.stage.compose("ps", "--quiet", "node")[1].strip()
        networks = docker("network", "ls", "--format", "{{.Name}}").split()
        network = next(name for name in networks if name.endswith("_outside"))
        docker("network", "connect", network, node)
        try:
            code, said = self.stage.check(AS_GIVEN)
        finally:
            docker("network", "disconnect", network, node)
        self.assertEqual(1, code, said)
        self.assertRegex(said, r"FAIL +closed: mcr\.microsoft\.com:443")
        self.assertNotIn("FAIL  mcr.microsoft.com:443", said)

    def test_a_proxy_that_is_stopped_fails_it(self):
        self.stage.compose("stop", "proxy")
        try:
            code, said = self.stage.check(AS_GIVEN)
        finally:
            self.stage.compose("start", "proxy")
        self.assertEqual(1, code, said)
        self.assertRegex(said, r"FAIL +8 ")
        deadline = time.monotonic() + 60
        while (again := self.stage.check(AS_GIVEN))[0] and time.monotonic() < deadline:
            pass
        self.assertEqual(0, again[0], again[1])

    def test_a_cluster_without_the_ca_of_the_proxy_fails_it(self):
        # What deploy/lab has is the lab's configuration before the CA was put in.
        mount = ["-v", f"{REPOSITORY}/deploy/lab/http-proxy-config.json:/config.json:ro"]
        code, said = self.stage.check("--http-proxy-config=/config.json", options=mount)
        self.assertEqual(1, code, said)
        self.assertRegex(said, r"FAIL +8 ")
        code, said = self.stage.compose("run", "--rm", "--no-deps", "-e", "CONFIG=/config.json", *mount, "node")
        self.assertEqual(1, code, said)
        self.assertIn("node: containerd can't pull mcr.microsoft.com/lab/hello:1", said)
        self.assertIn("certificate signed by unknown authority", said)

    def test_an_endpoint_in_no_proxy_fails_it(self):
        mount = ["-v", f"{REPOSITORY}/tests/containers/wrong_no_proxy.json:/config.json:ro"]
        code, said = self.stage.check("--http-proxy-config=/config.json", CA, options=mount)
        self.assertEqual(1, code, said)
        self.assertRegex(said, r"FAIL +mcr\.microsoft\.com:443")
        self.assertRegex(said, r"pass  6 .*reached through the proxy")  # those that the entry does not cover


class Inspected(unittest.TestCase):
    """The proxy looks into TLS, and Prometheus at the proxy."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stage = Stage("inspect", "observe")

    @classmethod
    def tearDownClass(cls):
        code = cls.stage.end()
        if code:
            raise AssertionError(f"exit code {code}\n{cls.stage.text()}")

    def test_all_endpoints_are_inspected_that_may_be(self):
        said = self.stage.text()
        self.assertIn("lab: check exited with 0", said)
        self.assertIn("CN=Sluice lab proxy CA", said)
        self.assertIn(PULLED, said)

    def test_a_ca_that_the_cluster_does_not_trust_fails_it(self):
        # Its proxy has a certificate of the CA too, so the plain listener is asked.
        mount = ["-v", f"{REPOSITORY}/tests/containers/plain_proxy.json:/config.json:ro"]
        trusting, _ = self.stage.check("--inspect", "--http-proxy-config=/config.json", CA, options=mount)
        code, said = self.stage.check("--inspect", "--http-proxy-config=/config.json",
                                      "--trusted-ca=/shared/cluster-ca.pem", options=mount)
        self.assertEqual((0, 1), (trusting, code), said)

    def test_prometheus_scrapes_the_proxy_by_its_token(self):
        said = self.stage.text()
        self.assertRegex(said, r'up\{instance="172\.31\.251\.10:3129", job="sluice"\} => 1 ')
        self.assertRegex(said, r'\{kind="tunnel"\} => [1-9]')
        code, out, _ = curl("http://127.0.0.1:19090/-/ready")
        self.assertEqual((0, "200 000"), (code, out))


class Denied(unittest.TestCase):
    def test_a_policy_that_denies_endpoints_fails_it(self):
        done = subprocess.run(["deploy/lab/run.sh", "up"], cwd=REPOSITORY, text=True, check=False, timeout=LAB_SECONDS,
                              env={**os.environ, **ENVIRONMENT, "LAB": "tests/containers/denying.yaml"},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(1, done.returncode, done.stdout)
        self.assertIn(PULLED, done.stdout)  # so it is the check that fails, not the lab
        self.assertIn("403", done.stdout)
        self.assertIn("lab: check exited with 1", done.stdout)
