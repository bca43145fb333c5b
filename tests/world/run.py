"""Runs every client every way, and says what came of it: see README.md."""
import argparse
import concurrent.futures
import json
import subprocess
import sys
import time

import clients
import toolchains
import world

TIMEOUT_SECONDS = 90
QUICK_DEEDS = tuple(deed for deed in clients.DEEDS if deed != "silence")


class Outcomes:
    """Counts tests. One that is expected to fail and passes is a failure."""

    def __init__(self):
        self.failed, self.total, self.cells = [], 0, {}

    def add(self, name, problem, known=None, note=""):
        self.total += 1
        if known:
            verdict = "known  " if problem else "FAILED "
            text = known if problem else f"it passes, and is listed as failing because: {known}"
        else:
            verdict, text = ("FAILED ", problem) if problem else ("ok     ", "")
        if verdict == "FAILED ":
            self.failed.append(name)
        print(f"{verdict}{name:<42}{note}{'  ' if note and text else ''}{text}", flush=True)


class Run:
    """One process of a client, on one way."""

    def __init__(self, the_world, client, way, deeds):
        self.client, self.way, self.deeds = client, way, deeds
        streams = clients.STREAMS
        task = {**the_world.task(way, client.server), "deeds": deeds, "streams": streams,
                "bytes": client.download_mib[way] * clients.MIB // streams, "read": clients.READ_BYTES,
                "upload": clients.UPLOAD_BYTES, "silence": clients.SILENCE_SECONDS}
        self.bytes = task["bytes"]
        self.process = subprocess.Popen([*command(client), json.dumps(task)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def reports(self, timeout=TIMEOUT_SECONDS):
        """What it says of each deed."""
        try:
            output, errors = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, errors = self.process.communicate()
            errors += f"\nstopped after {timeout} s"
        reports = {}
        for line in output.splitlines():
            if line.startswith("{"):
                report = json.loads(line)
                reports[report["deed"]] = report
        for deed in self.deeds:
            reports.setdefault(deed, {"error": f"exit code {self.process.returncode}: {errors[-600:]}"})
        return reports


def command(client):
    program, *arguments = client.command
    return [str(world.BUILD / program), *arguments]


def judge(the_world, run, deed, report):
    """What is wrong with the report, or nothing."""
    if "error" in report:
        return report["error"]
    if deed == "download":
        return "" if report["sums"] == the_world.sums(clients.STREAMS, run.bytes) else "other octets arrived"
    if deed == "upload":
        return "" if (report["bytes"], report["sum"]) == (
            clients.UPLOAD_BYTES, the_world.upload_sum(clients.UPLOAD_BYTES)) else f"the origin got {report}"
    if deed == "silence":
        return "" if report["said"].split() == ["before", "after"] else f"arrived: {report['said']!r}"
    # Inside, everybody sees the whole answer. Of a refused tunnel some show the status, some the phrase.
    wanted = ("denied-path",) if run.way == "inspected" else ("403", "Forbidden", "denied-host")
    return "" if any(word in report["said"] for word in wanted) else f"it doesn't say that: {report['said']!r}"


def run_quick(the_world, client, outcomes):
    """All but the silence, one way after the other; the time that the download takes is compared."""
    seconds = {}
    for way in client.download_mib:
        deeds = [deed for deed in client.deeds if deed in QUICK_DEEDS]
        proxy = the_world.proxies[way].process
        before = world.cpu_seconds(proxy)
        run = Run(the_world, client, way, deeds)
        reports = run.reports()
        used = world.cpu_seconds(proxy) - before
        for deed in deeds:
            report = reports[deed]
            problem = judge(the_world, run, deed, report)
            note = f"{report.get('seconds', 0):6.2f} s"
            if deed == "download":
                note += f" {client.download_mib[way]:5d} MiB {report.get('protocol', '-'):9}{used:6.2f} s CPU"
                if not problem:
                    seconds[way] = report["seconds"]
            outcomes.add(f"{client.name}, {way}: {deed}", problem, client.known.get((way, deed)), note)
    if {"tunnel", "inspected"} <= seconds.keys():
        ratio = seconds["inspected"] / seconds["tunnel"]
        outcomes.add(f"{client.name}: inspected ≤ 2 × tunnel", f"{ratio:.2f} ×" if ratio > 2 else "",
                     client.known.get("ratio"), f"{ratio:6.2f} ×")


def build(names):
    """Toolchains at once; the programs of those that could be built, and what is wrong with the others."""
    def attempt(name):
        from_time = time.monotonic()
        try:
            toolchains.TOOLCHAINS[name]()
            problem = ""
        except toolchains.Missing as missing:
            problem = str(missing)
        return name, problem, time.monotonic() - from_time

    with concurrent.futures.ThreadPoolExecutor() as pool:
        for name, problem, seconds in pool.map(attempt, names):
            yield name, problem, seconds


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-k", metavar="NAME", default="", help="only clients with NAME in their name")
    options.add_argument("--no-silence", action="store_true", help="leave the two minutes out")
    options = options.parse_args()
    chosen = [client for client in clients.CLIENTS if options.k in client.name]
    outcomes, broken = Outcomes(), {}
    (world.BUILD / "go").mkdir(parents=True, exist_ok=True)
    for name, problem, seconds in build(dict.fromkeys(["go", *(client.toolchain for client in chosen)])):
        outcomes.add(f"{name}: built", problem, note=f"{seconds:6.2f} s")
        broken[name] = problem
    if broken["go"]:
        print("The origin is written in Go: nothing can run.")
    else:
        the_world = world.World(toolchains.SERVERS)
        try:
            run_all(the_world, [client for client in chosen if not broken[client.toolchain]], outcomes, options)
        finally:
            the_world.close()
    print(f"\n{len(outcomes.failed)} tests failed out of {outcomes.total}")
    return 1 if outcomes.failed else 0


def run_all(the_world, chosen, outcomes, options):
    for client in chosen:
        said = subprocess.run(command(client), capture_output=True, text=True, check=False)
        print(f"       {client.name} is {said.stdout.strip()}")
    silent = [] if options.no_silence else [
        Run(the_world, client, way, ["silence"])
        for client in chosen if "silence" in client.deeds for way in client.download_mib]
    for client in chosen:
        run_quick(the_world, client, outcomes)
    for run in silent:
        report = run.reports(clients.SILENCE_SECONDS + TIMEOUT_SECONDS)["silence"]
        outcomes.add(f"{run.client.name}, {run.way}: silence", judge(the_world, run, "silence", report),
                     run.client.known.get((run.way, "silence")), f"{report.get('seconds', 0):6.1f} s")


if __name__ == "__main__":
    sys.exit(main())
