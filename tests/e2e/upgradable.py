"""A proxy whose process is replaced while it serves."""
import ctypes
import os
import signal
import time

import harness

PR_SET_CHILD_SUBREAPER = 36


class Upgradable(harness.Sluice):
    """The processes after the first become children of the test, which sees them end."""

    def __init__(self, config=None, arguments=(), **options):
        harness.LIBC.prctl(PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))
        self.processes = []
        self.codes = {}
        super().__init__(config, arguments, **options)

    def start(self, *arguments, **options):
        self.pid_path = self.path / "sluice.pid"
        super().start(*arguments, "--pid-file", self.pid_path, **options)
        self.processes.append(self.process.pid)

    def pid(self):
        return int(self.pid_path.read_text())

    def upgrade(self, *arguments):
        """`sluice upgrade`: exit code and what it said."""
        code, out, err = harness.run_sluice("upgrade", "--pid-file", self.pid_path, *arguments, timeout=60)
        if code == 0:
            self.processes.append(self.pid())
        return code, out + err

    def signal(self, number):
        os.kill(self.processes[-1], number)

    def ended(self, pid, timeout=20):
        """The exit code of a process of this proxy."""
        if pid == self.process.pid:
            return self.process.wait(timeout)
        if pid not in self.codes:
            deadline = time.monotonic() + timeout
            found = 0
            while not found and time.monotonic() < deadline:
                found, status = os.waitpid(pid, os.WNOHANG)
                time.sleep(0.01)
            if not found:
                raise AssertionError(f"process {pid} has not ended; sluice said:\n{self.output()}")
            self.codes[pid] = os.waitstatus_to_exitcode(status)
        return self.codes[pid]

    def stop(self, timeout=20):
        """TERM for the process that serves; the worst exit code of all."""
        codes = []
        try:
            for pid in reversed(self.processes):
                try:
                    if pid not in self.codes:
                        os.kill(pid, signal.SIGTERM)
                except ProcessLookupError:
                    pass
                codes.append(self.ended(pid, timeout))
        finally:
            for pid in self.processes:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            super().wait_exit(timeout)
        return max(codes, key=abs)
