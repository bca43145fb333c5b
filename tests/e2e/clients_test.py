"""Real clients through the real binary, for http and for https through tunnels.

All of them use the name origin.test, which only the proxy can resolve: some clients never send loopback
addresses to a proxy, and a client that went past it would find nothing.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import harness
import local_repositories
from origin import Origin, reply
from pki import Authority

HERE = pathlib.Path(__file__).resolve().parent
NAME = "origin.test"
BODY = b"hello through the proxy"
PACKAGES = harness.REPOSITORY / "deploy/packages.txt"


def promised(package):
    """Whether the project's package list has the client, so that its absence is a failure."""
    return bool(re.search(rf"(?m)^{package}\b", PACKAGES.read_text()))


class Clients(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="sluice-clients-")
        cls.path = pathlib.Path(cls.directory.name)
        cls.authority = Authority(cls.path)
        cls.trust, cls.context = cls.authority.certificate, cls.authority.server_context(NAME)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def start(self, respond=None, secure=None):
        """Both origins and the proxy; `secure` may be an origin of another kind."""
        respond = respond or (lambda request: reply(BODY))
        self.plain, self.secure = Origin(respond), secure or Origin(respond, tls=self.context)
        for origin in (self.plain, self.secure):
            self.addCleanup(origin.close)
        self.proxy = self.sluice({
            "policy": {"rules": [harness.allow([self.plain, self.secure])]},
            "dns": {"hosts": [{"name": NAME, "addresses": ["127.77.0.1"]}]}})
        self.http = f"http://{NAME}:{self.plain.port}"
        self.https = f"https://{NAME}:{self.secure.port}"

    def need(self, command, package):
        if found := shutil.which(command):
            print(f"{command} is {os.path.realpath(found)}", flush=True)
            return
        if promised(package):
            self.fail(f"{command} is not installed; deploy/packages.txt lists {package}: make test "
                      "installs it")
        self.skipTest(f"{command} is not installed and {package} not in deploy/packages.txt")

    def run_client(self, *command, **more):
        """Runs a client in an environment that names the proxy; its output."""
        environment = {key: value for key, value in harness.environment_without_own().items()
                       if not key.lower().endswith("_proxy")}
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            environment[name] = self.proxy.url
        environment.update(HOME=str(self.path), SSL_CERT_FILE=str(self.trust),
                           NODE_EXTRA_CA_CERTS=str(self.trust), CURL_CA_BUNDLE=str(self.trust),
                           GIT_SSL_CAINFO=str(self.trust), GIT_CONFIG_NOSYSTEM="1")
        environment.update(more.pop("environment", {}))
        done = subprocess.run([str(part) for part in command], env=environment, timeout=120,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, **more)
        self.assertEqual(0, done.returncode,
                         f"{command[0]}: {done.stdout}{done.stderr}\n{self.proxy.output()}")
        return done.stdout + done.stderr

    def assert_logged(self, method, port):
        """The proxy has served `method` for origin.test at `port`, without an error."""
        self.proxy.wait_record(
            lambda r: r["method"] == method and f"{NAME}:{port}" in r["target"] and
            (r["status"], r["cause"]) == (200, None), f"{method} {NAME}:{port} served, in the log")

    def assert_both_ways(self, output):
        self.assertEqual(2, output.count(BODY.decode()), output)
        self.assert_logged("GET", self.plain.port)
        self.assert_logged("CONNECT", self.secure.port)

    def test_curl(self):
        self.need("curl", "curl")
        self.start()
        output = self.run_client("curl", "-sS", "--fail", "-x", self.proxy.url,
                                 self.http + "/", self.https + "/")
        self.assert_both_ways(output)
        upload = self.path / "upload"
        upload.write_bytes(os.urandom(3_000_000))
        # curl asks with Expect: 100-continue for a body of this size.
        self.run_client("curl", "-sS", "--fail", "-T", upload, self.http + "/put")
        self.assertEqual(upload.read_bytes(), self.plain.requests[-1].body)
        self.run_client("curl", "-sS", "--fail", "-T", "-", self.http + "/chunked")
        self.run_client("curl", "-sS", "--fail", "-I", "--http1.0", self.http + "/")

    def test_curl_shows_a_denial(self):
        self.need("curl", "curl")
        self.start()
        output = self.run_client("curl", "-sS", "http://169.254.169.254/metadata")
        self.assertIn("address-guard", output)

    def test_wget(self):
        self.need("wget", "wget")
        self.start()
        output = self.run_client("wget", "-q", "-O", "-", "--ca-certificate", self.trust,
                                 self.http + "/", self.https + "/")
        self.assert_both_ways(output)

    def test_python_urllib(self):
        self.start()
        self.assert_both_ways(self.run_client(sys.executable, HERE / "clients/fetch.py",
                                              self.http + "/", self.https + "/"))

    def test_node_fetch(self):
        self.need("node", "nodejs")
        self.start()
        output = self.run_client("node", HERE / "clients/fetch.mjs", self.http + "/", self.https + "/",
                                 environment={"NODE_USE_ENV_PROXY": "1"})
        self.assertEqual(2, output.count(BODY.decode()), output)
        for port in (self.plain.port, self.secure.port):  # it tunnels plain http as well
            self.assert_logged("CONNECT", port)

    def test_node_http(self):
        self.need("node", "nodejs")
        self.start()
        output = self.run_client("node", HERE / "clients/request.mjs", self.http + "/1", self.http + "/2")
        self.assertEqual(2, output.count(BODY.decode()), output)
        self.assert_logged("GET", self.plain.port)

    def test_go_net_http(self):
        self.need("go", "golang-go")
        self.start()
        program = self.path / "fetch"
        # Built rather than run, so that the compiler's time is not part of a client's timeout.
        self.run_client("go", "build", "-o", program, HERE / "clients/fetch.go", environment={
            "GO111MODULE": "off", "GOPROXY": "off", "CGO_ENABLED": "0",
            "GOCACHE": os.environ.get("GOCACHE", str(pathlib.Path.home() / ".cache/go-build"))})
        self.assert_both_ways(self.run_client(program, self.http + "/", self.https + "/"))

    def test_git_clone_over_https(self):
        self.need("git", "git")
        files = local_repositories.git(self.path / "git", self.run_git)
        self.start(local_repositories.serve(files))
        copy = self.path / "copy"
        self.run_client("git", "clone", "-q", self.https + "/project.git", copy)
        self.assertEqual("through the proxy\n", (copy / "README").read_text())
        self.assert_logged("CONNECT", self.secure.port)

    def run_git(self, *arguments):
        subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, env={
            **os.environ, "HOME": str(self.path), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.test",
            "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.test"})

    def test_apt_update_and_download(self):
        self.need("apt-get", "apt")
        files = local_repositories.apt(self.path / "apt")
        self.start(local_repositories.serve(files))
        options = local_repositories.apt_options(self.path / "apt-state", self.http, self.proxy.url)
        self.run_client("apt-get", *options, "update")
        target = self.path / "downloads"
        target.mkdir()
        self.run_client("apt-get", *options, "download", "sluice-e2e", cwd=target)
        package, = target.glob("sluice-e2e_*.deb")
        self.assertEqual(files["/pool/sluice-e2e_1.0_all.deb"], package.read_bytes())
        output = self.run_client("apt-get", *options, "install", "--download-only", "-y", "sluice-e2e")
        self.assertIn("sluice-e2e", output)
        self.assert_logged("GET", self.plain.port)


if __name__ == "__main__":
    unittest.main()
