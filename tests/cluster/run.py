"""The leg `apiserver`: builds Kubernetes' API server, and runs the tests of this folder against it.

    tests/cluster/run.py [PART-OF-A-TEST'S-NAME…]

They run in a network namespace of their own, with process ids of their own: when this ends, nothing stays.
Needs root or unprivileged user namespaces.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "e2e")]

import crds  # noqa: E402
import go_toolchain  # noqa: E402
import leg  # noqa: E402
import programs  # noqa: E402

INSIDE = "SLUICE_CLUSTER_NAMESPACE"


def outside():
    """Builds, while there is a network, and goes on inside."""
    try:
        programs.build()
        crds.fetch()
    except (go_toolchain.NoGo, subprocess.SubprocessError) as error:
        print(f"apiserver: {error}\n{leg.last_line(1, 1)}")
        return 1
    unshare = [shutil.which("unshare") or "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        unshare[1:1] = ["--user", "--map-root-user"]
    sys.stdout.flush()
    return subprocess.run([*unshare, sys.executable, "-B", __file__, *sys.argv[1:]],
                          env={**os.environ, INSIDE: "1"}, check=False).returncode


def inside():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    import cluster  # with what it imports, of use inside only
    try:
        return leg.run(HERE, sys.argv[1:])
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(inside() if INSIDE in os.environ else outside())
