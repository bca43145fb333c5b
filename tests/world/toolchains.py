"""Builds the clients, each from what its lock file pins, below build/world/."""
import os
import pathlib
import shutil
import subprocess

from world import BUILD

HERE = pathlib.Path(__file__).resolve().parent
SERVERS = {"http": BUILD / "go/origin"}


class Missing(Exception):
    """Something of the machine is not there, or a build failed."""


def run(*command, environment=None, **options):
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, env={**os.environ, **(environment or {})}, **options)
    if done.returncode:
        raise Missing(f"{' '.join(map(str, command))}: exit code {done.returncode}\n"
                      f"{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def need(program, why):
    if not shutil.which(program):
        raise Missing(f"{program} is not there; {why}")


def go():
    """Go of today: the first in PATH fetches the one that go.mod names, as it would any module."""
    need("go", "any from 1.21 on fetches the one that tests/world/go/go.mod names")
    environment = {"GOTOOLCHAIN": "auto", "GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"}
    run("go", "build", "-trimpath", "-o", f"{BUILD / 'go'}/", "./...", cwd=HERE / "go", environment=environment)


def go_debian():
    need("/usr/bin/go", "make world installs golang-go")
    run("/usr/bin/go", "build", "-o", BUILD / "go/nethttp-debian", HERE / "go/nethttp/main.go",
        environment={"GO111MODULE": "off", "GOPROXY": "off", "GOFLAGS": "", "GOROOT": "", "CGO_ENABLED": "0"})


TOOLCHAINS = {"go": go, "go-debian": go_debian}
