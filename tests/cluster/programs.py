"""Builds Kubernetes' own programs from the Go modules that tests/cluster/kubernetes/go.mod names."""
import hashlib
import re
import subprocess
import time

import go_toolchain
from leg import REPOSITORY

MODULE = REPOSITORY / "tests/cluster/kubernetes"
PROGRAMS = REPOSITORY / "build/kubernetes/bin"
NAMES = ["kube-apiserver", "kube-controller-manager", "kubectl"]
BUILD_SECONDS = 1800


def version():
    """As go.mod requires it: v1.34.4."""
    return re.search(r"k8s\.io/kubernetes (v1\.\S+)", (MODULE / "go.mod").read_text(encoding="utf-8")).group(1)


def _command(compiler):
    release = version()
    minor = release.split(".")[1]
    values = {"component-base/version.gitVersion": release, "component-base/version.gitMajor": "1",
              "component-base/version.gitMinor": minor, "client-go/pkg/version.gitVersion": release}
    flags = " ".join(["-s -w", *(f"-X k8s.io/{name}={value}" for name, value in values.items())])
    return [compiler, "build", "-trimpath", "-ldflags", flags, "-o", f"{PROGRAMS}/",
            *(f"k8s.io/kubernetes/cmd/{name}" for name in NAMES)]


def build():
    """Builds what is not there or was built otherwise; Go's own caches keep the parts."""
    compiler = go_toolchain.find()
    said = subprocess.run([compiler, "version"], env=go_toolchain.environment(), capture_output=True, text=True,
                          check=True).stdout.strip()
    command = _command(compiler)
    key = hashlib.sha256(repr([said, command]).encode())
    for name in ("go.mod", "go.sum"):
        key.update((MODULE / name).read_bytes())
    stamp = PROGRAMS / ".key"
    if all((PROGRAMS / name).exists() for name in NAMES) and stamp.exists() and \
            stamp.read_text(encoding="utf-8") == key.hexdigest():
        print(f"Kubernetes {version()} is built", flush=True)
        return
    print(f"building Kubernetes {version()} ({', '.join(NAMES)}) with {compiler}: {said}", flush=True)
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    start = time.monotonic()
    subprocess.run(command, cwd=MODULE, env=go_toolchain.environment(), timeout=BUILD_SECONDS, check=True)
    stamp.write_text(key.hexdigest(), encoding="utf-8")
    print(f"built in {time.monotonic() - start:.0f} s", flush=True)
