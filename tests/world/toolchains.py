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


def python():
    """Debian's Python, with packages of today in an environment of their own."""
    def install(directory):
        run("/usr/bin/python3", "-m", "venv", directory / "venv")
        run(directory / "venv/bin/pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:",
            "--requirement", directory / "requirements.txt")

    installed("python", ["requirements.txt", "deeds.py", "requests_client.py", "httpx_client.py",
                         "aiohttp_client.py", "grpc_client.py"], install)


def rust():
    need("cargo", "1.85 or newer is needed; Debian has it as cargo-web")
    run("cargo", "build", "--release", "--locked", "--quiet", "--target-dir", BUILD / "rust", cwd=HERE / "rust")


MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def java():
    """Maven brings what pom.xml names, which has to be what SHA256SUMS says."""
    def install(directory):
        run("mvn", "-q", "-B", "-f", directory / "pom.xml", MAVEN_COPY, f"-DoutputDirectory={directory / 'lib'}",
            "-DincludeScope=runtime")

    for program in ("mvn", "javac"):
        need(program, "make world installs maven and default-jdk-headless")
    installed("java", ["SHA256SUMS", "pom.xml"], install)
    directory = BUILD / "java"
    run("sha256sum", "--check", "--quiet", "--strict", "../SHA256SUMS", cwd=directory / "lib")
    run("javac", "-d", directory / "classes", "-cp", f"{directory / 'lib'}/*",
        *sorted((HERE / "java/src").glob("*.java")))


TOOLCHAINS = {"go": go, "go-debian": go_debian, "node": node, "python": python, "rust": rust, "java": java}
