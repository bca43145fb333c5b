"""The Go that builds the cluster's programs: the first that is new enough, wherever PATH has it."""
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess

# Kubernetes 1.34 asks for 1.24. Where no Go at hand is that new, this one comes as a Go module.
MINIMUM = (1, 24)
TOOLCHAIN = "golang.org/toolchain@v0.0.1-go1.24.13.linux-amd64"


class NoGo(Exception):
    """Says what was looked at, and what to do."""


def environment():
    """For every call: no other toolchain behind our back, and none of the caller's flags."""
    return {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false", "GOWORK": "off",
            "CGO_ENABLED": "0"}


def version(go):
    """(1, 24), or None where it does not run."""
    try:
        done = subprocess.run([go, "env", "GOVERSION"], env=environment(), cwd="/", capture_output=True,
                              text=True, timeout=60, check=False)
    except OSError:
        return None
    found = re.match(r"go(\d+)\.(\d+)", done.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else None


def _candidates():
    for directory in os.get_exec_path():
        yield os.path.join(directory, "go")
    yield "/usr/local/go/bin/go"
    yield from sorted(glob.glob("/usr/lib/go-*/bin/go"), reverse=True)


def find():
    """The path of a Go of at least MINIMUM, which is fetched as a module when there is only an older one."""
    older = None
    for go in _candidates():
        found = version(go) if os.access(go, os.X_OK) else None
        if found and found >= MINIMUM:
            return go
        older = older or (found and go)
    if not older:
        raise NoGo("no Go found in PATH, /usr/local/go or /usr/lib/go-*; install one (Debian: golang-go)")
    return _fetch(older)


def _fetch(older):
    done = subprocess.run([older, "mod", "download", "-json", TOOLCHAIN], env=environment(), cwd="/",
                          capture_output=True, text=True, timeout=300, check=False)
    answer = json.loads(done.stdout or "{}")
    if "Dir" not in answer:
        raise NoGo(f"{older} is older than {MINIMUM}, and {TOOLCHAIN} could not be fetched: "
                   f"{answer.get('Error') or done.stderr.strip()}")
    go = pathlib.Path(answer["Dir"]) / "bin/go"
    if version(go) is None:
        go = _runnable(pathlib.Path(answer["Dir"])) / "bin/go"
    return str(go)


def _runnable(module):
    """A copy in the build directory: a Go before 1.21 unpacks the module without execute bits."""
    copy = pathlib.Path(__file__).resolve().parents[2] / "build/kubernetes/go"
    if version(copy / "bin/go") is None:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(module, copy, symlinks=True)
        for path in [copy, *copy.rglob("*")]:
            program = path.is_dir() or path.parent.name == "bin" or "tool" in path.parts
            path.chmod(0o755 if program else 0o644)
    return copy
