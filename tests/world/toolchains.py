"""Builds the clients, each from what its lock file pins, below build/world/."""
import json
import os
import pathlib
import shutil
import subprocess

from world import BUILD

HERE = pathlib.Path(__file__).resolve().parent

def of_go(name):
    return lambda directory, chain, key: (BUILD / "go" / name, "-certificate", chain, "-key", key)


def registry(directory, chain, key):
    """Debian's docker-registry, its storage below the directory."""
    configuration = directory / "registry.yaml"
    configuration.write_text(json.dumps({
        "version": 0.1, "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(directory / "registry")}},
        "http": {"addr": "127.77.0.1:0", "tls": {"certificate": str(chain), "key": str(key)}}}))
    return "docker-registry", "serve", configuration


SERVERS = {"http": of_go("origin"), "grpc": of_go("grpcorigin"), "kube": of_go("kubeapi"), "registry": registry}


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
    packages = BUILD / "gopath/src"  # without modules, which an old Go reads otherwise
    packages.mkdir(parents=True, exist_ok=True)
    if not (packages / "world").exists():
        (packages / "world").symlink_to(HERE / "go")
    run("/usr/bin/go", "build", "-o", BUILD / "go/nethttp-debian", "world/nethttp", environment={
        "GOPATH": str(packages.parent), "GO111MODULE": "off", "GOPROXY": "off", "GOFLAGS": "", "GOROOT": "",
        "CGO_ENABLED": "0"})


def installed(name, sources, install):
    """Copies the sources to build/world/NAME; runs `install` there if the lock file, the first, is another one."""
    directory = BUILD / name
    directory.mkdir(parents=True, exist_ok=True)
    lock, stamp = (HERE / name / sources[0]).read_text(), directory / "installed"
    for source in sources:
        shutil.copy(HERE / name / source, directory)
    if not stamp.exists() or stamp.read_text() != lock:
        install(directory)
        stamp.write_text(lock)


def node():
    """The Node of today comes as a package too."""
    need("npm", "it comes with Node.js")
    installed("node", ["package-lock.json", "package.json", ".npmrc", "deeds.mjs", "undici.mjs", "axios.mjs",
                       "got.mjs", "ws.mjs"],
              lambda directory: run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=directory))


TOOLCHAINS = {"go": go, "go-debian": go_debian, "node": node}
