"""SIGHUP: a new configuration for new requests, and nothing but a message for a bad one. --watch: the same unasked."""
import json
import os
import signal
import unittest

import harness
from wire import request

DENY = {"name": "now-closed", "action": "deny", "addresses": ["127.77.0.0/16"]}


def echo(_origin, peer):
    while data := peer.read_exactly(1):
        peer.send(data)


class TestCase(harness.TestCase):
    def reload(self, proxy, changes, expect):
        """Writes the changed file, signals, and waits for a line that fits `expect`."""
        before = sum(1 for line in proxy.lines if "reload" in line)
        proxy.write_config(changes)
        proxy.signal(signal.SIGHUP)
        harness.eventually(lambda: sum(1 for line in proxy.lines if "reload" in line) > before,
                           "a line about the reload")
        proxy.wait_line(expect)

    def status(self, proxy, url):
        with proxy.connect() as client:
            client.send(request("GET", url))
            return client.read_response().status

    @staticmethod
    def reloads(proxy, result):
        return next(value for name, value in proxy.metrics().items()
                    if name.startswith("sluice_reloads_total") and f'"{result}"' in name)


class Reload(TestCase):
    def test_new_sessions_follow_the_new_policy_and_running_tunnels_go_on(self):
        echoing, plain = self.origin(serve=echo), self.origin()
        rules = [harness.allow([echoing, plain])]
        proxy = self.sluice({"policy": {"rules": rules}})
        tunnel = self.tunnel(proxy, echoing.authority)
        self.assertEqual(200, self.status(proxy, plain.url()))
        self.reload(proxy, {"policy": {"rules": [DENY]}}, "reload: done")
        self.assertEqual(403, self.status(proxy, plain.url()))
        tunnel.send(b"still here"[:1])
        self.assertEqual(b"s", tunnel.read_exactly(1))
        self.reload(proxy, {"policy": {"rules": rules}}, "reload: done")
        self.assertEqual(200, self.status(proxy, plain.url()))
        tunnel.send(b"!")
        self.assertEqual(b"!", tunnel.read_exactly(1))
        self.assertEqual(2, self.reloads(proxy, "ok"))

    def test_a_request_on_an_older_connection_is_judged_by_the_new_policy(self):
        origin, proxy = self.pair()
        with proxy.connect() as client:
            def ask():
                client.send(request("GET", origin.url()))
                return client.read_response()

            self.assertEqual(200, ask().status)
            self.reload(proxy, {"policy": {"rules": [DENY]}}, "reload: done")
            self.assertEqual(403, ask().status)
            self.reload(proxy, {"policy": {"rules": [harness.allow([origin])]}}, "reload: done")
            self.assertEqual(200, ask().status)
            self.reload(proxy, {"policy": {"clients": ["192.0.2.0/24"]}}, "reload: done")
            refused = ask()
        self.assertEqual(403, refused.status)
        self.assertIn("policy.clients", refused.text)

    def test_whoever_comes_after_the_word_finds_the_new_policy(self):
        origin = self.origin()
        policies = [{"rules": [DENY]}, {"rules": [harness.allow([origin])]}]
        proxy = self.sluice({"policy": policies[1], "workers": 8})
        for turn in range(40):
            proxy.write_config({"policy": policies[turn % 2], "workers": 8})
            proxy.signal(signal.SIGHUP)
            proxy.wait_line("reload: done", skip=turn)
            self.assertEqual((403, 200)[turn % 2], self.status(proxy, origin.url()), f"reload {turn}")

    def test_a_bad_file_keeps_the_running_configuration_and_says_what_is_wrong(self):
        origin, proxy = self.pair()
        proxy.config_path.write_text('timeouts:\n  idel: 5s\n')
        proxy.signal(signal.SIGHUP)
        proxy.wait_line(r"sluice\.yaml:2.*timeouts\.idel.*timeouts\.idle")
        proxy.wait_line("kept")
        self.assertEqual(200, self.status(proxy, origin.url()))
        self.assertEqual(1, self.reloads(proxy, "failed"))

    def test_a_missing_file_keeps_the_running_configuration(self):
        origin, proxy = self.pair()
        proxy.config_path.unlink()
        proxy.signal(signal.SIGHUP)
        proxy.wait_line("kept")
        self.assertEqual(200, self.status(proxy, origin.url()))

    def test_what_needs_a_restart_is_named(self):
        origin, proxy = self.pair()
        self.reload(proxy, {"workers": 3}, r"workers.*restart")
        self.assertEqual(200, self.status(proxy, origin.url()))

    def test_many_reloads_leave_nothing_behind(self):
        origin, proxy = self.pair()
        self.assertEqual(200, self.status(proxy, origin.url()))
        self.reload(proxy, {}, "reload: done")
        settled = proxy.descriptors()
        for _ in range(20):
            self.reload(proxy, {}, "reload: done")
            self.assertEqual(200, self.status(proxy, origin.url()))
        harness.eventually(lambda: proxy.descriptors() <= settled + 2,
                           f"descriptors near {settled}, now {proxy.descriptors()}")


class Mounted(harness.Sluice):
    """Its configuration is a ConfigMap's volume, as kubelet makes one: sluice.yaml leads into ..data, which leads
    into a folder of its own for each version."""

    def write_config(self, changes):
        self.config = harness.merge(self.config, changes)
        version = self.path / f"..{len(list(self.path.iterdir()))}"
        version.mkdir()
        (version / "sluice.yaml").write_text(json.dumps(self.config))
        (self.path / "..data_tmp").symlink_to(version.name)
        os.replace(self.path / "..data_tmp", self.path / "..data")
        if not self.config_path.is_symlink():
            self.config_path.symlink_to("..data/sluice.yaml")


class Watch(TestCase):
    def watched(self, kind=Mounted):
        origin = self.origin()
        proxy = kind({"policy": {"rules": [harness.allow([origin])]}}, arguments=["--watch"])
        self.addCleanup(proxy.stop)
        self.assertEqual(200, self.status(proxy, origin.url()))
        return origin, proxy

    def test_a_config_map_that_changes_is_followed_without_a_signal(self):
        origin, proxy = self.watched()
        proxy.write_config({"policy": {"rules": [DENY]}})
        proxy.wait_line("reload: done")
        self.assertEqual(403, self.status(proxy, origin.url()))
        proxy.write_config({"policy": {"rules": [harness.allow([origin])]}})
        proxy.wait_line("reload: done", skip=1)
        self.assertEqual(200, self.status(proxy, origin.url()))
        self.assertEqual((2, 0), (self.reloads(proxy, "ok"), self.reloads(proxy, "failed")))

    def test_a_bad_one_is_said_once_and_a_missing_one_not_at_all(self):
        origin, proxy = self.watched(harness.Sluice)
        good = proxy.config_path.read_text()
        proxy.config_path.write_text("timeouts:\n  idel: 5s\n")
        proxy.wait_line("kept")
        proxy.config_path.unlink()
        self.assertEqual(200, self.status(proxy, origin.url()))
        proxy.config_path.write_text(good)
        proxy.wait_line("reload: done")
        self.assertEqual((1, 1), (self.reloads(proxy, "ok"), self.reloads(proxy, "failed")))


if __name__ == "__main__":
    unittest.main()
