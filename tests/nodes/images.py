"""Container images of one program each, and a registry that has them under the names that the world knows."""
import io
import os
import pathlib
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


class Store:
    """A registry's directory, filled through a registry that runs here for as long."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        config = self.directory / "config.yml"
        config.write_text("\n".join([
            "version: 0.1", "log: {level: warn}",
            f"storage: {{filesystem: {{rootdirectory: {self.directory}/data}}, cache: {{blobdescriptor: inmemory}}}}",
            f"http: {{addr: 127.0.0.1:{REGISTRY_PORT}}}"]), encoding="utf-8")
        self._process = subprocess.Popen(["docker-registry", "serve", config], stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)

    def push(self, image, repository):
        name = f"127.0.0.1:{REGISTRY_PORT}/{repository}"
        docker("tag", image, name)
        docker("push", "--quiet", name, timeout=180)
        docker("rmi", name)

    def close(self):
        self._process.terminate()
        self._process.wait(20)
