"""Container images of one program each, and a registry that has them under the names that the world knows."""
import hashlib
import io
import os
import pathlib
import re
import subprocess
import tarfile

import programs
from docker import docker

PAUSE = "oss/kubernetes/pause:3.10"  # node/containerd.toml says so too
MIB = 1024 * 1024
REGISTRY_PORT = 5000


def pause(directory):
    """Kubernetes' own program of that name, compiled from its module."""
    program = pathlib.Path(directory) / "pause"
    subprocess.run(["gcc", "-Os", "-static", "-DVERSION=test", "-o", program,
                    programs.source("build/pause/linux/pause.c")], check=True)
    return program


def make(name, files, entrypoint):
    """`files`: path in the image to a file here, or to octets."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, content in files.items():
            data = content if isinstance(content, bytes) else pathlib.Path(content).read_bytes()
            member = tarfile.TarInfo(path.lstrip("/"))
            member.size, member.mode = len(data), 0o755
            archive.addfile(member, io.BytesIO(data))
    words = ", ".join(f'"{word}"' for word in entrypoint)
    docker("import", "--change", f"ENTRYPOINT [{words}]", "-", name, given=buffer.getvalue())


def ballast(mebibytes):
    """Octets that don't compress."""
    return os.urandom(mebibytes * MIB)


def with_program(name, root, files, user):
    """The image `root` with files laid over it."""
    buffer = io.BytesIO()
    lines = [f"FROM {root}", *(f"COPY {number} {path}" for number, path in enumerate(files)), f"USER {user}",
             f'ENTRYPOINT ["{next(iter(files))}"]']
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, data in {"Dockerfile": "\n".join(lines).encode(),
                           **{str(number): pathlib.Path(file).read_bytes() for number, file in enumerate(files.values())}}.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(data), 0o755
            archive.addfile(member, io.BytesIO(data))
    docker("build", "--quiet", "--tag", name, "-", given=buffer.getvalue(), timeout=300)


def key_of(*files):
    """What tells these files from what they were in another run."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(pathlib.Path(file).read_bytes())
    return digest.hexdigest()


class Store:
    """A registry's directory, which stays for the next run; filled through a registry that runs here for as long."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        config = self.directory / "config.yml"
        config.write_text("\n".join([
            "version: 0.1", "log: {level: warn}",
            f"storage: {{filesystem: {{rootdirectory: {self.directory}/data}}, cache: {{blobdescriptor: inmemory}}}}",
            f"http: {{addr: 127.0.0.1:{REGISTRY_PORT}}}"]), encoding="utf-8")
        self._process = subprocess.Popen(["docker-registry", "serve", config], stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)

    def has(self, repository, key):
        stamp = self._stamp(repository)
        return stamp.exists() and stamp.read_text(encoding="ascii") == key

    def push(self, image, repository, key):
        """Of the image there is nothing left here."""
        name = f"127.0.0.1:{REGISTRY_PORT}/{repository}"
        self._stamp(repository).unlink(missing_ok=True)
        docker("tag", image, name)
        docker("push", "--quiet", name, timeout=300)
        docker("rmi", name, image)
        self._stamp(repository).write_text(key, encoding="ascii")

    def _stamp(self, repository):
        return self.directory / (re.sub(r"[/:]", "_", repository) + ".key")

    def close(self):
        self._process.terminate()
        self._process.wait(20)
