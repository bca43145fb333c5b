"""Repositories for git and apt clients, as files that an origin serves."""
import email.utils
import gzip
import hashlib
import pathlib
import subprocess

from origin import reply


def serve(files):
    """A responder for {path: octets}."""
    def respond(request):
        body = files.get(request.target.partition("?")[0])
        if body is None:
            return reply(b"no such file\n", "404 Not Found")
        stamp = email.utils.formatdate(0, usegmt=True)
        answer = reply(body, "200 OK", f"Last-Modified: {stamp}")
        return answer[:-len(body)] if request.method == "HEAD" and body else answer
    return respond


def tree(root, prefix=""):
    return {f"{prefix}/{path.relative_to(root)}": path.read_bytes()
            for path in root.rglob("*") if path.is_file()}


def git(directory, run_git):
    """A bare repository with one commit, served as plain files (git's dumb protocol)."""
    work, bare = directory / "work", directory / "project.git"
    work.mkdir(parents=True)
    run_git("init", "-q", "-b", "main", work)
    (work / "README").write_text("through the proxy\n")
    run_git("-C", work, "add", "README")
    run_git("-C", work, "commit", "-q", "-m", "first")
    run_git("clone", "-q", "--bare", work, bare)
    run_git("-C", bare, "update-server-info")
    return tree(bare, "/project.git")


def apt(directory):
    """A repository with one package, sluice-e2e."""
    control = directory / "package" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    fields = ("Package: sluice-e2e\nVersion: 1.0\nArchitecture: all\nMaintainer: t <t@example.test>\n"
              "Description: nothing at all\n")
    control.write_text(fields)
    package = directory / "sluice-e2e_1.0_all.deb"
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", control.parent.parent, package],
                   check=True, capture_output=True)
    octets = package.read_bytes()
    index = (f"{fields}Filename: pool/{package.name}\nSize: {len(octets)}\n"
             f"SHA256: {hashlib.sha256(octets).hexdigest()}\n").encode()
    files = {"/dists/test/main/binary-all/Packages": index,
             "/dists/test/main/binary-all/Packages.gz": gzip.compress(index, mtime=0)}
    sums = "".join(f" {hashlib.sha256(body).hexdigest()} {len(body)} {path.removeprefix('/dists/test/')}\n"
                   for path, body in files.items())
    files["/dists/test/Release"] = (
        f"Origin: test\nSuite: test\nCodename: test\nComponents: main\nArchitectures: all\n"
        f"Date: {email.utils.formatdate(usegmt=True).replace('GMT', 'UTC')}\nSHA256:\n{sums}").encode()
    files[f"/pool/{package.name}"] = octets
    return files


def apt_options(directory, url, proxy):
    """Options that keep apt inside `directory` and give it the repository at `url` through `proxy`."""
    directory = pathlib.Path(directory)
    for part in ("state/lists/partial", "cache/archives/partial", "etc/preferences.d", "log"):
        (directory / part).mkdir(parents=True)
    (directory / "state/status").touch()
    (directory / "etc/sources.list").write_text(f"deb [trusted=yes arch=all] {url} test main\n")
    settings = {
        "Dir::State": directory / "state", "Dir::State::status": directory / "state/status",
        "Dir::Cache": directory / "cache", "Dir::Log": directory / "log", "Dir::Etc": directory / "etc",
        "Dir::Etc::sourcelist": directory / "etc/sources.list", "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::parts": "/dev/null", "Dir::Etc::main": "/dev/null", "Acquire::http::Proxy": proxy,
        "Acquire::Retries": "0", "APT::Sandbox::User": "", "Debug::NoLocking": "1",
        "Acquire::Languages": "none", "Acquire::http::Timeout": "20",
    }
    return [f"-o{key}={value}" for key, value in settings.items()]
