"""docker's client."""
import subprocess

NAMES = "k8s-"  # what all our containers and networks begin with


def docker(*arguments, given=None, check=True, timeout=120):
    """Standard output of a command that has to succeed; unless `check` is True, all that it says, whatever it does."""
    done = subprocess.run(["docker", *map(str, arguments)], input=given, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE if check else subprocess.STDOUT, check=False, timeout=timeout)
    if check and done.returncode:
        raise AssertionError(f"docker {' '.join(map(str, arguments))}: {done.stderr.decode()}")
    return done.stdout.decode(errors="replace").strip()
