"""The proxies that are compared: how each is configured, started, and stopped without leaving anything.

A peer's configuration stands in bench/peers/, with @names@ for what differs from run to run.
"""
import atexit
import grp
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time

from processes import Process, descriptors

BENCH = pathlib.Path(__file__).resolve().parent.parent
CONFIGURATIONS = BENCH / "peers"
ORIGINS = [f"127.77.0.{n}" for n in range(1, 9)]  # sluice-load's origin listens on these
# Logs and run-time files of all peers: some sync their log at every line, and a disk is not what is compared.
MEMORY = "/dev/shm"
START_SECONDS = 30


class NotInstalled(Exception):
    """A peer can't take part; the text says what is missing."""


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def most_tunnels(each=2):
    """Tunnels that a process can hold when one takes `each` descriptors."""
    return int((descriptors() - 400) / each)


class Peer:
    """One way to run one proxy."""

    kind = "proxy"  # or "relay": told its destination, or "limit"

    @property
    def direct(self):
        """Whether clients speak to it as if it were the origin."""
        return self.kind == "relay"

    def __init__(self, name, workers, command, files=(), needs=(), kind="proxy", each=2, authority=None, before=()):
        self.name, self.workers, self.kind = name, workers, kind
        self.most_tunnels = most_tunnels(each)
        self.command, self.files, self.needs = command, files, needs
        self.authority = authority  # of the leaves it makes (authorities.KEYS), when it inspects
        self.before = before  # commands to run first

    def check(self):
        for program in self.needs:
            if not os.path.exists(program) and shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
                raise NotInstalled(f"{program} is not there")

    def start(self, site, cpus):
        self.check()
        return Running(self, site, cpus)


class Running:
    """A peer that accepts connections, in a directory of its own."""

    def __init__(self, peer, site, cpus):
        self.peer, self.port = peer, free_port()
        self.directory = tempfile.mkdtemp(prefix="sluice-bench-", dir=MEMORY if os.path.isdir(MEMORY) else None)
        atexit.register(shutil.rmtree, self.directory, True)
        os.chmod(self.directory, 0o1777)  # for peers that drop root
        self.values = values_for(self, site)
        for source, target in peer.files:
            text = fill((CONFIGURATIONS / source).read_text(encoding="utf-8"), self.values)
            (pathlib.Path(self.directory) / target).write_text(text, encoding="utf-8")
        for words in peer.before:
            subprocess.run([fill(str(word), self.values) for word in words], check=True, stdout=subprocess.DEVNULL)
        self.output = open(os.path.join(self.directory, "output"), "wb")
        command = [fill(str(word), self.values) for word in peer.command]
        self.process = Process(command, cpus, stdout=self.output, stderr=subprocess.STDOUT, cwd=self.directory)
        self.pid, self.address = self.process.pid, f"127.0.0.1:{self.port}"
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.stop()
            raise

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                pass
            ended = self.process.child.poll() is not None
            if ended or time.monotonic() > deadline:
                why = "ended" if ended else f"does not listen after {START_SECONDS} s"
                raise RuntimeError(f"{self.peer.name} {why}; it said:\n{self.said()}")
            time.sleep(0.02)

    def said(self):
        parts = []
        for name in ("output", "error.log", "cache.log", "diags.log"):
            path = pathlib.Path(self.directory) / name
            if path.exists():
                parts.append(path.read_text(encoding="utf-8", errors="replace")[-2000:])
        return "\n".join(parts)

    def stop(self):
        self.process.stop()
        self.output.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


def fill(text, values):
    return re.sub(r"@(\w+)@", lambda match: str(values[match[1]]), text)


def account(name):
    """The user that a peer started by root drops to; ours when we are not root."""
    return name if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


class BareServer(Peer):
    """The limit of inspection: sluice-load's origin, which answers by itself. Who looks into TLS has a handshake
    like this one with each client, and then more to do."""

    direct = True

    def __init__(self, program):
        super().__init__("limit", 1, [], needs=[program], kind="limit", authority="limit")
        self.program = program

    def start(self, site, cpus):
        self.check()
        return BareRunning(self, site, cpus)


class BareRunning:
    def __init__(self, peer, site, cpus):
        self.peer = peer
        self.process = Process([peer.program, "--origin", ORIGINS[0], "--origins", "1", "--no-tickets", "--origin-ca",
                                site.authorities.certificate(peer.authority), "origin"],
                               cpus, stdout=subprocess.PIPE, text=True)
        self.pid = self.process.pid
        said = [self.process.child.stdout.readline().strip() for _ in range(2)]
        self.address = said[1].removeprefix("tls ")
        if not self.address:
            raise RuntimeError("sluice-load's origin did not start")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.stop()


class Site:
    """What all peers share: the origin's ports, and authorities where TLS is inspected."""

    def __init__(self, origin_port, tls_port=None, authorities=None):
        self.origin_port, self.tls_port, self.authorities = origin_port, tls_port, authorities

    def values(self, kind):
        """For a peer whose leaves are from the authority of that kind."""
        if kind is None:
            return {"origin_port": self.origin_port}
        return {"origin_port": self.origin_port, "tls_port": self.tls_port, "origin_ca": self.authorities.origin,
                "ca": self.authorities.certificate(kind), "ca_key": self.authorities.key(kind)}


