"""Runs the load against the peers, one after the other, round after round."""
import contextlib
import json
import os
import subprocess

from authorities import Authorities
from peers import MEMORY, ORIGINS, Site
from processes import Process, keep_awake

FAILED_OPERATIONS = 1
PATIENCE = 600  # seconds for one peer and mode, many times what it takes


def port_of(endpoint):
    return int(endpoint.rsplit(":", 1)[1])


class Bench:
    """sluice-load, its origin, and the CPUs everyone runs on.

    `awake` keeps the proxy's CPUs from halting, for work that computes long and waits in between. Relays, which wake
    up thousands of times a second, lose by it: a fifth of the throughput on a virtual machine, where it is dear to
    interrupt a CPU that runs.
    """

    def __init__(self, build, pinned, awake=False):
        self.program, self.awake = build / "bench" / "sluice-load", awake
        cpus = sorted(os.sched_getaffinity(0))
        self.cpus = cpus if pinned and len(cpus) > 1 else []
        self.load_cpus = self.cpus[:-1]
        self.authorities = Authorities(MEMORY if os.path.isdir(MEMORY) else None)
        self.origin = Process([self.program, "--origin", ORIGINS[0], "--origin-ca", self.authorities.origin, "origin"],
                              self.load_cpus, stdout=subprocess.PIPE, text=True)
        self.plain, self.tls = (self.origin.child.stdout.readline().strip().removeprefix("tls ") for _ in range(2))
        if not self.tls:
            raise RuntimeError("sluice-load's origin did not start")
        self.site = Site(port_of(self.plain), port_of(self.tls), self.authorities)

    def proxy_cpus(self, peer):
        """As many CPUs as the peer has workers, from the end; all when that leaves none for the load."""
        return self.cpus[-peer.workers:] if peer.workers < len(self.cpus) else []

    @contextlib.contextmanager
    def start(self, peer):
        cpus = self.proxy_cpus(peer)
        with contextlib.ExitStack() as stack:
            for cpu in cpus if self.awake else []:
                stack.callback(keep_awake(cpu).stop)
            yield stack.enter_context(peer.start(self.site, cpus))

    def load(self, running, mode, options):
        """The line of JSON that sluice-load has to say about one mode."""
        command = ["--proxy", running.address, "--pid", running.pid, "--external",
                   "--origin", self.tls if mode.startswith("inspect") else self.plain, *options, mode]
        if running.peer.authority:
            command = ["--ca", self.authorities.certificate(running.peer.authority), *command]
        if running.peer.direct:
            command.insert(0, "--direct")
        pin = (lambda: os.sched_setaffinity(0, self.load_cpus)) if self.load_cpus else None
        done = subprocess.run([str(self.program), *map(str, command)], capture_output=True, text=True,
                              timeout=PATIENCE, check=False, preexec_fn=pin)
        if done.returncode not in (0, FAILED_OPERATIONS):
            raise RuntimeError(f"sluice-load {mode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def stop(self):
        self.origin.stop()


def modes_of(peer):
    """The idle tunnels come first, while the process is fresh. Only HTTP proxies forward."""
    if peer.authority and peer.kind == "limit":
        return ["inspect", "inspect-fresh"]
    if peer.authority:
        return ["inspect-idle", "inspect", "inspect-fresh"]
    return ["idle", "connect", *(["forward"] if peer.kind == "proxy" else []), "rr", "down", "up"]


def rotated(peers, number):
    """A B C, then B C A: who comes after whom, and how warm the machine is, evens out."""
    start = number % len(peers)
    return peers[start:] + peers[:start]


def compare(bench, peers, rounds, seconds, idle, say):
    """[(peer, line)] of all rounds. A peer that breaks down is named and keeps the rounds it has."""
    lines = []
    for number in range(rounds):
        for peer in rotated(peers, number):
            say(f"round {number + 1} of {rounds}: {peer.name}")
            try:
                with bench.start(peer) as running:
                    for mode in modes_of(peer):
                        options = ["--seconds", seconds, "--warmup", min(0.3, seconds)]
                        if mode.endswith("idle"):
                            options = ["--seconds", min(0.5, seconds), "--idle", idle]
                        line = bench.load(running, mode, options)
                        lines.append((peer.name, {**line, "round": number + 1}))
                        if line["failed"]:
                            why = {**line["failures"], **line.get("idle", {}).get("failures", {})}
                            say(f"  {peer.name}, {mode}: {line['failed']} operations failed: {why}")
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                say(f"  {peer.name}: {error}")
    return lines


def growth(bench, peers, counts, say):
    """[(peer, line)]: a constant load beside more and more idle tunnels, each in a fresh process."""
    lines = []
    for wanted in counts:
        for peer in peers:
            count = min(wanted, peer.most_tunnels)
            for mode, rate in (("connect", 500), ("rr", 5000)):
                say(f"{count} idle tunnels, {mode}: {peer.name}")
                try:
                    with bench.start(peer) as running:
                        options = ["--seconds", 4, "--idle", count, "--rate", rate]
                        lines.append((peer.name, bench.load(running, mode, options)))
                except (RuntimeError, subprocess.TimeoutExpired) as error:
                    say(f"  {peer.name}: {error}")
    return lines
