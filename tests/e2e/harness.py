"""Runs the real binary: a generated sluice.yaml on ephemeral ports, its output, its log, its end."""
import copy
import ctypes
import http.client
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from origin import Origin
from wire import Peer

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("SLUICE_BIN", str(REPOSITORY / "build/release/sluice"))
TEST_RANGE = "127.77.0.0/16"  # where the test origins live (origin.py)

# Clients are Debian's, as deploy/packages.txt names them, also where others of the same name stand first in
# the PATH; what steers those (a Go of another root, options for Node) is not for these. Clients of today
# have tests of their own, tests/world/.
os.environ["PATH"] = os.pathsep.join(["/usr/bin", "/bin", "/usr/sbin", "/sbin", os.environ.get("PATH", "")])
for foreign in ("GOROOT", "GOFLAGS", "GOTOOLCHAIN", "NODE_OPTIONS", "NODE_PATH", "JAVA_HOME", "JAVA_TOOL_OPTIONS",
                "RUBYOPT", "PYTHONHOME"):
    os.environ.pop(foreign, None)

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1

BASE = {
    "workers": 2,
    "listen": ["127.0.0.1:0"],
    "admin": {"listen": "127.0.0.1:0"},
    # Nothing listens there, so no test ever asks a real name server.
    "dns": {"servers": ["127.77.255.254:53"], "query_timeout": "1s"},
    "timeouts": {"drain": "2s"},
}


