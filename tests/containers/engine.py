"""A docker engine for a run of the tests: the one that answers, else one of our own that ends with the run."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from leg import REPOSITORY

DATA = REPOSITORY / "build/containers/docker"  # its images and layers, kept for the next run
CONTROL_GROUP = "sluice-containers"
START_SECONDS = 60


def answers():
    """Whether docker's client reaches an engine."""
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class Engine:
    """dockerd by hand. Everybody it starts is in this process's network, mount and pid namespaces."""

    def __init__(self, data=DATA):
        self._directory = tempfile.TemporaryDirectory(prefix="sluice-engine-")
        path = pathlib.Path(self._directory.name)
        self.log = path / "log"
        data.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                ["dockerd", "--data-root", str(data), "--exec-root", str(path / "exec"), "--pidfile", str(path / "pid"),
                 "--host", f"unix://{path}/socket", "--cgroup-parent", f"/{CONTROL_GROUP}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        os.environ["DOCKER_HOST"] = f"unix://{path}/socket"
        deadline, tick = time.monotonic() + START_SECONDS, threading.Event()
        while not answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
                self.stop()
                raise RuntimeError("dockerd does not answer; it said:\n" + "\n".join(said))
            tick.wait(0.2)

    def stop(self):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._directory.cleanup()


def remove_control_groups():
    """The engine leaves its own empty ones behind."""
    for hierarchy in pathlib.Path("/sys/fs/cgroup").glob(f"*/{CONTROL_GROUP}"):
        for path in sorted([hierarchy, *(each for each in hierarchy.rglob("*") if each.is_dir())], reverse=True):
            try:
                path.rmdir()
            except OSError:
                pass


def missing():
    """What an engine of our own would need that is not there; "" if nothing."""
    if os.geteuid() != 0:
        return "no docker engine answers, and starting one needs root"
    if not shutil.which("dockerd"):
        return "no docker engine answers, and dockerd is not installed (deploy/install-packages.sh containers)"
    return ""
