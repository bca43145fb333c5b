"""`sluice upgrade`: another process takes over, and no client notices.

SLUICE_UPGRADE_LOAD="RATE TUNNELS RELOADS UPGRADES" makes the load, and what is done under it, as large as that, with the
bound of three times the latency without; it prints what it saw.
"""
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

import harness
import steady
from pki import Authority
from upgradable import Upgradable
from wire import Peer, request

RATE, TUNNELS, RELOADS, UPGRADES = map(int, os.environ.get("SLUICE_UPGRADE_LOAD", "60 40 3 3").split())
LONG = "SLUICE_UPGRADE_LOAD" in os.environ
FACTOR, FLOOR = (3, 0.01) if LONG else (8, 2)
MEASURE_SECONDS = 10 if LONG else 1


def echo(_origin, peer):
    while data := peer.read_exactly(1):
        peer.send(data)


class Upgrade(harness.TestCase):
    def upgradable(self, config=None, **options):
        proxy = Upgradable(config, **options)
        self.addCleanup(self._stop, proxy)
        return proxy

    def status(self, proxy, url):
        with proxy.connect() as client:
            client.send(request("GET", url))
            return client.read_response().status

    # Nothing dropped

    def test_nobody_notices_reloads_and_upgrades(self):
        origin = steady.Echo()
        self.addCleanup(origin.close)
        config, context = self.secure()
        proxy = self.upgradable(harness.merge(config, {
            "policy": {"rules": [harness.allow(ports=[origin.port])]},
            "admin": {"probes": "127.0.0.1:0"}, "timeouts": {"drain": "5s"},
            "limits": {"sessions_per_client": 20000}}))
        probes = proxy._endpoint(proxy.wait_line(r"probes on http://(\S+)"))
        load = steady.Load(proxy.address, origin.authority, RATE, TUNNELS, keepers=4, probes=[proxy.admin, probes],
                           tls=(proxy.secure_address, context)).start()
        try:
            self.rest(MEASURE_SECONDS)
            quiet = load.mark()
            for step in range(max(RELOADS, UPGRADES)):
                if step < RELOADS:
                    proxy.signal(signal.SIGHUP)
                    proxy.wait_line("reload: done", skip=step, timeout=30)
                if step * UPGRADES // max(RELOADS, UPGRADES) != (step + 1) * UPGRADES // max(RELOADS, UPGRADES):
                    before = len(load.times)
                    code, said = proxy.upgrade()
                    self.assertEqual(0, code, said + proxy.output())
                    harness.eventually(lambda: len(load.times) > before + 5, "tunnels by the new process")
                self.rest(MEASURE_SECONDS / 5)
            during = load.mark()
        finally:
            load.stop()
        self.assertEqual([], load.faults[:5], f"{len(load.faults)} faults")
        self.assertGreater(load.asked, 10)
        self.assertGreater(load.probed, 10)
        self.assertEqual(UPGRADES + 1, len(set(proxy.processes)))
        line = (f"{len(quiet) + len(during)} new tunnels, {TUNNELS} long ones of "
                f"{sum(tunnel.octets for tunnel in load.tunnels)} octets, {load.asked} requests on kept connections, "
                f"{load.probed} probes: 0 faults; p50 {1000 * steady.percentile(quiet, .5):.1f} -> "
                f"{1000 * steady.percentile(during, .5):.1f} ms, p99 {1000 * steady.percentile(quiet, .99):.1f} -> "
                f"{1000 * steady.percentile(during, .99):.1f} ms through {RELOADS} reloads and {UPGRADES} upgrades")
        if LONG:
            print(line, file=sys.stderr, flush=True)
        self.assertLess(steady.percentile(during, .99), max(FLOOR, FACTOR * steady.percentile(quiet, .99)), line)
        # The old ones end with the last of their tunnels.
        for pid in proxy.processes[:-1]:
            self.assertEqual(0, proxy.ended(pid, 70), proxy.output())

    @staticmethod
    def rest(seconds):
        """Lets the load run for that long, which is what is measured."""
        time.sleep(seconds)

    def secure(self):
        """The configuration of a TLS listener, and how a client trusts it."""
        authority = Authority(self.folder())
        certificate, key = authority.server_files("proxy.test")
        context = ssl.create_default_context(cafile=authority.certificate)
        return {"tls": {"listen": ["127.0.0.1:0"],
                        "certificates": [{"certificate": str(certificate), "key": str(key)}]}}, context

    def test_an_idle_connection_may_ask_once_more_and_is_closed_then(self):
        origin = self.origin()
        proxy = self.upgradable({"policy": {"rules": [harness.allow([origin])]}})
        with proxy.connect() as client, proxy.connect() as fresh:
            client.send(request("GET", origin.url()))
            self.assertIsNone(client.read_response().get("Connection"))
            self.assertEqual(0, proxy.upgrade()[0])
            client.send(request("GET", origin.url()))
            self.assertEqual("close", client.read_response().get("Connection"))
            self.assertEqual("fin", client.wait_end(5))
            fresh.send(request("GET", origin.url()))
            self.assertEqual(200, fresh.read_response().status)
        self.assertEqual(0, proxy.ended(proxy.processes[0]))

    def test_what_the_old_process_serves_ends_with_its_time(self):
        origin = self.origin(serve=echo)
        proxy = self.upgradable({"policy": {"rules": [harness.allow([origin])]}, "timeouts": {"upgrade": "500ms"}})
        tunnel = self.tunnel(proxy, origin.authority)
        self.assertEqual(0, proxy.upgrade()[0])
        self.assertIn(tunnel.wait_end(10), ("fin", "reset"))
        self.assertEqual(0, proxy.ended(proxy.processes[0]))
        proxy.wait_line(r"timeouts\.upgrade has passed with 1 sessions")

    # What the new process finds

    def test_listeners_follow_the_configuration(self):
        origin = self.origin()
        kept, gone, new = ("127.0.0.1:%d" % self.free_port() for _ in range(3))
        proxy = self.upgradable({"listen": [kept, gone], "workers": 2,
                                 "policy": {"rules": [harness.allow([origin])]}})
        proxy.write_config({"listen": [new, kept], "workers": 3})
        code, said = proxy.upgrade()
        self.assertEqual(0, code, said)
        proxy.wait_line(f"a socket that listens on {gone} was handed over, but no listener")
        self.assertEqual(0, proxy.ended(proxy.processes[0]))
        for where in (new, kept, kept, kept, kept):
            proxy.address = proxy._endpoint(re.match("(.*)", where))
            self.assertEqual(200, self.status(proxy, origin.url()))
        with self.assertRaises(ConnectionRefusedError):
            Peer.connect(proxy._endpoint(re.match("(.*)", gone)))

    @staticmethod
    def free_port():
        with socket.create_server(("127.0.0.1", 0)) as taken:
            return taken.getsockname()[1]

    def test_what_was_learned_goes_on(self):
        origin = self.origin()
        file = pathlib.Path(self.folder()) / "learned.json"
        proxy = self.upgradable({"policy": {"rules": [harness.allow([origin])]},
                                 "learn": {"file": str(file), "interval": "1h"}})
        self.assertEqual(200, self.status(proxy, origin.url()))
        self.assertEqual(0, proxy.upgrade()[0])
        self.assertEqual(0, proxy.ended(proxy.processes[0]))
        self.assertEqual(200, self.status(proxy, origin.url()))
        proxy.signal(signal.SIGTERM)
        self.assertEqual(0, proxy.ended(proxy.processes[-1]))
        learned = json.loads(file.read_text())
        self.assertEqual([2], [each["allow"] for each in learned["destinations"]])

    def folder(self):
        directory = tempfile.TemporaryDirectory(prefix="sluice-upgrade-")
        self.addCleanup(directory.cleanup)
        return directory.name

    # Failures

    def serves_on(self, proxy, origin, tunnel, said, expected):
        self.assertRegex(said, expected)
        self.assertIn(f"process {proxy.process.pid} serves on", said)
        self.assertEqual(proxy.process.pid, proxy.pid())
        self.assertTrue(proxy.alive())
        tunnel.send(b"x")
        self.assertEqual(b"x", tunnel.read_exactly(1))
        self.tunnel(proxy, origin.authority)

    def linked(self, config=None):
        """An echo, a proxy whose program is found by a link, and a tunnel through it."""
        origin = self.origin(serve=echo)
        link = pathlib.Path(self.folder()) / "sluice"
        link.symlink_to(pathlib.Path(harness.BINARY).resolve())
        with unittest.mock.patch.object(harness, "BINARY", str(link)):
            proxy = self.upgradable(harness.merge({"policy": {"rules": [harness.allow([origin])]}}, config or {}))
        return origin, link, proxy, self.tunnel(proxy, origin.authority)

    def test_a_bad_configuration_leaves_the_old_process_serving(self):
        origin, _, proxy, tunnel = self.linked()
        proxy.write_config({"timeouts": {"idle": "soon"}})
        code, said = proxy.upgrade()
        self.assertEqual(1, code)
        self.serves_on(proxy, origin, tunnel, said, r"not upgraded: the configuration has problems: .*timeouts\.idle")
        proxy.write_config({"timeouts": {"idle": "60s"}, "listen": ["127.0.0.1:0", "192.0.2.1:3128"]})
        code, said = proxy.upgrade()
        self.assertEqual(1, code)
        self.serves_on(proxy, origin, tunnel, said, r"cannot listen on 192\.0\.2\.1:3128 \(EADDRNOTAVAIL\)")
        proxy.write_config({"listen": ["127.0.0.1:0"]})
        self.assertEqual(0, proxy.upgrade()[0])
        tunnel.close()

    def test_a_program_that_does_not_start_or_ends_leaves_the_old_process_serving(self):
        origin, link, proxy, tunnel = self.linked()
        for content, expected in ((None, r"the program can't be started \(ENOENT\)"),
                                  ("no program", r"the program can't be started \(ENOEXEC\)"),
                                  ("#!/bin/sh\nexit 0\n", r"ended before it was ready"),
                                  ("#!/bin/sh\nkill -SEGV $$\n", r"ended before it was ready")):
            link.unlink()
            if content is not None:
                link.write_text(content)
                link.chmod(0o755)
            else:
                link.symlink_to("nowhere")
            code, said = proxy.upgrade()
            self.assertEqual(1, code)
            self.serves_on(proxy, origin, tunnel, said, expected)
        tunnel.close()

    def test_an_end_meanwhile_is_the_end_of_both(self):
        _, link, proxy, tunnel = self.linked()
        tunnel.close()
        note = link.parent / "pid"
        link.unlink()
        link.write_text(f"#!/bin/sh\necho $$ >{note}.new && mv {note}.new {note}\nexec sleep 1000\n")
        link.chmod(0o755)
        proxy.signal(signal.SIGUSR2)
        harness.eventually(note.exists, "the new process")
        proxy.signal(signal.SIGUSR2)
        proxy.wait_line("one is under way already")
        proxy.signal(signal.SIGTERM)
        self.assertEqual(0, proxy.ended(proxy.process.pid))
        self.assertEqual(-signal.SIGTERM, proxy.ended(int(note.read_text())))
        proxy.codes.clear()

    def test_process_1_of_a_container_is_not_replaced(self):
        if subprocess.run(["unshare", "--pid", "--fork", "true"], capture_output=True, check=False).returncode:
            self.skipTest("no process namespace may be made here")
        folder = pathlib.Path(self.folder())
        config = folder / "sluice.yaml"
        config.write_text(json.dumps({**harness.BASE, "workers": 1}))
        container = subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", harness.BINARY, "run", "-c", config,
                                      "--pid-file", folder / "pid"], stderr=subprocess.PIPE, text=True,
                                     env=harness.environment_without_own())
        self.addCleanup(container.stderr.close)
        self.addCleanup(container.wait)
        self.addCleanup(container.kill)
        harness.eventually((folder / "pid").exists, "the pid file", 15)
        self.assertEqual("1\n", (folder / "pid").read_text())
        children = pathlib.Path(f"/proc/{container.pid}/task/{container.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGUSR2)
        outcome = harness.eventually(lambda: (folder / "pid.upgrade").exists() and
                                     (folder / "pid.upgrade").read_text(), "the outcome")
        self.assertRegex(outcome, r"failed this process is process 1 of a container, which ends with it: replace the "
                                  r"container by one of the new image")
        self.assertIsNone(container.poll())

    def test_the_command_says_whom_it_does_not_find(self):
        folder = pathlib.Path(self.folder())
        code, _, said = harness.run_sluice("upgrade", "--pid-file", folder / "none")
        self.assertEqual(3, code)
        self.assertIn("names no process; start the proxy with `sluice run --pid-file`", said)
        sleeper = subprocess.Popen(["sleep", "100"])
        self.addCleanup(sleeper.wait)
        self.addCleanup(sleeper.kill)
        (folder / "pid").write_text(f"{sleeper.pid}\n")
        code, _, said = harness.run_sluice("upgrade", "--pid-file", folder / "pid")
        self.assertEqual(3, code)
        self.assertIn("does not wait for USR2", said)
        self.assertIsNone(sleeper.poll())
        sleeper.kill()
        sleeper.wait()
        code, _, said = harness.run_sluice("upgrade", "--pid-file", folder / "pid")
        self.assertEqual(3, code)
        self.assertIn("is not there any more", said)
        self.assertEqual(2, harness.run_sluice("upgrade", "--timeout", "soon")[0])


if __name__ == "__main__":
    unittest.main()