def merge(base, changes):
    """`base` with `changes` laid over it, mapping by mapping."""
    merged = copy.deepcopy(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if both else copy.deepcopy(value)
    return merged


def allow(origins=(), ports=(), name="test-origins"):
    """An allow rule that opens the test range on the ports of `origins`."""
    ports = sorted({*ports, *(origin.port for origin in origins)})
    return {"name": name, "action": "allow", "addresses": [TEST_RANGE], "ports": ports}


def environment_without_own():
    """The environment without SLUICE_ variables: those are configuration to the binary."""
    return {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")}


def run_sluice(*arguments, timeout=20, **options):
    """A subcommand that ends by itself: exit code, standard output, standard error."""
    done = subprocess.run([BINARY, *map(str, arguments)], timeout=timeout, capture_output=True, text=True,
                          check=False, **{"env": environment_without_own(),
                                          "stdin": subprocess.DEVNULL, **options})
    return done.returncode, done.stdout, done.stderr


def eventually(probe, what, timeout=10):
    """The first true value of `probe()`. For what cannot notify: /proc, a file, another process."""
    deadline = time.monotonic() + timeout
    tick = threading.Event()
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout} s")
        tick.wait(0.02)


class Process:
    """A subcommand that runs until it is told to end, in a directory of its own."""

    def __init__(self):
        if not os.access(BINARY, os.X_OK):
            raise AssertionError(f"{BINARY} is not there; build it, or name another in SLUICE_BIN")
        self.directory = tempfile.TemporaryDirectory(prefix="sluice-e2e-")
        self.path = pathlib.Path(self.directory.name)
        self.lines, self.changed = [], threading.Condition()

    def before_exec(self):
        """What a test does to the process before it becomes Sluice."""

    def start(self, *arguments, descriptors=None, environment=None):
        def prepare():
            # The process ends with the test, also when that is killed.
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            self.before_exec()
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.process = subprocess.Popen(
            [BINARY, *map(str, arguments)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=prepare,
            env={**environment_without_own(), **(environment or {})})
        self._reader = threading.Thread(target=self._read_output, daemon=True)
        self._reader.start()
        try:
            self._learn_endpoints()
        except AssertionError:
            self.process.kill()
            self.wait_exit()
            raise

    def _learn_endpoints(self):
        self.address = self._endpoint(self.wait_line(r"listening on (\S+)"))

    @staticmethod
    def _endpoint(match):
        host, _, port = match.group(1).rstrip("/,;").rpartition(":")
        return host.strip("[]"), int(port)

    def _read_output(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.lines.append("(end of output)")
            self.changed.notify_all()

    def output(self):
        return "\n".join(self.lines[-40:])

    def wait_line(self, pattern, skip=0, timeout=15):
        """The match of the output line number `skip` (from 0) that fits `pattern`."""
        def find():
            found = [m for m in (re.search(pattern, line) for line in self.lines) if m]
            return found[skip] if len(found) > skip else self.lines[-1:] == ["(end of output)"]
        with self.changed:
            match = self.changed.wait_for(find, timeout)
        if not isinstance(match, re.Match):
            raise AssertionError(f"no output line with {pattern!r}; sluice said:\n{self.output()}")
        return match

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()

    def alive(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, timeout=15):
        """SIGTERM; the exit code."""
        if self.alive():
            self.signal(signal.SIGTERM)
        return self.wait_exit(timeout)

    def wait_exit(self, timeout=15):
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"no exit within {timeout} s; sluice said:\n{self.output()}") from None
        finally:
            self._reader.join(5)
            self.process.stdout.close()
            self._before_cleanup()
            self.directory.cleanup()
        return code

    def _before_cleanup(self):
        """The last look at the directory."""


class Sluice(Process):
    """One running proxy. `config` is laid over BASE; JSON is YAML, so it is written as JSON."""

    def __init__(self, config=None, arguments=(), descriptors=None, environment=None):
        super().__init__()
        self.log_path, self.config_path = self.path / "access.log", self.path / "sluice.yaml"
        self.config = merge(BASE, {"access_log": {"path": str(self.log_path), "format": "json"}})
        self.write_config(config or {})
        self._log_inode, self._log_read, self._records = None, 0, []
        self.start("run", "-c", self.config_path, *arguments, descriptors=descriptors,
                   environment=environment)

    def _learn_endpoints(self):
        wanted = len(self.config["listen"]) + len(self.config.get("tls", {}).get("listen", []))
        self.listeners = [self._endpoint(self.wait_line(r"listening on (\S+)", skip=index))
                          for index in range(wanted)]
        self.address = self.listeners[0]
        self.secure_address = self.listeners[-1]  # where one of tls.listen is configured
        self.admin = (self._endpoint(self.wait_line(r"admin on http://(\S+)"))
                      if self.config["admin"]["listen"] != "off" else None)

    @property
    def authority(self):
        return "%s:%d" % self.address

    @property
    def url(self):
        return f"http://{self.authority}"

    def write_config(self, changes):
        self.config = merge(self.config, changes)
        self.config_path.write_text(json.dumps(self.config, indent=1))

    def connect(self, **options):
        return Peer.connect(self.address, **options)

    def admin_get(self, path, **headers):
        """Status and body of an admin page."""
        connection = http.client.HTTPConnection(*self.admin, timeout=5)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def metrics(self):
        """{'name{labels}': value}"""
        status, text = self.admin_get("/metrics")
        assert status == 200, (status, text)
        samples = (line.rpartition(" ") for line in text.splitlines() if line[:1] not in ("#", ""))
        return {name: float(value) for name, _, value in samples}

    def records(self):
        """The access log so far, parsed; every line has to be JSON."""
        if self.log_path.exists():
            with open(self.log_path, "rb") as log:
                inode = os.fstat(log.fileno()).st_ino
                if inode != self._log_inode:  # rotated
                    self._log_inode, self._log_read = inode, 0
                log.seek(self._log_read)
                for line in log:
                    if not line.endswith(b"\n"):
                        break
                    self._log_read += len(line)
                    self._records.append(json.loads(line))
        return self._records

    def wait_record(self, predicate=lambda record: True, what="an access record", timeout=10):
        def find():
            return next((record for record in self.records() if predicate(record)), None)
        try:
            return eventually(find, what, timeout)
        except AssertionError as error:
            raise AssertionError(f"{error}; the log: {self.records()[-5:]}") from None

    def _before_cleanup(self):
        if self.config["access_log"]["format"] == "json":
            self.records()  # what the log held stays readable for the test


class TestCase(unittest.TestCase):
    """Proxies and origins that a test starts end with it; a proxy has to end with exit code 0."""

    maxDiff = 2000

    def sluice(self, config=None, **options):
        proxy = Sluice(config, **options)
        self.addCleanup(self._stop, proxy)
        return proxy

    def _stop(self, proxy):
        code = proxy.stop()
        self.assertEqual(0, code, f"exit code; sluice said:\n{proxy.output()}")

    def origin(self, respond=None, **options):
        origin = Origin(respond, **options)
        self.addCleanup(origin.close)
        return origin

    def pair(self, respond=None, config=None, descriptors=None, **options):
        """An origin, and a proxy that may reach it."""
        origin = self.origin(respond, **options)
        rules = {"policy": {"rules": [allow([origin])]}}
        return origin, self.sluice(merge(rules, config or {}), descriptors=descriptors)

    def tunnel(self, proxy, authority, early=b"", **options):
        """A client inside an open tunnel to `authority`."""
        peer = proxy.connect(**options)
        self.addCleanup(peer.close)
        peer.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode() + early)
        answer = peer.read_response("CONNECT")
        self.assertEqual(200, answer.status, answer.text)
        return peer
