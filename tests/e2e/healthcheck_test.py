"""The listener for probes, and `sluice healthcheck`, which asks it or the admin side."""
import json
import signal
import tempfile
import unittest

import harness
from harness import run_sluice
from wire import Peer, request

class Probes(harness.TestCase):
    def probed(self, config=None, **options):
        """A proxy with the listener, and where that is."""
        proxy = self.sluice(harness.merge({"admin": {"probes": "127.0.0.1:0"}}, config or {}), **options)
        return proxy, proxy._endpoint(proxy.wait_line(r"probes on http://(\S+)"))

    def ask(self, endpoint, method, path, host="pod.example"):
        with Peer.connect(endpoint) as peer:
            peer.send(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            answer = peer.read_response(method)
            return answer.status, answer.text if method == "GET" else ""

    def test_it_answers_two_paths_to_anybody_and_nothing_else(self):
        _, endpoint = self.probed({"admin": {"token": "0123456789abcdef0123456789abcdef"}})
        self.assertEqual((200, "ok\n"), self.ask(endpoint, "GET", "/livez"))
        self.assertEqual((200, "ready\n"), self.ask(endpoint, "GET", "/readyz"))
        self.assertEqual((200, ""), self.ask(endpoint, "HEAD", "/livez"))
        for path in ("/", "/healthz", "/metrics", "/sessions", "/misroutes", "/inspection", "/livez/"):
            self.assertEqual(404, self.ask(endpoint, "GET", path)[0], path)
        self.assertEqual(405, self.ask(endpoint, "DELETE", "/livez")[0])

    def test_it_answers_beside_many_who_say_nothing(self):
        _, endpoint = self.probed()
        silent = [Peer.connect(endpoint) for _ in range(150)]
        for _ in range(3):
            self.assertEqual(200, self.ask(endpoint, "GET", "/livez")[0])
        for each in silent:
            each.close()

    def test_it_cannot_be_reached_through_the_proxy(self):
        rule = {"name": "all", "action": "allow", "addresses": ["127.0.0.0/8"], "ports": [1]}
        proxy, endpoint = self.probed({"policy": {"rules": [rule]}})
        proxy.write_config({"policy": {"rules": [{**rule, "ports": [endpoint[1]]}]}})
        proxy.signal(signal.SIGHUP)
        proxy.wait_line("reload")
        with proxy.connect() as client:
            client.send(request("GET", "http://%s:%d/livez" % endpoint))
            self.assertEqual(403, client.read_response().status)

    def test_a_draining_proxy_lives_and_is_not_ready(self):
        origin = self.origin()
        proxy, endpoint = self.probed({"policy": {"rules": [harness.allow([origin])]}, "timeouts": {"drain": "20s"}})
        tunnel = self.tunnel(proxy, origin.authority)
        proxy.signal(signal.SIGTERM)
        harness.eventually(lambda: self.ask(endpoint, "GET", "/readyz") == (503, "draining\n"), "not ready")
        self.assertEqual(200, self.ask(endpoint, "GET", "/livez")[0])
        asked = ["healthcheck", "--address", "%s:%d" % endpoint]
        self.assertEqual(1, run_sluice(*asked)[0])
        self.assertEqual(0, run_sluice(*asked, "--path", "/livez")[0])
        tunnel.close()

    def test_two_listeners_of_one_address_are_refused(self):
        config = json.dumps({"admin": {"listen": "127.0.0.1:1", "probes": "127.0.0.1:1"}})
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(config)
            file.flush()
            code, out, err = run_sluice("config", "check", "-c", file.name)
        self.assertEqual(2, code)
        self.assertIn("admin.probes", out + err)


class Healthcheck(harness.TestCase):
    def test_it_asks_where_the_configuration_says(self):
        proxy = self.sluice()
        code, _, err = run_sluice("healthcheck", "--address", "%s:%d" % proxy.admin)
        self.assertEqual((0, ""), (code, err))
        environment = {**harness.environment_without_own(), "SLUICE_ADMIN__LISTEN": "%s:%d" % proxy.admin}
        self.assertEqual(0, run_sluice("healthcheck", "-c", "/dev/null", env=environment)[0])
        closed = {**environment, "SLUICE_ADMIN__PROBES": "127.77.255.254:1"}
        code, _, err = run_sluice("healthcheck", "-c", "/dev/null", env=closed)
        self.assertEqual(1, code)
        self.assertIn("http://127.77.255.254:1/readyz does not answer", err)

    def test_a_listener_on_all_addresses_is_asked_on_loopback(self):
        for everywhere in ("0.0.0.0", "[::]"):
            proxy = self.sluice({"admin": {"probes": f"{everywhere}:0"}})
            port = proxy.wait_line(r"probes on http://\S+:(\d+)").group(1)
            environment = {**harness.environment_without_own(), "SLUICE_ADMIN__PROBES": f"{everywhere}:{port}"}
            code, _, err = run_sluice("healthcheck", "-c", "/dev/null", env=environment)
            self.assertEqual((0, ""), (code, err))

    def test_nobody_to_ask_is_unhealthy(self):
        environment = {**harness.environment_without_own(), "SLUICE_ADMIN__LISTEN": "off"}
        code, _, err = run_sluice("healthcheck", "-c", "/dev/null", env=environment)
        self.assertEqual(1, code)
        self.assertIn("admin.listen", err)

    def test_wrong_usage(self):
        for flags in (["--address", "nowhere"], ["--timeout", "soon"], ["--path", "readyz"]):
            self.assertEqual(2, run_sluice("healthcheck", *flags)[0], flags)


if __name__ == "__main__":
    unittest.main()
