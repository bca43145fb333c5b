"""The root file system of a node, of Debian's packages: systemd, containerd, runc, CNI's plugins, a registry."""
import base
from leg import REPOSITORY

ROOT = REPOSITORY / "build/cluster/node.tar"
NAME = f"sluice-node:{base.SUITE}"
GROUPS = ("node", "runtime")


def build():
    base.build(ROOT, GROUPS)
