"""The target `cluster`: a Kubernetes with a node, behind Sluice.

    tests/nodes/run.py [PART-OF-A-TEST'S-NAME…]

A docker engine of its own runs in network, mount and pid namespaces of its own: when this ends, nothing stays but
what was built. Needs root.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
sys.path[:0] = [str(HERE), str(TESTS), str(TESTS / "cluster"), str(TESTS / "containers"), str(TESTS / "e2e")]

import base  # noqa: E402
import engine  # noqa: E402
import go_toolchain  # noqa: E402
import leg  # noqa: E402
import programs  # noqa: E402
import root  # noqa: E402

INSIDE = "SLUICE_NODES_NAMESPACE"
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def outside():
    """Builds, while there is a network, and goes on inside."""
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        print(f"cluster: needs root, and dockerd (deploy/install-packages.sh engine)\n{leg.last_line(1, 1)}")
        return 1
    try:
        programs.build()
        programs.build_nodes()
        base.build()
        root.build()
    except (go_toolchain.NoGo, subprocess.SubprocessError) as error:
        print(f"cluster: {error}\n{leg.last_line(1, 1)}")
        return 1
    sys.stdout.flush()
    try:
        return subprocess.run([*UNSHARE, sys.executable, "-B", __file__, *sys.argv[1:]],
                              env={**os.environ, INSIDE: "1"}, check=False).returncode
    finally:
        engine.remove_control_groups()


def inside():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    import nodes
    own = engine.Engine(leg.REPOSITORY / "build/cluster/docker")
    try:
        return leg.run(HERE, sys.argv[1:])
    finally:
        nodes.stop()
        own.stop()


if __name__ == "__main__":
    sys.exit(inside() if INSIDE in os.environ else outside())
