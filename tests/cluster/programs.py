"""Builds Kubernetes' own programs from the Go modules that tests/cluster/kubernetes/go.mod names."""
import hashlib
import pathlib
import re
import subprocess
import time

import go_toolchain
from leg import REPOSITORY

MODULE = REPOSITORY / "tests/cluster/kubernetes"
PROGRAMS = REPOSITORY / "build/kubernetes/bin"
NAMES = ["kube-apiserver", "kube-controller-manager", "kubectl"]
NODE_NAMES = ["kubelet", "kube-proxy", "kube-scheduler"]
# With versions of their own of what they share: folder beside MODULE, package, program.
OTHERS = [("coredns", ".", "coredns"),
          ("network_policies", "sigs.k8s.io/kube-network-policies/cmd", "kube-network-policies")]
BUILD_SECONDS = 1800


def version():
    """As go.mod requires it: v1.34.4."""
    return re.search(r"k8s\.io/kubernetes (v1\.\S+)", (MODULE / "go.mod").read_text(encoding="utf-8")).group(1)


def _kubernetes(compiler, names):
    release = version()
    minor = release.split(".")[1]
    values = {"component-base/version.gitVersion": release, "component-base/version.gitMajor": "1",
              "component-base/version.gitMinor": minor, "client-go/pkg/version.gitVersion": release}
    flags = " ".join(["-s -w", *(f"-X k8s.io/{name}={value}" for name, value in values.items())])
    return [compiler, "build", "-trimpath", "-ldflags", flags, "-o", f"{PROGRAMS}/",
            *(f"k8s.io/kubernetes/cmd/{name}" for name in names)]


def _build(module, command, names, compiler_is, cgo="0"):
    """Builds what is not there or was built otherwise; Go's own caches keep the parts."""
    key = hashlib.sha256(repr([compiler_is, command, cgo]).encode())
    for name in ("go.mod", "go.sum"):
        key.update((module / name).read_bytes())
    for source in sorted(module.glob("*.go")):
        key.update(source.read_bytes())
    stamp = PROGRAMS / f".{names[0]}.key"
    if all((PROGRAMS / name).exists() for name in names) and stamp.exists() and \
            stamp.read_text(encoding="utf-8") == key.hexdigest():
        print(f"{', '.join(names)}: built", flush=True)
        return
    print(f"building {', '.join(names)} with {compiler_is}", flush=True)
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    start = time.monotonic()
    subprocess.run(command, cwd=module, env={**go_toolchain.environment(), "CGO_ENABLED": cgo}, timeout=BUILD_SECONDS,
                   check=True)
    stamp.write_text(key.hexdigest(), encoding="utf-8")
    print(f"built in {time.monotonic() - start:.0f} s", flush=True)


def _compiler():
    """Path, and what it says of itself."""
    compiler = go_toolchain.find()
    said = subprocess.run([compiler, "version"], env=go_toolchain.environment(), capture_output=True, text=True,
                          check=True).stdout.strip()
    return compiler, f"{compiler}: {said}"


def build():
    """What an API server needs."""
    compiler, said = _compiler()
    print(f"Kubernetes {version()}", flush=True)
    _build(MODULE, _kubernetes(compiler, NAMES), NAMES, said)


def build_nodes():
    """What nodes need besides."""
    compiler, said = _compiler()
    for name in NODE_NAMES:
        # Of these kubelet alone needs C, for the users of a node.
        _build(MODULE, _kubernetes(compiler, [name]), [name], said, "1" if name == "kubelet" else "0")
    for folder, package, name in OTHERS:
        command = [compiler, "build", "-trimpath", "-ldflags", "-s -w", "-o", str(PROGRAMS / name), package]
        _build(MODULE.parent / folder, command, [name], said)


def source(path):
    """A file of Kubernetes' own module."""
    done = subprocess.run([_compiler()[0], "list", "-m", "-f", "{{.Dir}}", "k8s.io/kubernetes"], cwd=MODULE,
                          env=go_toolchain.environment(), capture_output=True, text=True, check=True)
    return pathlib.Path(done.stdout.strip()) / path
