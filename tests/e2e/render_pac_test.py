"""The PAC file of `sluice aks render pac`, executed in Node's vm as a browser would, against the table
that a unit test holds against Go's rule."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import harness
from harness import run_sluice

TABLE = harness.REPOSITORY / "tests/golden/render/pac_routes.txt"

# The helpers that every engine gives a PAC file (Netscape's list). Those that ask a resolver are
# recorded: the rule must not depend on what names resolve to.
RUNNER = """
const vm = require("vm");
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const asked = [];
const ask = (name) => (...args) => { asked.push([name, ...args]); return null; };
const helpers = {
  isPlainHostName: (host) => !host.includes("."),
  dnsDomainIs: (host, domain) => host.endsWith(domain),
  localHostOrDomainIs: (host, full) => host === full || full.startsWith(host + "."),
  dnsDomainLevels: (host) => host.split(".").length - 1,
  shExpMatch: (text, pattern) => new RegExp("^" + pattern.replace(/[.+^${}()|[\\]\\\\]/g, "\\\\$&")
    .replace(/\\*/g, ".*").replace(/\\?/g, ".") + "$").test(text),
  weekdayRange: () => true, dateRange: () => true, timeRange: () => true, alert: () => {},
  isInNet: ask("isInNet"), dnsResolve: ask("dnsResolve"), isResolvable: ask("isResolvable"),
  myIpAddress: ask("myIpAddress"),
};
const routes = input.map(({pac, urls}) => {
  const sandbox = vm.createContext({...helpers});
  vm.runInContext(pac, sandbox);
  return urls.map((text) => {
    const url = new URL(text);
    // Engines differ on whether the host of an IPv6 URL has its brackets, and on its case.
    const hosts = [url.hostname, url.hostname.replace(/^\\[|\\]$/g, ""), url.hostname.toUpperCase()];
    return hosts.map((host) => sandbox.FindProxyForURL(url.href, host));
  });
});
console.log(JSON.stringify({routes, asked}));
"""


def execute(pacs):
    """[{pac, urls}] -> for each the answers, for each URL one for each spelling of its host."""
    done = subprocess.run(["node", "-e", RUNNER], input=json.dumps(pacs), capture_output=True, text=True,
                          check=False, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Pac(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.config = pathlib.Path(directory.name) / "config.json"

    def pac(self, **config):
        self.config.write_text(json.dumps(config))
        code, out, err = run_sluice("aks", "render", "pac", self.config)
        self.assertEqual(0, code, err)
        return out

    def test_every_row_of_the_table_takes_its_route(self):
        rows = {}
        for line in TABLE.read_text().splitlines():
            if not line.startswith("#"):
                no_proxy, url, route = (part.strip() for part in line.split("|"))
                rows.setdefault(no_proxy, []).append((url, route))
        self.assertGreater(sum(map(len, rows.values())), 40)
        pacs = [{"pac": self.pac(httpProxy="http://proxy.example:3128",
                                 noProxy=no_proxy.split(",") if no_proxy else []),
                 "urls": [url for url, _ in wanted]} for no_proxy, wanted in rows.items()]
        result = execute(pacs)
        self.assertEqual([], result["asked"])
        for (no_proxy, wanted), answers in zip(rows.items(), result["routes"]):
            for (url, route), spellings in zip(wanted, answers):
                text = "DIRECT" if route == "direct" else "PROXY proxy.example:3128"
                self.assertEqual([text] * 3, spellings, f"{no_proxy} | {url}")

    def test_schemes_choose_their_proxy(self):
        pac = self.pac(httpProxy="http://proxy.example:3128", httpsProxy="https://secure.example:3129")
        urls = {"http://a.example/": "PROXY proxy.example:3128", "ws://a.example/": "PROXY proxy.example:3128",
                "https://a.example/": "HTTPS secure.example:3129",
                "wss://a.example/": "HTTPS secure.example:3129"}
        answers = execute([{"pac": pac, "urls": list(urls)}])["routes"][0]
        self.assertEqual(list(urls.values()), [spellings[0] for spellings in answers])

    def test_without_httpProxy_http_goes_direct(self):
        pac = self.pac(httpsProxy="http://proxy.example:3128")
        answers = execute([{"pac": pac, "urls": ["http://a.example/", "https://a.example/"]}])["routes"][0]
        self.assertEqual(["DIRECT", "PROXY proxy.example:3128"], [spellings[0] for spellings in answers])


if __name__ == "__main__":
    unittest.main()
