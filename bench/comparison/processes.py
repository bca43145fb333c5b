"""Child processes that leave nothing behind."""
import atexit
import ctypes
import os
import resource
import signal
import subprocess
import sys

LIBC = ctypes.CDLL(None)
MOST_NICE = 19
PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10


def descriptors():
    """The most descriptors a process of ours may have."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


class Process:
    """A child in a process group of its own, which is ended as a whole, at the latest at our exit.

    In the background it runs only where nobody else wants to, and /proc/stat calls its time nice.
    """

    def __init__(self, command, cpus, background=False, **options):
        def prepare():
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            hard = descriptors()
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            if cpus:
                os.sched_setaffinity(0, cpus)
            if background:
                os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
                os.nice(MOST_NICE)

        self.child = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL,
                                      start_new_session=True, preexec_fn=prepare, **options)
        self.pid = self.child.pid
        atexit.register(self.stop)

    def stop(self):
        atexit.unregister(self.stop)
        self._signal(signal.SIGTERM)
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self._signal(signal.SIGKILL)  # what is left of the group, if anything
        self.child.wait()

    def _signal(self, number):
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass


def keep_awake(cpu):
    """A process that spins when `cpu` has nothing else to do.

    A CPU that halts between two operations has to be woken for the next one, and finds its caches cold. On a
    virtual machine that can double what an operation costs, and costs the fast most: they wait most.
    """
    return Process([sys.executable, "-c", "while True: pass"], [cpu], background=True)
