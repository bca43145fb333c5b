"""The world that clients meet: an origin, one proxy for each way to it, and what all of them cost."""
import contextlib
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests/e2e"))

# For other tests the harness puts Debian's programs first; clients of today are what stands first in PATH.
ENVIRONMENT = dict(os.environ)
import harness  # noqa: E402
os.environ.clear()
os.environ.update(ENVIRONMENT)
from origin import ADDRESS  # noqa: E402
from pki import Authority  # noqa: E402

BUILD = REPOSITORY / "build/world"
ORIGIN, CLOSED, PROXY = "origin.test", "closed.test", "localhost"
WAYS = {
    "tunnel": "a tunnel",
    "tls": "a tunnel from a TLS listener",
    "tls+h2": "the same, of a listener that offers HTTP/2",
    "inspected": "an inspected tunnel",
}
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Server:
    """A program that says where it is "listening on"; the log is below build/world/."""

    def __init__(self, name, command):
        log = BUILD / f"{name}.log"
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                preexec_fn=lambda: harness.LIBC.prctl(harness.PR_SET_PDEATHSIG, signal.SIGKILL))
        try:
            self.port = int(harness.eventually(
                lambda: re.search(r"listening on \S+?:(\d+)", log.read_text()), f"what {log} should say").group(1))
        except AssertionError:
            self.close()
            raise

    def close(self):
        self.process.terminate()
        self.process.wait(10)


class World:
    """`origin` and, by way, `proxies`: with the configuration's defaults, since those are what most people meet."""

    def __init__(self, servers):
        """`servers` are functions by name, which give a command for a directory, a certificate and its key."""
        with contextlib.ExitStack() as stack:
            self.path = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sluice-world-")))
            for name in ("origins", "inspection"):
                (self.path / name).mkdir()
            self.origins, self.ca = Authority(self.path / "origins"), Authority(self.path / "inspection")
            self.files = self.origins.server_files(ORIGIN)
            self.servers = {}
            for name, command in servers.items():
                self.servers[name] = Server(name, command(self.path, *self.files))
                stack.callback(self.servers[name].close)
            self.proxies = {}
            for way in WAYS:
                self.proxies[way] = harness.Sluice(self._config(way))
                stack.callback(self.proxies[way].stop)
            self._stack = stack.pop_all()

    def close(self):
        self._stack.close()

    def _config(self, way):
        ports = [server.port for server in self.servers.values()]
        rules = [{"name": "denied-host", "action": "deny", "hosts": [CLOSED]}]
        tls = {}
        if way == "inspected":
            rules = [{"name": "denied-path", "action": "deny", "hosts": [ORIGIN], "paths": ["/denied", "/v2/denied"]}]
            tls = {"ca_certificate": str(self.ca.certificate), "ca_key": str(self.ca.key), "connect": "inspect",
                   "origin_roots": [str(self.origins.certificate)]}
        elif way != "tunnel":
            chain, key = self.origins.server_files(PROXY)
            tls = {"listen": ["127.0.0.1:0"], "http2": way == "tls+h2",
                   "certificates": [{"certificate": str(chain), "key": str(key)}]}
        return {"policy": {"rules": [*rules, harness.allow(ports=ports)]}, **({"tls": tls} if tls else {}),
                "dns": {"hosts": [{"name": name, "addresses": [ADDRESS]} for name in (ORIGIN, CLOSED)]}}

    def task(self, way, server):
        """What every client is told, whatever it shall do."""
        proxy = self.proxies[way]
        port = self.servers[server].port
        secure = way.startswith("tls")
        return {"way": way, "proxy": f"https://{PROXY}:{proxy.secure_address[1]}" if secure else proxy.url,
                "origin": f"https://{ORIGIN}:{port}",
                "refused": f"https://{ORIGIN}:{port}/denied" if way == "inspected" else f"https://{CLOSED}:{port}/",
                "roots": str(self.ca.certificate if way == "inspected" else self.origins.certificate)}

    def upload_sum(self, octets):
        """What SHA-256 an upload has: clients send what they were sent as stream 0."""
        return self.sums(1, octets)[0]

    def sums(self, streams, octets):
        """What SHA-256 the origin's streams have."""
        server = self.servers["http"]
        context = ssl.create_default_context(cafile=self.origins.certificate)
        context.check_hostname = False  # it is asked by its address
        with urllib.request.urlopen(f"https://{ADDRESS}:{server.port}/sums?streams={streams}&bytes={octets}",
                                    context=context) as answer:
            return json.load(answer)
