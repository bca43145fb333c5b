"""deploy/release.py: what a release consists of, and that two runs give the same octets."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

import harness

BUILD = Path(harness.BINARY).parent


class Release(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = [program for program in ("dpkg-shlibdeps", "dpkg-deb", "git", "cmake") if shutil.which(program) is None]
        if missing or not (BUILD / "documentation/man1").is_dir() or not (harness.REPOSITORY / ".git").exists():
            raise unittest.SkipTest(f"there is no whole build, no repository, or no {missing}")
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.folders = [Path(directory.name) / name for name in ("one", "two")]
        for folder in cls.folders:
            done = subprocess.run([harness.REPOSITORY / "deploy/release.py", BUILD, folder, "--draft"],
                                  capture_output=True, text=True, timeout=300, check=False)
            if done.returncode != 0:
                raise AssertionError(done.stderr)
        cls.files = {file.name: file for file in cls.folders[0].iterdir()}
        cls.version = re.search(r"VERSION ([0-9.]+)", (harness.REPOSITORY / "CMakeLists.txt").read_text().split("project(")[1])[1]

    def one(self, ending):
        (name,) = [name for name in self.files if name.endswith(ending)]
        return self.files[name]

    def test_two_runs_give_the_same_octets(self):
        one, two = [{file.name: file.read_bytes() for file in folder.iterdir()} for folder in self.folders]
        self.assertEqual(sorted(one), sorted(two))
        self.assertEqual([], [name for name in one if one[name] != two[name]])

    def test_the_sums_are_those_of_all_files(self):
        lines = self.files["SHA256SUMS"].read_text().splitlines()
        shown = {name: digest for digest, name in (line.split("  ") for line in lines)}
        self.assertEqual({name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in self.files.items()
                          if name != "SHA256SUMS"}, shown)

    def test_the_archives_hold_sources_and_program(self):
        with tarfile.open(self.files[f"sluice-{self.version}.tar.gz"]) as archive:
            self.assertIn(f"sluice-{self.version}/CMakeLists.txt", archive.getnames())
        with tarfile.open(next(file for name, file in self.files.items() if "-linux-" in name)) as archive:
            names = {name.partition("/")[2]: archive.getmember(name) for name in archive.getnames()}
            owners = {(entry.uid, entry.uname) for entry in names.values()}
        self.assertEqual({(0, "root")}, owners)
        self.assertEqual(0o755, names["bin/sluice"].mode)
        for file in ("share/man/man1/sluice-check.1.gz", "share/bash-completion/completions/sluice",
                     "share/zsh/vendor-completions/_sluice", "share/fish/vendor_completions.d/sluice.fish",
                     "lib/systemd/system/sluice.service"):
            self.assertIn(file, names)

    def test_the_package_can_be_unpacked_and_its_program_runs(self):
        package = self.one(".deb")
        control = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, text=True, check=True).stdout
        self.assertIn(f"Version: {self.version}\n", control)
        self.assertRegex(control, r"Depends: ca-certificates, .*libssl3 \(>= ")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
            unit = (Path(folder) / "usr/lib/systemd/system/sluice.service").read_text()
            self.assertIn("ExecStart=/usr/bin/sluice run -c /etc/sluice/sluice.yaml", unit)
            self.assertNotIn("/usr/local", unit)
            done = subprocess.run([Path(folder) / "usr/bin/sluice", "config", "check", "-c",
                                   Path(folder) / "etc/sluice/sluice.yaml"], capture_output=True, text=True, check=False)
            self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_the_sbom_names_each_library(self):
        document = json.loads(self.one(".spdx.json").read_text())
        self.assertEqual("SPDX-2.3", document["spdxVersion"])
        names = {package["name"]: package["versionInfo"] for package in document["packages"]}
        self.assertEqual(self.version, names["sluice"])
        self.assertLessEqual({"libc6", "libssl3", "libuv1", "libc-ares2", "libnghttp2-14", "node-llhttp"}, set(names))
        known = {package["SPDXID"] for package in document["packages"]} | {"SPDXRef-DOCUMENT"}
        for relation in document["relationships"]:
            self.assertLessEqual({relation["spdxElementId"], relation["relatedSpdxElement"]}, known)
            self.assertRegex(relation["relatedSpdxElement"], r"^SPDXRef-[A-Za-z0-9.-]+$")

    def test_the_notes_are_dated(self):
        self.assertRegex(self.files["NOTES.md"].read_text(), rf"^## {re.escape(self.version)} – \d{{4}}-\d\d-\d\d\n\nCommit ")


if __name__ == "__main__":
    unittest.main()
