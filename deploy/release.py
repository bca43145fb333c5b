#!/usr/bin/env python3
"""Makes what a release consists of: `deploy/release.py BUILD OUT [--draft]`.

BUILD is a build directory with the program and the target `documentation`. OUT gets the sources and the program as
archives, a Debian package, an SBOM (SPDX), release notes, and SHA256SUMS over all of them. The version is that of
CMakeLists.txt, every date that of the commit, so that two runs of one commit give the same octets.

A release is made of a commit: with changes in the work tree it is refused. --draft makes it nevertheless, of what
stands there, for tests of this program.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def fail(sentence, code=2):
    print(f"release: {sentence}", file=sys.stderr)
    sys.exit(code)


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        fail(f"`{' '.join(map(str, command))}` failed:\n{done.stderr}{done.stdout}", 3)
    return done.stdout


def git(*arguments):
    return run("git", "-C", ROOT, *arguments).strip()


def version():
    return re.search(r"^project\(sluice VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text(), re.M)[1]


class Release:
    def __init__(self, build, out):
        self.build, self.out = build, out
        self.version = version()
        self.commit = git("rev-parse", "HEAD")
        self.epoch = int(git("show", "-s", "--format=%ct", "HEAD"))
        self.date = git("show", "-s", "--format=%cd", "--date=format-local:%Y-%m-%d", "HEAD")
        self.architecture = run("dpkg", "--print-architecture").strip()
        self.name = f"sluice-{self.version}"
        os.environ.update(SOURCE_DATE_EPOCH=str(self.epoch), TZ="UTC", LC_ALL="C.UTF-8")

    def pack(self, folder, path):
        """Everything in `folder`, in order, owned by root, as old as the commit."""
        text = io.BytesIO()
        with tarfile.open(fileobj=text, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for file in [folder, *sorted(folder.rglob("*"))]:
                entry = archive.gettarinfo(file, self.name / file.relative_to(folder))
                entry.uid = entry.gid = 0
                entry.uname = entry.gname = "root"
                entry.mtime = self.epoch
                with open(file, "rb") if entry.isreg() else io.BytesIO() as content:
                    archive.addfile(entry, content)
        path.write_bytes(gzip.compress(text.getvalue(), 9, mtime=self.epoch))

    def sources(self):
        path = self.out / f"{self.name}.tar.gz"
        plain = subprocess.run(["git", "-C", str(ROOT), "archive", "--format=tar", f"--prefix={self.name}/", "HEAD"],
                               capture_output=True, check=True).stdout
        path.write_bytes(gzip.compress(plain, 9, mtime=self.epoch))

    def install(self, prefix):
        """The installed files, below a new folder."""
        folder = Path(tempfile.mkdtemp(prefix="sluice-release-"))
        run("cmake", "--install", self.build, "--strip", "--prefix", prefix, env={**os.environ, "DESTDIR": str(folder)})
        for page in folder.rglob("*.1"):
            page.with_name(page.name + ".gz").write_bytes(gzip.compress(page.read_bytes(), 9, mtime=0))
            page.unlink()
        for file in folder.rglob("*"):
            executable = file.is_dir() or file.parent.name == "bin"
            file.chmod(0o755 if executable else 0o644)
        folder.chmod(0o755)
        return folder

    def program(self):
        folder = self.install("/")
        self.pack(folder, self.out / f"{self.name}-linux-{self.architecture}.tar.gz")
        shutil.rmtree(folder)

    def package(self):
        """A Debian package whose unit starts with the example as configuration, once somebody enables it."""
        folder = self.install("/usr")
        for source, target in (("deploy/sluice.yaml", "etc/sluice/sluice.yaml"),
                               ("LICENSE", "usr/share/doc/sluice/copyright")):
            (folder / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / source, folder / target)
        unit = folder / "usr/lib/systemd/system/sluice.service"
        unit.write_text(re.sub(r"^#   install .*\n", "", unit.read_text(), flags=re.M).replace("/usr/local/", "/usr/"))
        control = folder / "DEBIAN"
        control.mkdir()
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) // 1024
        (control / "control").write_text(
            f"Package: sluice\nVersion: {self.version}\nArchitecture: {self.architecture}\nSection: net\n"
            f"Priority: optional\nMaintainer: The Sluice authors <sluice@localhost>\nInstalled-Size: {size}\n"
            f"Depends: ca-certificates, {self.depends(folder / 'usr/bin/sluice')}\n"
            "Description: egress proxy for AKS clusters, with a harness that proves that it works\n"
            " An HTTP proxy for the egress of Kubernetes clusters, strict about HTTP and honest\n"
            " about failures; commands about AKS's httpProxyConfig; and sluice check, which says\n"
            " which required endpoints are reached, which are not, why, and what to do.\n")
        (control / "conffiles").write_text("/etc/sluice/sluice.yaml\n")
        for file in folder.rglob("*"):
            os.utime(file, (self.epoch, self.epoch))
        path = self.out / f"sluice_{self.version}_{self.architecture}.deb"
        run("dpkg-deb", "--root-owner-group", "-Zgzip", "--build", folder, path)
        shutil.rmtree(folder)

    def depends(self, program):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "debian").mkdir()
            (Path(folder) / "debian/control").write_text("Source: sluice\n\nPackage: sluice\nArchitecture: any\n")
            said = run("dpkg-shlibdeps", "-O", program, cwd=folder)
        return said.strip().partition("shlibs:Depends=")[2]

    def sbom(self):
        """The program, the libraries it loads, and those whose code it holds: SPDX 2.3."""
        libraries = {self.owner(line.split("=>")[-1].split("(")[0].strip()): "DYNAMIC_LINK"
                     for line in run("ldd", self.build / "sluice").splitlines() if "/" in line}
        for package in ("node-llhttp", "nlohmann-json3-dev", "libspdlog-dev"):
            libraries[package] = "STATIC_LINK"
        packages = [self.element("sluice", self.version, "Apache-2.0", "application")]
        relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                      "relatedSpdxElement": packages[0]["SPDXID"]}]
        for package in sorted(libraries):
            shown = run("dpkg-query", "-W", "-f", "${Version}", package)
            packages.append(self.element(package, shown, "NOASSERTION", "library"))
            relations.append({"spdxElementId": packages[0]["SPDXID"], "relationshipType": libraries[package],
                              "relatedSpdxElement": packages[-1]["SPDXID"]})
        document = {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": self.name,
            "documentNamespace": f"https://spdx.org/spdxdocs/{self.name}-{self.commit}",
            "creationInfo": {"created": f"{self.date}T00:00:00Z", "creators": ["Tool: sluice-release"]},
            "packages": packages, "relationships": relations}
        (self.out / f"{self.name}.spdx.json").write_text(json.dumps(document, indent=2) + "\n")

    def element(self, name, shown, licence, purpose):
        where = "pkg:generic/" if purpose == "application" else "pkg:deb/debian/"
        return {"name": name, "SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "versionInfo": shown,
                "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": licence,
                "licenseDeclared": licence, "copyrightText": "NOASSERTION", "primaryPackagePurpose": purpose.upper(),
                "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                  "referenceLocator": f"{where}{name}@{shown}"}]}

    @staticmethod
    def owner(library):
        # With merged /usr dpkg knows a file by either name.
        for path in (library, "/usr" + library, library.removeprefix("/usr"), os.path.realpath(library)):
            found = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
            if found.returncode == 0:
                return found.stdout.split(":")[0]
        return fail(f"no package owns {library}", 3)

    def notes(self):
        """The changelog's section of this version, or what is unreleased, dated."""
        sections = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.M)[1:]
        by_name = {section.split("\n", 1)[0].split()[0].strip("[]"): section.split("\n", 1)[1] for section in sections}
        body = by_name.get(self.version, by_name.get("Unreleased"))
        if body is None:
            fail(f"CHANGELOG.md has neither a section {self.version} nor one that is unreleased")
        (self.out / "NOTES.md").write_text(f"## {self.version} – {self.date}\n\nCommit {self.commit}.\n{body.rstrip()}\n")

    def sums(self):
        files = sorted(file for file in self.out.iterdir() if file.name != "SHA256SUMS")
        lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
        (self.out / "SHA256SUMS").write_text("".join(lines))
        return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", type=Path, metavar="BUILD")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--draft", action="store_true", help="also with changes in the work tree")
    flags = parser.parse_args()
    if git("status", "--porcelain", "--untracked-files=no") and not flags.draft:
        fail("the work tree has changes, and a release is made of a commit; commit or stash them first")
    built = run(flags.build / "sluice", "--version")
    release = Release(flags.build.resolve(), flags.out.resolve())
    if release.commit[:12] not in built and not flags.draft:
        fail(f"{flags.build}/sluice is not of this commit; build it first")
    shutil.rmtree(release.out, ignore_errors=True)
    release.out.mkdir(parents=True)
    for step in (release.sources, release.program, release.package, release.sbom, release.notes):
        step()
    print("".join(release.sums()), end="")


if __name__ == "__main__":
    main()
