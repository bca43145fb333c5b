"""etcd, kube-apiserver and kube-controller-manager in this process's network namespace, and their clients.

There is no node: pods are admitted, stored and stay pending. run.py makes the namespace, so that ports are
fixed and nothing is reached from outside or reaches out.
"""
import base64
import http.client
import json
import pathlib
import signal
import ssl
import subprocess
import tempfile

import harness
import pki
import programs

ETCD = "http://127.0.0.1:2379"
API = ("127.0.0.1", 6443)
SERVICES = "10.96.0.0/16"
CONTROLLERS = ["deployment-controller", "replicaset-controller", "serviceaccount-controller",
               "root-ca-certificate-publisher-controller", "namespace-controller", "job-controller"]
START_SECONDS = 120


class Authority(pki.Authority):
    """The cluster's own CA."""

    def issue(self, name, subject, *extensions):
        """The files of a certificate and its key."""
        key, request, chain = (self.directory / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        with tempfile.NamedTemporaryFile("w", suffix=".ext", dir=self.directory) as file:
            file.write("\n".join(["basicConstraints=critical,CA:FALSE", *extensions]))
            file.flush()
            pki.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                        "-out", request, "-subj", subject)
            pki.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                        "-CAcreateserial", "-days", "2", "-extfile", file.name, "-out", chain)
        return chain, key


class Daemon:
    """A program that runs until it is stopped, and its output in a file."""

    def __init__(self, directory, *command):
        self.name = pathlib.Path(command[0]).name
        self.log = directory / f"{self.name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=directory, preexec_fn=lambda: harness.LIBC.prctl(harness.PR_SET_PDEATHSIG, signal.SIGKILL))

    def said(self):
        return f"{self.name} said:\n" + "\n".join(
            self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:])

    def wait_until(self, probe, what):
        """Until `probe()` is true; an error with the output's end when it takes long or the program ends."""
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self.process.returncode}; {self.said()}")
            return probe()
        try:
            harness.eventually(ready, what, START_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.said()}") from None

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class ControlPlane:
    """Started by start(), stopped by stop(); `directory` holds keys, logs and etcd's data.

    What follows is for a cluster without nodes; who has some says otherwise."""

    api = API  # where clients here find the API server
    advertised = API[0]
    names = f"IP:{API[0]},DNS:kubernetes.default.svc"  # of its certificate
    services = SERVICES
    controllers = CONTROLLERS
    server_flags = ("--authorization-mode=RBAC", "--endpoint-reconciler-type=none")
    controller_flags = ()

    def __init__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="sluice-cluster-")
        self.directory = pathlib.Path(self._temporary.name)
        self.authority = Authority(self.directory)
        self._daemons = []
        self.kubeconfig = self.directory / "admin.kubeconfig"

    def start(self):
        self._make_credentials()
        etcd = self._run("etcd", "--data-dir", self.directory / "etcd", "--listen-client-urls", ETCD,
                         "--advertise-client-urls", ETCD, "--listen-peer-urls", "http://127.0.0.1:2380",
                         "--logger", "zap", "--log-level", "warn")
        etcd.wait_until(lambda: _get(http.client.HTTPConnection("127.0.0.1", 2379, timeout=5), "/health"), "etcd")
        server = self._run(
            programs.PROGRAMS / "kube-apiserver", "--etcd-servers", ETCD, "--bind-address",
            self.api[0] if self.advertised == self.api[0] else "0.0.0.0", "--secure-port", self.api[1],
            "--advertise-address", self.advertised, *self.server_flags,
            "--client-ca-file", self.authority.certificate, "--tls-cert-file", self.directory / "server.pem",
            "--tls-private-key-file", self.directory / "server.key", "--cert-dir", self.directory,
            "--service-cluster-ip-range", self.services, "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file", self.directory / "tokens.pub",
            "--service-account-signing-key-file", self.directory / "tokens.key")
        server.wait_until(lambda: _get(self.connection(), "/readyz"), "kube-apiserver's /readyz")
        self._run(programs.PROGRAMS / "kube-controller-manager", "--kubeconfig", self.kubeconfig,
                  "--bind-address", "127.0.0.1", "--cert-dir", self.directory, "--leader-elect=false",
                  "--controllers", ",".join(self.controllers), "--root-ca-file", self.authority.certificate,
                  "--service-account-private-key-file", self.directory / "tokens.key", *self.controller_flags)
        # Pods of a namespace are refused until it has this account.
        harness.eventually(lambda: self.find("serviceaccounts", "default", "default"), "the controllers",
                           START_SECONDS)
        return self

    def stop(self):
        for daemon in reversed(self._daemons):
            daemon.stop()
        self._temporary.cleanup()

    def kubectl(self, *arguments, given=None, timeout=60):
        """Exit code, standard output, standard error; `given` is its standard input: text, or values as JSON."""
        text = given if given is None or isinstance(given, str) else json.dumps(given)
        done = subprocess.run([programs.PROGRAMS / "kubectl", "--kubeconfig", self.kubeconfig, *map(str, arguments)],
                              input=text, capture_output=True, text=True, timeout=timeout, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": str(self.directory)})
        return done.returncode, done.stdout, done.stderr

    def find(self, kind, name, namespace="default"):
        """The object as the API server stores it, or None."""
        code, out, err = self.kubectl("get", kind, name, "-n", namespace, "-o", "json", "--ignore-not-found")
        if code:
            raise AssertionError(err)
        return json.loads(out) if out else None

    def connection(self):
        """A connection of the administrator's to the API server."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        context.load_cert_chain(self.directory / "admin.pem", self.directory / "admin.key")
        return http.client.HTTPSConnection(*self.api, context=context, timeout=30)

    def logs(self):
        return "\n\n".join(daemon.said() for daemon in self._daemons)

    def _run(self, *command):
        daemon = Daemon(self.directory, *command)
        self._daemons.append(daemon)
        return daemon

    def _make_credentials(self):
        self.authority.issue("server", "/CN=kube-apiserver", "extendedKeyUsage=serverAuth",
                             f"subjectAltName={self.names}")
        self.authority.issue("admin", "/O=system:masters/CN=admin", "extendedKeyUsage=clientAuth")
        pki.openssl("genrsa", "-out", self.directory / "tokens.key", "2048")
        pki.openssl("rsa", "-in", self.directory / "tokens.key", "-pubout", "-out", self.directory / "tokens.pub")
        self.kubeconfig.write_text(self.kubeconfig_of("admin", "https://%s:%d" % self.api), encoding="utf-8")

    def kubeconfig_of(self, name, server):
        """For who has the certificate that was issued as `name`; it holds all that it needs."""
        def data(path):
            return base64.b64encode(path.read_bytes()).decode()
        return json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [{"name": "test", "cluster": {
                "server": server, "certificate-authority-data": data(self.authority.certificate)}}],
            "users": [{"name": name, "user": {"client-certificate-data": data(self.directory / f"{name}.pem"),
                                              "client-key-data": data(self.directory / f"{name}.key")}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}]})


def _get(connection, path):
    """Whether the answer is 200; False while nobody listens."""
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
