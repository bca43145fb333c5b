"""The evaluators of NO_PROXY against curl, git and wget themselves, in a network namespace.

Hundreds of random lists and URLs for each; what counts is which listener the client connects to. A client
that fails early would look like one that bypasses the proxy, so each URL is tried with a list that covers
nothing first, and has to reach the proxy then. SLUICE_SEED=N repeats a run.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import no_proxy_cases as cases
from noproxy_decisions_test import SEED, predictions

INSIDE = pathlib.Path(__file__).resolve().parent / "clients" / "no_proxy" / "inside.py"
COUNTS = {"curl-7.88": 350, "git": 200, "wget": 350}


def namespace():
    """The command that gives a program a network namespace and mounts of its own."""
    command = ["unshare", "--net", "--mount"]
    return command if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net", "--mount"]


def hosts():
    return {name: f"198.51.100.{index + 1}" for index, name in enumerate(cases.NAMES) if name != "localhost"} | {
        "localhost": "127.0.0.1"}


def observe(some):
    fields = ("client", "url", "env")
    asked = {"hosts": hosts(), "cases": [{key: case[key] for key in fields} for case in some]}
    done = subprocess.run([*namespace(), sys.executable, "-B", str(INSIDE)], input=json.dumps(asked),
                          capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise AssertionError("no network namespace could be made, which needs root or unprivileged user "
                             f"namespaces: {done.stderr[-800:]}")
    return json.loads(done.stdout)


def fits(case, prediction, seen):
    """Whether the observation is the predicted one. A name that the hosts file does not answer, because of
    its final dot, is reached by nobody: not reaching the proxy is all that can be seen then."""
    if prediction[0] == "proxy":
        return seen["seen"] == "proxy"
    unanswered = re.search(r"[a-z]\.(:\d+)?/$", case["url"].lower())
    return seen["seen"] == "direct" or (unanswered and seen["seen"] == "neither")


class Binaries(unittest.TestCase):
    def need(self, command):
        self.assertTrue(shutil.which(command), f"{command} is not there; deploy/packages.txt lists it: make test "
                        "installs it")

    def compare(self, client):
        print(f"seed {SEED}: SLUICE_SEED={SEED} repeats this run", flush=True)
        count = COUNTS[client]
        asked = cases.make(SEED, client, count)

        def mismatches(some):
            return [case for case, prediction, seen in zip(some, predictions(some), observe(some), strict=True)
                    if not fits(case, prediction, seen)]

        seen = observe(asked)
        expected = predictions(asked)
        for case, each in zip(asked, seen, strict=True):
            self.assertEqual("proxy", each["control"], f"{client} does not reach a proxy for {case['url']} even "
                             "with a list that covers nothing; so nothing can be told about it")
        wrong = [case for case, prediction, each in zip(asked, expected, seen, strict=True)
                 if not fits(case, prediction, each)]
        if wrong:
            least = cases.shrink(wrong[0], mismatches)
            self.fail(f"{client}: {len(wrong)} of {count} cases differ; the smallest found of the first:\n"
                      f"  {json.dumps(least)}\n  predicted {predictions([least])[0]}\n"
                      f"  seen {observe([least])[0]}\n  seed {SEED}")
        outcomes = [prediction[0] for prediction in expected]
        print(f"{client}: {count} cases agree, {outcomes.count('direct')} direct, {outcomes.count('proxy')} proxied",
              flush=True)
        for outcome in ("direct", "proxy"):
            self.assertGreater(outcomes.count(outcome), count // 10, "the cases have become one-sided")

    def test_curl(self):
        self.need("curl")
        self.compare("curl-7.88")

    def test_git(self):
        self.need("git")
        self.compare("git")

    def test_wget(self):
        self.need("wget")
        self.compare("wget")


if __name__ == "__main__":
    unittest.main()
