"""Runs `sluice aks webhook` with a certificate of its own, and speaks to it as an API server does."""
import base64
import copy
import json
import pathlib
import socket
import ssl
import unittest

import harness
import pki
from harness import eventually
from wire import TIMEOUT, Peer, WireError

NAME = "sluice-webhook.sluice-webhook.svc"
CORPUS = pathlib.Path(__file__).resolve().parent.parent / "fuzz/corpus/admission"
CONFIG = {"httpProxy": "http://proxy.example:3128/", "httpsProxy": "http://proxy.example:3128/",
          "noProxy": ["localhost", "registry.example"]}
SIX = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"]


def recorded(name):
    """A review in the API server's shape; the files are the fuzz target's seeds."""
    return (CORPUS / name).read_bytes()


def patched(review, answer):
    """The review's object after the answer's patch (RFC 6902; "add" is all that the webhook uses)."""
    pod = copy.deepcopy(json.loads(review)["request"]["object"])
    response = json.loads(answer)["response"]
    for operation in json.loads(base64.b64decode(response.get("patch", "W10="))):
        assert operation["op"] == "add", operation
        *parents, last = operation["path"].lstrip("/").split("/")
        place = pod
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place[key]
        if isinstance(place, list):
            place.insert(len(place) if last == "-" else int(last), operation["value"])
        else:
            place[last] = operation["value"]
    return pod


class Webhook(harness.Process):
    def __init__(self, *arguments, config=None, certificate=None, drain="0s"):
        super().__init__()
        self.authority = pki.Authority(self.path)
        self.config = self.path / "config.json"
        self.write_config(config or CONFIG)
        self.certificate, self.key = certificate or self.make_certificate(self.path, self.authority)
        self.start("aks", "webhook", "-f", self.config, "--cert", self.certificate, "--key", self.key,
                   "--listen", "127.0.0.1:0", "--drain", drain, *arguments)

    @staticmethod
    def make_certificate(directory, authority):
        authority.server_context(NAME)
        return [(authority.directory / f"{NAME}.{kind}").rename(pathlib.Path(directory) / f"tls.{kind}")
                for kind in ("pem", "key")]

    def write_config(self, config):
        """Whole or not at all, as editors and Kubernetes replace files."""
        fresh = self.config.with_suffix(".new")
        fresh.write_text(config if isinstance(config, str) else json.dumps(config))
        fresh.rename(self.config)

    def context(self):
        return ssl.create_default_context(cafile=self.authority.certificate)

    def connect(self):
        """A TLS connection that has verified the server's name."""
        plain = socket.create_connection(self.address, TIMEOUT)
        return Peer(self.context().wrap_socket(plain, server_hostname=NAME))

    def ask(self, method, path, body=None, **fields):
        """Status and body of one request on a connection of its own."""
        with self.connect() as peer:
            head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
            if body is not None:
                head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            peer.send(f"{method} {path} HTTP/1.1\r\nHost: {NAME}\r\n{head}\r\n".encode() + (body or b""))
            answer = peer.read_response(method)
            return answer.status, answer.body.decode()

    def review(self, body):
        return self.ask("POST", "/mutate?timeout=5s", body)

    def metrics(self):
        status, text = self.ask("GET", "/metrics")
        assert status == 200, (status, text)
        samples = (line.rpartition(" ") for line in text.splitlines() if line[:1] not in ("#", ""))
        return {name: float(value) for name, _, value in samples}


class TestCase(unittest.TestCase):
    """A webhook has to end with exit code 0."""

    maxDiff = 2000

    def webhook(self, *arguments, **options):
        server = Webhook(*arguments, **options)
        self.addCleanup(self._stop, server)
        return server

    def _stop(self, server):
        code = server.stop()
        self.assertEqual(0, code, f"exit code; sluice said:\n{server.output()}")

    def names(self, server, file="kubectl_run.json"):
        """The variables of the first container after a review."""
        review = recorded(file)
        status, answer = server.review(review)
        self.assertEqual(200, status, answer)
        return [each["name"] for each in patched(review, answer)["spec"]["containers"][0]["env"]]

    def value(self, server, name):
        review = recorded("no_env.json")
        _, answer = server.review(review)
        env = patched(review, answer)["spec"]["containers"][0]["env"]
        return next(each["value"] for each in env if each["name"] == name)
