"""What a person sees of a tunnel that fails, client by client: docs/clients-errors.md, held against them.

With SLUICE_WRITE_DOCS=1 the page's table is written anew from what the installed clients print.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import harness
from dns_stub import DnsStub
from inspection import InspectionCase
from origin import Origin, SilentListener
from pki import Authority

HERE = pathlib.Path(__file__).resolve().parent
PAGE = harness.REPOSITORY / "docs/clients-errors.md"
CASES = {  # heading: name of the host
    "Denied by a rule": "denied.test",
    "The name does not exist": "unknown.test",
    "The origin refuses the connection": "refused.test",
    "The origin does not answer": "silent.test",
    "The origin's certificate is not trusted (inspected)": "untrusted.test",
}
LONGEST = 300  # of a cell


def shown(output):
    """What of the output depends neither on time nor on the machine, in one line."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", output)
    text = re.sub(r"\(id [0-9a-f-]+\)", "(id …)", text)
    text = re.sub(r"Request id: [0-9a-f-]+", "Request id: …", text)
    text = re.sub(r"\.test:\d+", ".test:443", text)
    text = re.sub(r"port=\d+", "port=443", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:3128", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d[ T][\d:.]+Z?", "…", text)
    text = re.sub(r"[EWIF]\d{4} [\d:.]+ +\d+ ", "", text)  # klog
    text = re.sub(r"0x[0-9a-f]+", "0x…", text)
    return re.sub(r"\s+", " ", text).strip()


class ClientErrors(InspectionCase):
    names = tuple(CASES.values())

    def start_world(self):
        stub = DnsStub({})
        self.addCleanup(stub.close)
        closed = Origin()
        closed.close()
        silent = SilentListener()
        self.addCleanup(silent.close)
        stranger = Authority(self.stranger())
        untrusted = Origin(tls=stranger.server_context("untrusted.test"))
        self.addCleanup(untrusted.close)
        ports = {"denied.test": 443, "unknown.test": 443, "refused.test": closed.port,
                 "silent.test": silent.port, "untrusted.test": untrusted.port}
        rules = [{"name": "no-social-media", "action": "deny", "hosts": ["denied.test"]},
                 harness.allow(ports=sorted(set(ports.values())))]
        hosts = {"refused.test": "127.77.0.1", "silent.test": "127.77.9.9", "untrusted.test": "127.77.0.1"}
        self.proxy = self.inspecting(
            policy={"rules": rules}, timeouts={"connect": "500ms"},
            dns={"servers": [stub.endpoint],
                 "hosts": [{"name": name, "addresses": [address]} for name, address in hosts.items()]})
        self.urls = {name: f"https://{name}:{port}/" for name, port in ports.items()}

    def stranger(self):
        path = self.path / "stranger"
        path.mkdir(exist_ok=True)
        return path

    def run_client(self, *command, **more):
        trust = str(self.ca.certificate)
        environment = {key: value for key, value in harness.environment_without_own().items()
                       if not key.lower().endswith("_proxy")}
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            environment[name] = self.proxy.url
        environment.update(HOME=str(self.path), SSL_CERT_FILE=trust, NODE_EXTRA_CA_CERTS=trust,
                           CURL_CA_BUNDLE=trust, REQUESTS_CA_BUNDLE=trust, LC_ALL="C.UTF-8", NO_COLOR="1")
        done = subprocess.run([str(part) for part in command], env=environment, timeout=60, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, check=False, **more)
        return done.stdout + done.stderr

    def clients(self):
        """The installed ones: name to a function from URL to what is printed."""
        last = lambda output: output.strip().splitlines()[-1] if output.strip() else ""
        found = {}
        if shutil.which("curl"):
            found["curl"] = lambda url: self.run_client("curl", "-sS", url)
        if shutil.which("wget"):
            found["wget"] = lambda url: self.run_client("wget", "-nv", "-O", "-", "--tries=1",
                                                        "--ca-certificate", self.ca.certificate, url)
        found["Python urllib"] = lambda url: last(self.run_client(sys.executable, HERE / "clients/fetch.py", url))
        if subprocess.run([sys.executable, "-c", "import requests"], capture_output=True, check=False).returncode == 0:
            found["Python requests"] = lambda url: last(self.run_client(
                sys.executable, "-c", f"import requests; r = requests.get({url!r}, timeout=20); r.raise_for_status()"))
        if shutil.which("go"):
            program = self.path / "fetch"
            built = self.run_client("env", "GO111MODULE=off", "GOPROXY=off", "CGO_ENABLED=0", "GOCACHE=" + os.environ.get(
                "GOCACHE", str(pathlib.Path.home() / ".cache/go-build")), "go", "build", "-o", program,
                HERE / "clients/fetch.go")
            self.assertTrue(program.exists(), built)
            found["Go net/http"] = lambda url: self.run_client(program, url)
        if shutil.which("node"):
            found["Node https"] = lambda url: self.run_client("node", HERE / "clients/connect.mjs", url)
        if shutil.which("java"):
            host, port = self.proxy.address
            found["Java"] = lambda url: next(iter(self.run_client(
                "java", f"-Dhttps.proxyHost={host}", f"-Dhttps.proxyPort={port}", *self.java_trust(),
                HERE / "clients/Fetch.java", url).splitlines()), "")
        if shutil.which("kubectl"):
            found["kubectl"] = lambda url: last(self.run_client(
                "kubectl", "--server", url.rstrip("/"), "--certificate-authority", self.ca.certificate,
                "--request-timeout=10s", "--token=none", "get", "--raw", "/version"))
        return found

    def java_trust(self):
        store = self.path / "trust.p12"
        if not store.exists():
            subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "ca", "-file", self.ca.certificate,
                            "-keystore", store, "-storetype", "PKCS12", "-storepass", "changeit"],
                           check=True, capture_output=True)
        return [f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit"]

    def test_the_page_says_what_each_client_shows(self):
        self.start_world()
        clients = self.clients()
        seen = {(case, client): shown(ask(self.urls[name]))[:LONGEST]
                for case, name in CASES.items() for client, ask in clients.items()}
        if os.environ.get("SLUICE_WRITE_DOCS") == "1":
            write(seen)
        told = read()
        for (case, client), text in seen.items():
            with self.subTest(case=case, client=client):
                self.assertEqual(told.get((case, client)), text)

    def test_a_refused_connect_shows_its_reason_everywhere(self):
        """Whatever the version of a client and its words: the headline is in them."""
        self.start_world()
        for client, ask in self.clients().items():
            if client == "curl":
                continue  # shows the status alone; with -v, the phrase
            with self.subTest(client=client):
                self.assertIn('sluice: denied by "no-social-media": denied.test:443',
                              ask(self.urls["denied.test"]))


def write(seen):
    head, _, _ = PAGE.read_text("utf-8").partition("## " + next(iter(CASES)))
    text = head
    for case in CASES:
        text += f"## {case}\n\n| client | shows |\n|---|---|\n"
        for (other, client), words in seen.items():
            if other == case:
                cell = words.replace("|", "\\|")
                text += f"| {client} | `` {cell} `` |\n"
        text += "\n"
    PAGE.write_text(text.rstrip("\n") + "\n", "utf-8")


def read():
    told, case = {}, None
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            case = line[3:]
        elif match := re.fullmatch(r"\| ([^|]+) \| `` (.*) `` \|", line):
            told[case, match[1]] = match[2].replace("\\|", "|")
    return told


if __name__ == "__main__":
    unittest.main()