def values_for(running, site):
    workers = running.peer.workers
    user = account("www-data")
    origin_port = site.origin_port
    return {
        **site.values(running.peer.authority), "dir": running.directory, "port": running.port, "workers": workers,
        "descriptors": descriptors(), "connections": most_tunnels(), "user": user,
        "group": grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name, "apache_threads": 2200 * workers,
        "haproxy_servers": "\n    ".join(f"server o{i} {a}:{origin_port}" for i, a in enumerate(ORIGINS)),
        "nginx_servers": "\n        ".join(f"server {a}:{origin_port};" for a in ORIGINS),
    }


def build_goproxy(build):
    """Compiles our proxy on Debian's goproxy package."""
    source = "/usr/share/gocode/src/github.com/elazarl/goproxy"
    if shutil.which("go") is None or not os.path.isdir(source):
        return
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOFLAGS="")
    subprocess.run(["go", "build", "-o", str(build / "bench" / "goproxy"), "."], check=True,
                   cwd=CONFIGURATIONS / "goproxy", env=environment)


TRAFFIC_SERVER_FILES = [(f"trafficserver/{name}", name) for name in (
    "records.config", "logging.yaml", "ip_allow.yaml", "storage.config", "runroot.yaml")]


def all_peers(build, workers):
    """Sluice, the limit, and everything they are held against; each with `workers` where it can."""
    goproxy = build / "bench" / "goproxy"
    return [
        Peer("Sluice", workers, [build / "sluice", "run", "-c", "@dir@/sluice.yaml"],
             [("sluice.yaml", "sluice.yaml")], [build / "sluice"]),
        Peer("limit", 1, [build / "bench" / "limit", "127.0.0.1:@port@"], [], [build / "bench" / "limit"], "limit"),
        Peer("Squid", 1, ["squid", "-N", "-f", "@dir@/squid.conf"], [("squid.conf", "squid.conf")], ["squid"]),
        Peer("Squid, 2 workers", 2, ["squid", "--foreground", "-f", "@dir@/squid.conf"],
             [("squid.conf", "squid.conf")], ["squid"]),
        Peer("Traffic Server", workers, ["traffic_server", "--run-root=@dir@/runroot.yaml"],
             TRAFFIC_SERVER_FILES, ["traffic_server"], each=2.3),  # it stops accepting at nine tenths
        Peer("goproxy", workers, ["env", f"GOMAXPROCS={workers}", goproxy, "127.0.0.1:@port@", "@dir@/access.log"],
             [], [goproxy], each=6.5),  # Go splices through a pipe for each direction, and keeps it
        Peer("tinyproxy", workers, ["tinyproxy", "-d", "-c", "@dir@/tinyproxy.conf"],
             [("tinyproxy.conf", "tinyproxy.conf")], ["tinyproxy"]),
        Peer("Apache", workers, ["apache2", "-f", "@dir@/apache2.conf", "-DFOREGROUND"],
             [("apache2.conf", "apache2.conf")], ["apache2"]),
        Peer("HAProxy (TCP)", workers, ["haproxy", "-db", "-f", "@dir@/haproxy.cfg"],
             [("haproxy.cfg", "haproxy.cfg")], ["haproxy"], "relay"),
        Peer("nginx (TCP)", workers, ["nginx", "-c", "@dir@/nginx.conf", "-e", "@dir@/error.log"],
             [("nginx.conf", "nginx.conf")], ["nginx"], "relay"),
    ]


def squid_inspecting(name, authority):
    certgen = "/usr/lib/squid/security_file_certgen"
    initialise = [certgen, "-c", "-s", "@dir@/leaves", "-M", "64MB"]
    as_squid = ["runuser", "-u", "proxy", "--"] if os.geteuid() == 0 else []
    return Peer(name, 1, ["squid", "-N", "-f", "@dir@/squid.conf"], [("squid-inspect.conf", "squid.conf")],
                ["squid", certgen], authority=authority, before=[as_squid + initialise])


def inspecting_peers(build, workers):
    """Those that look into TLS, each with the key of its leaves."""
    return [
        Peer("Sluice", workers, [build / "sluice", "run", "-c", "@dir@/sluice.yaml"],
             [("sluice-inspect.yaml", "sluice.yaml")], [build / "sluice"], authority="P-256"),
        squid_inspecting("Squid", "P-256"),
        squid_inspecting("Squid, RSA", "RSA"),
        Peer("mitmproxy, RSA", 1, ["mitmdump", "--set", "confdir=@dir@"], [("mitmproxy.yaml", "config.yaml")],
             ["mitmdump"], authority="RSA", before=[["sh", "-c", "cat @ca_key@ @ca@ >@dir@/mitmproxy-ca.pem"]]),
        BareServer(build / "bench" / "sluice-load"),
    ]
