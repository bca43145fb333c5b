"""What a service manager hears (sd_notify), and sockets that it passes (LISTEN_FDS)."""
import ctypes
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import unittest
import unittest.mock

import harness
from upgradable import Upgradable
from wire import Peer, request

PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000


class Manager:
    """The end of a notification socket."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(15)

    def hear(self):
        return self.socket.recv(4096).decode().splitlines()

    def hear_until(self, line):
        """What is said up to the message that has this line, in order."""
        heard = []
        while line not in (heard[-1] if heard else []):
            heard.append(self.hear())
        return heard

    def drop(self):
        """Forgets what was said so far."""
        self.socket.setblocking(False)
        try:
            while True:
                self.socket.recv(4096)
        except BlockingIOError:
            self.socket.settimeout(15)


class Service(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="sluice-service-")
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)
        self.manager = Manager(self.folder)
        self.addCleanup(self.manager.socket.close)

    def upgradable(self, config=None, **options):
        proxy = Upgradable(config, **options)
        self.addCleanup(self._stop, proxy)
        return proxy

    def notifying(self, **environment):
        return self.upgradable(environment={"NOTIFY_SOCKET": self.manager.path, **environment})

    def test_life_is_told(self):
        proxy = self.notifying()
        self.assertEqual(["READY=1", "STATUS=serving"], self.manager.hear())
        proxy.signal(signal.SIGHUP)
        reloading = self.manager.hear()
        self.assertEqual("RELOADING=1", reloading[0])
        self.assertRegex(reloading[1], r"^MONOTONIC_USEC=\d+$")
        self.assertEqual(["READY=1", "STATUS=serving"], self.manager.hear())
        proxy.write_config({"timeouts": {"idle": "soon"}})
        proxy.signal(signal.SIGHUP)
        self.manager.hear()
        self.assertEqual(["READY=1", "STATUS=the last reload failed; the configuration before it is kept"],
                         self.manager.hear())
        proxy.write_config({"timeouts": {"idle": "60s"}})
        self.assertEqual(0, proxy.upgrade()[0])
        # In this order: the manager takes a word of the new process only once it is the main one.
        self.assertEqual([f"MAINPID={proxy.processes[-1]}"], self.manager.hear())
        self.assertEqual(["READY=1", "STATUS=serving"], self.manager.hear())
        proxy.signal(signal.SIGTERM)
        self.assertEqual(["STOPPING=1", "STATUS=draining"], self.manager.hear())

    def test_the_watchdog_hears_nothing_while_a_worker_hangs(self):
        proxy = self.notifying(WATCHDOG_USEC="300000")
        self.manager.hear_until("WATCHDOG=1")
        tasks = pathlib.Path(f"/proc/{proxy.process.pid}/task")
        worker = next(int(task.name) for task in tasks.iterdir() if (task / "comm").read_text() == "worker-1\n")
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long] * 4
        if libc.ptrace(PTRACE_SEIZE, worker, 0, 0) != 0:
            self.skipTest("no thread may be stopped here (ptrace)")
        try:
            libc.ptrace(PTRACE_INTERRUPT, worker, 0, 0)
            os.waitpid(worker, WALL)
            proxy.wait_line("a worker does not answer")
            self.manager.drop()
            proxy.wait_line("a worker does not answer", skip=2)
            self.manager.socket.setblocking(False)
            self.assertRaises(BlockingIOError, self.manager.socket.recv, 100)
            self.manager.socket.settimeout(15)
        finally:
            libc.ptrace(PTRACE_DETACH, worker, 0, 0)
        self.assertEqual(["WATCHDOG=1"], self.manager.hear())

    def test_sockets_of_the_manager_are_listened_on_also_after_an_upgrade(self):
        origin = self.origin()
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        address = listener.getsockname()
        program = self.folder / "activated"
        program.write_text(f'#!/bin/sh\nexec 3<&{listener.fileno()}\n'
                           f'LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=plain exec {harness.BINARY} "$@"\n')
        program.chmod(0o755)
        os.set_inheritable(listener.fileno(), True)
        with unittest.mock.patch.object(harness, "BINARY", str(program)), \
                unittest.mock.patch.object(subprocess, "Popen", keeping_descriptors):
            proxy = self.upgradable({"listen": ["%s:%d" % address], "workers": 2,
                                     "policy": {"rules": [harness.allow([origin])]}})
        listener.close()
        self.assertEqual(address, proxy.address)
        for _ in range(2):
            for _ in range(5):
                with Peer.connect(address) as client:
                    client.send(request("GET", origin.url()))
                    self.assertEqual(200, client.read_response().status)
            code, said = proxy.upgrade()
            self.assertEqual(0, code, said)
        self.assertEqual([], [line for line in proxy.lines if re.search("cannot listen|no listener", line)])


_popen = subprocess.Popen


def keeping_descriptors(*arguments, **options):
    return _popen(*arguments, close_fds=False, **options)


if __name__ == "__main__":
    unittest.main()
