"""The evaluators of NO_PROXY against the decisions of the real clients, for thousands of random cases.

Each client that can be asked for its decision is: urllib, requests, Ruby, Go, Java and proxy-from-env, in
one process each. Debian's Node has no proxy support of its own to ask, nor an undici with
EnvHttpProxyAgent, and its httpx is older than the one that is modelled; those rest on the vectors of
tests/corpus/no_proxy. SLUICE_SEED=N repeats a run.
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness
import no_proxy_cases as cases

HERE = pathlib.Path(__file__).resolve().parent / "clients" / "no_proxy"
SEED = int(os.environ.get("SLUICE_SEED", "20260821"))
COUNT = 3000
GO_SOURCES = pathlib.Path("/usr/share/gocode")  # golang-golang-x-net-dev


def json_lines(command, asked, **options):
    done = subprocess.run([str(part) for part in command], input="".join(json.dumps(case) + "\n" for case in asked),
                          capture_output=True, text=True, timeout=120, check=False, **options)
    lines = done.stdout.splitlines()
    assert len(lines) == len(asked), f"{command}: {len(lines)} answers to {len(asked)} cases: {done.stderr[-500:]}"
    return [json.loads(line) for line in lines]


def predictions(asked):
    """(outcome, proxy, rule) of our own evaluator."""
    fields = ("client", "url", "env", "resolved")
    stripped = [{key: case[key] for key in fields if key in case} for case in asked]
    answers = json_lines([harness.BINARY, "noproxy", "explain", "--batch", "-"], stripped,
                         env=harness.environment_without_own())
    return [(answer["outcome"], answer["proxy"], answer["rule"], answer["entry"]) for answer in answers]


def outcome_of(answer):
    if "error" in answer:
        return "error"
    return "proxy" if answer["proxy"] else "direct"


class Decisions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        print(f"seed {SEED}: SLUICE_SEED={SEED} repeats this run", flush=True)

    def need(self, command, package):
        self.assertTrue(shutil.which(command) or os.path.exists(command),
                        f"{command} is not there; deploy/packages.txt lists {package}: make test installs it")

    def compare(self, client, decide, separator=","):
        asked = cases.make(SEED, client, COUNT, separator)
        for case in asked:
            if client == "java":
                case["env"] = java_properties("".join(case["pieces"]))

        def mismatches(some):
            wrong = []
            for case, expected, answer in zip(some, predictions(some), decide(some), strict=True):
                outcome, proxy, _, _ = expected
                same = outcome == outcome_of(answer)
                if same and outcome == "proxy":
                    same = proxy.rstrip("/") == answer["proxy"].rstrip("/")
                if not same:
                    wrong.append(case)
            return wrong

        wrong = mismatches(asked)
        if wrong:
            least = cases.shrink(wrong[0], mismatches)
            self.fail(f"{client}: {len(wrong)} of {COUNT} cases differ; the smallest found of the first:\n"
                      f"  {json.dumps(least)}\n  predicted {predictions([least])[0]}\n"
                      f"  the client says {decide([least])[0]}\n  seed {SEED}")
        outcomes = [prediction[0] for prediction in predictions(asked)]
        rules = sorted({prediction[2] for prediction in predictions(asked)})
        print(f"{client}: {COUNT} cases agree, {outcomes.count('direct')} direct, "
              f"{outcomes.count('proxy')} proxied; rules {' '.join(rules)}", flush=True)
        for outcome in ("direct", "proxy"):
            self.assertGreater(outcomes.count(outcome), COUNT // 10, "the cases have become one-sided")

    def test_urllib(self):
        self.need("/usr/bin/python3", "python3")
        self.compare("python-urllib", lambda some: json_lines(["/usr/bin/python3", "-B", HERE / "decide.py"], some))

    def test_requests(self):
        self.need("/usr/lib/python3/dist-packages/requests", "python3-requests")
        self.compare("python-requests-2.28",
                     lambda some: json_lines(["/usr/bin/python3", "-B", HERE / "decide.py"], some))

    def test_ruby(self):
        self.need("ruby", "ruby")
        for client in ("ruby", "ruby-uri"):
            with self.subTest(client):
                self.compare(client, lambda some: json_lines(["ruby", HERE / "decide.rb"], some))

    def test_go(self):
        self.need("go", "golang-go")
        self.need(str(GO_SOURCES / "src/golang.org/x/net/http/httpproxy"), "golang-golang-x-net-dev")
        with tempfile.TemporaryDirectory(prefix="sluice-go-") as directory:
            program = pathlib.Path(directory) / "decide"
            environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOFLAGS": "",
                           "GOCACHE": directory + "/cache", "HOME": directory, "CGO_ENABLED": "0"}
            subprocess.run(["go", "build", "-o", program, HERE / "decide.go"], env=environment, check=True,
                           timeout=240)
            self.compare("go-1.19", lambda some: json_lines([program], some))

    def test_proxy_from_env(self):
        self.need("node", "nodejs")
        self.need("/usr/share/nodejs/proxy-from-env", "node-proxy-from-env")
        self.compare("proxy-from-env", lambda some: json_lines(["node", HERE / "decide.cjs"], some))

    def test_java(self):
        self.need("java", "default-jdk-headless")
        self.compare("java", java_decides, separator="|")


def java_properties(text):
    host, _, port = cases.PROXY.removeprefix("http://").partition(":")
    out = {}
    for scheme in ("http", "https"):
        out.update({f"{scheme}.proxyHost": host, f"{scheme}.proxyPort": port})
    if text != "-":
        out["http.nonProxyHosts"] = text.replace("\t", " ")
    return out


def java_decides(some):
    host, _, port = cases.PROXY.removeprefix("http://").partition(":")
    lines = "".join(f"{case['url']}\t{case['env'].get('http.nonProxyHosts', '-')}\n" for case in some)
    done = subprocess.run(["java", str(HERE / "Decide.java"), host, port], input=lines, capture_output=True,
                          text=True, timeout=120, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(some), f"java: {len(answers)} answers to {len(some)} cases: {done.stderr[-500:]}"
    return answers


if __name__ == "__main__":
    unittest.main()
