"""Runs every client every way, and says what came of it: see README.md."""
import argparse
import collections
import concurrent.futures
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time

import clients
import table
import toolchains
import world

TIMEOUT_SECONDS = 240
RATIO, TRIES = 2, 3


class Outcomes:
    """Counts tests. One that is expected to fail and passes is a failure. Keeps what clients reported."""

    def __init__(self):
        self.failed, self.total = [], 0
        self.reports, self.versions = collections.defaultdict(dict), {}

    def add(self, name, problem, known=None, note=""):
        self.total += 1
        if known:
            verdict = "known  " if problem else "FAILED "
            text = f"{known}: {shortened(problem)}" if problem else f"it passes, and is listed as failing: {known}"
        else:
            verdict, text = ("FAILED ", shortened(problem)) if problem else ("ok     ", "")
        if verdict == "FAILED ":
            self.failed.append(name)
        print(f"{verdict}{name:<42}{note}{'  ' if note and text else ''}{text}", flush=True)


def shortened(text):
    return text if len(text) <= 1000 else f"{text[:500]} … {text[-500:]}"


def command(client):
    return [part.replace("{}", str(world.BUILD)) for part in client.command]


class Run:
    """One process of a client, on one way."""

    def __init__(self, the_world, client, way, deeds):
        self.world, self.client, self.way = the_world, client, way
        streams = clients.STREAMS
        task = {**the_world.task(way, client.server), "deeds": deeds, "streams": streams,
                "bytes": client.download_mib[way] * clients.MIB // streams, "read": clients.READ_BYTES,
                "upload": clients.UPLOAD_BYTES, "silence": clients.SILENCE_SECONDS}
        self.bytes, self.reports = task["bytes"], {}
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([*command(client), json.dumps(task)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True)
        seconds = TIMEOUT_SECONDS + ("silence" in deeds) * clients.SILENCE_SECONDS
        self.timer = threading.Timer(seconds, self.process.kill)
        self.timer.start()

    def report(self, deed):
        """What the process says of the deed; waits for it."""
        while deed not in self.reports:
            line = self.process.stdout.readline()
            if not line:
                self.errors.seek(0)
                self.reports[deed] = {"error": f"exit code {self.process.wait()}: {self.errors.read()[-900:]}"}
                break
            if line.startswith("{"):
                report = json.loads(line)
                self.reports[report["deed"]] = report
        return self.reports[deed]

    def close(self):
        self.process.stdout.close()
        self.process.wait()
        self.timer.cancel()
        self.errors.close()

    def judge(self, deed, outcomes, note=""):
        """Adds what came of the deed; whether it went well."""
        report = self.report(deed)
        if deed == "break":
            problem = "" if "error" in report else f"what broke off was taken for whole: {report['said']!r}"
        else:
            problem = report.get("error") or self._problem(deed, report)
        outcomes.reports[self.client.name][self.way, deed] = {**report, **({"problem": problem} if problem else {})}
        outcomes.add(f"{self.client.name}, {self.way}: {deed}", problem, self.client.known.get((self.way, deed)),
                     f"{report.get('seconds', 0):7.2f} s{note}")
        return not problem

    def _problem(self, deed, report):
        if deed == "download":
            wanted = self.world.sums(clients.STREAMS, self.bytes)
            return "" if report["sums"] == wanted else "other octets arrived"
        if deed in ("upload", "exec-spdy", "exec-websocket"):
            wanted = clients.UPLOAD_BYTES, self.world.upload_sum(clients.UPLOAD_BYTES)
            return "" if (report["bytes"], report["sum"]) == wanted else f"the origin got {report}"
        if deed == "silence":
            return "" if report["said"].split() == ["before", "after"] else f"arrived: {report['said']!r}"
        if deed == "refusal":
            # Some show the status, some the phrase, and inside most show all that is said.
            words = (*self.client.shows, "denied-path" if self.way == "inspected" else "denied-host")
            shown = any(word in report["said"] for word in words)
            return "" if shown else f"it doesn't say that: {report['said']!r}"
        return ""


def used(the_world, client, way):
    """Seconds that processors have worked, by now: in the proxy, and in it, the origin and clients together."""
    proxy = world.cpu_seconds(the_world.proxies[way].process)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return proxy, (proxy + world.cpu_seconds(the_world.servers[client.server].process) + ended.ru_utime +
                   ended.ru_stime)


def download(the_world, client, way, outcomes=None):
    """The seconds that it takes and that processors work for it, or nothing if it fails; without `outcomes` it is
    no test."""
    before = used(the_world, client, way)
    run = Run(the_world, client, way, ["download"])
    report = run.report("download")
    run.close()
    proxy, all_together = (now - then for now, then in zip(used(the_world, client, way), before))
    good = "error" not in report
    if outcomes:
        good = run.judge("download", outcomes, f" {client.download_mib[way]:5d} MiB {report.get('protocol', '-'):9}"
                                               f"{proxy:6.2f} s of the proxy's CPU")
    return (report["seconds"], all_together) if good else None


def downloads(the_world, client, outcomes):
    """One way after the other. The times are compared, and taken again if the machine had other things to do; when
    it has too many, the time of the processors tells."""
    costs = {way: download(the_world, client, way, outcomes) for way in client.download_mib}
    if not costs["tunnel"] or not costs["inspected"]:
        return

    def ratios():
        return [inspected / tunnel for inspected, tunnel in zip(costs["inspected"], costs["tunnel"])]

    for _ in range(1, TRIES):
        if ratios()[0] <= RATIO:
            break
        for way in ("tunnel", "inspected"):
            again = download(the_world, client, way)
            costs[way] = tuple(map(min, again or costs[way], costs[way]))
    text = "{:.2f} × in time, {:.2f} × in work".format(*ratios())
    outcomes.add(f"{client.name}: inspected ≤ {RATIO} × tunnel", text if min(ratios()) > RATIO else "",
                 client.known.get("ratio"), f"   {text}")


def build(names):
    """All at once: name, what is wrong, and the seconds it took."""
    def attempt(name):
        start, problem = time.monotonic(), ""
        try:
            toolchains.TOOLCHAINS[name]()
        except toolchains.Missing as missing:
            problem = str(missing)
        return name, problem, time.monotonic() - start

    with concurrent.futures.ThreadPoolExecutor() as pool:
        yield from pool.map(attempt, names)


def run_all(the_world, chosen, outcomes, silence):
    for client in chosen:
        said = subprocess.run(command(client), capture_output=True, text=True, check=False)
        outcomes.versions[client.name] = said.stdout.strip()
        print(f"       {client.name} is {said.stdout.strip() or said.stderr}")
    # What waits more than it works goes side by side, and the silence goes on beside the downloads.
    beside = []
    for client in chosen:
        deeds = [deed for deed in client.deeds if deed != "download" and (silence or deed != "silence")]
        beside += [(Run(the_world, client, way, deeds), deeds) for way in client.download_mib]
    for run, deeds in beside:
        for deed in deeds:
            if deed != "silence":
                run.judge(deed, outcomes)
    for client in chosen:
        downloads(the_world, client, outcomes)
    for run, deeds in beside:
        if "silence" in deeds:
            run.judge("silence", outcomes)
        run.close()


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-k", metavar="NAME", default="", help="only clients with NAME in their name")
    options.add_argument("--no-silence", action="store_true", help="leave the two minutes out")
    options.add_argument("--write", action="store_true", help="write the table of docs/clients.md")
    options = options.parse_args()
    start, outcomes, broken = time.monotonic(), Outcomes(), {}
    chosen = [client for client in clients.CLIENTS if options.k in client.name]
    (world.BUILD / "go").mkdir(parents=True, exist_ok=True)
    for name, problem, seconds in build(dict.fromkeys(["go", *(client.toolchain for client in chosen)])):
        outcomes.add(f"{name}: built", problem, note=f"{seconds:7.2f} s")
        broken[name] = problem
    if broken["go"]:
        print("The origin is written in Go: nothing can run.")
    else:
        the_world = world.World(toolchains.SERVERS)
        try:
            run_all(the_world, [client for client in chosen if not broken[client.toolchain]], outcomes,
                    not options.no_silence)
        finally:
            the_world.close()
    if not outcomes.failed and len(chosen) == len(clients.CLIENTS) and not options.no_silence:
        text = table.rows(outcomes.versions, outcomes.reports)
        if options.write:
            table.write(text)
        outcomes.add("docs/clients.md says so", table.difference(text))
    print(*("", *(f"failed: {name}" for name in outcomes.failed)), sep="\n")
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{time.monotonic() - start:.0f} s, {ended.ru_utime + ended.ru_stime:.0f} s of processors: "
          f"{len(outcomes.failed)} tests failed out of {outcomes.total}")
    return 1 if outcomes.failed else 0


if __name__ == "__main__":
    sys.exit(main())
