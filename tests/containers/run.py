"""The leg `containers`: builds the images and runs the lab on a docker engine.

    tests/containers/run.py [PART-OF-A-TEST'S-NAME…]

Where no engine answers, and as root, one is started in network, mount and pid namespaces of its own: when
this ends, no process, network, mount or packet filter rule stays. Its layers are kept in build/containers.
"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "e2e")]

import base  # noqa: E402
import engine  # noqa: E402
import leg  # noqa: E402

INSIDE = "SLUICE_ENGINE_NAMESPACE"
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]


def outside():
    """Makes the base while there is a network, and goes on inside."""
    if engine.answers():
        base.build()
        return tests()
    if engine.missing():
        print(f"containers: {engine.missing()}\n{leg.last_line(1, 1)}")
        return 1
    base.build()
    try:
        return subprocess.run([*UNSHARE, sys.executable, "-B", __file__, *sys.argv[1:]],
                              env={**os.environ, INSIDE: "1"}, check=False).returncode
    finally:
        engine.remove_control_groups()


def inside():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    own = engine.Engine()
    try:
        return tests()
    finally:
        own.stop()


def tests():
    base.load()
    return leg.run(HERE, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(inside() if INSIDE in os.environ else outside())
