"""Images of Debian 12 for where no registry is reached, made of the machine's own package archive.

The base image has the packages of the images built on it already, so that their builds need no network.
"""
import hashlib
import re
import subprocess

from leg import REPOSITORY

SUITE = "bookworm"
GROUPS = ("runtime", "clients", "lab", "observe")
ROOT = REPOSITORY / "build/containers/base.tar"
NAME = f"sluice-base:{SUITE}"
BUILD_SECONDS = 300


def packages(groups):
    """Of deploy/packages.txt's groups."""
    found, group = [], None
    for line in (REPOSITORY / "deploy/packages.txt").read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words and words[0].startswith("["):
            group = words[0].strip("[]")
        elif words and group in groups:
            found.append(words[0])
    return sorted(set(found))


def _sources():
    """The machine's sources of this suite, with its updates and security updates."""
    done = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                           "Created-By: Packages"], capture_output=True, text=True, check=True)
    wanted = re.compile(rf"\S+ {SUITE}(-updates|-security)? main")
    return [f"deb {line}" for line in sorted(set(done.stdout.splitlines())) if wanted.fullmatch(line)]


def build(root=ROOT, groups=GROUPS):
    """Makes the archive `root` with the packages of these groups, unless it is there with the same."""
    sources, names, stamp = _sources(), packages(groups), root.with_suffix(".of")
    of = "\n".join([*sources, *names])
    if root.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == of:
        print(f"{root.name} is there", flush=True)
        return
    if not sources:
        raise RuntimeError(f"this machine's package sources have no {SUITE}; the images are Debian 12's")
    root.parent.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(names)}",
                    "--aptopt=Acquire::Languages \"none\"", SUITE, str(root), "-"],
                   input="\n".join(sources), text=True, timeout=BUILD_SECONDS, check=True)
    stamp.write_text(of, encoding="utf-8")


def load():
    """Gives ROOT to the engine, unless it has that: a new image would have nothing of the last run's in common."""
    digest = hashlib.sha256(f"{ROOT.stat().st_mtime_ns} {ROOT.stat().st_size}".encode()).hexdigest()
    done = subprocess.run(["docker", "image", "inspect", "--format", '{{index .Config.Labels "of"}}', NAME],
                          capture_output=True, text=True, check=False)
    if done.stdout.strip() != digest:
        subprocess.run(["docker", "import", "--change", f"LABEL of={digest}", str(ROOT), NAME], check=True,
                       stdout=subprocess.DEVNULL)
