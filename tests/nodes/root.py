"""Root file systems of Debian's packages: a node's (systemd, containerd, runc, CNI's plugins, a registry), and one with
clients for pods."""
import base
from docker import docker
from leg import REPOSITORY

ROOT = REPOSITORY / "build/cluster/node.tar"
NAME = f"sluice-node:{base.SUITE}"
PODS_ROOT = REPOSITORY / "build/cluster/pods.tar"
PODS_NAME = f"sluice-pods:{base.SUITE}"


def build():
    base.build(ROOT, ("node", "runtime"))
    base.build(PODS_ROOT, ("pods", "runtime"))


def load(root, name):
    """Into the engine, which keeps it for the next run."""
    stamp = f"{root.stat().st_mtime_ns}"
    if docker("image", "inspect", "--format", "{{.Comment}}", name, check=False) != stamp:
        docker("import", "--message", stamp, root, name)
