"""`sluice aks render node` and `cse`: the same files in every form, read by tar, a YAML reader, a shell."""
import base64
import itertools
import json
import stat
import subprocess
import tarfile
import unittest

import yaml

import render


class Node(render.TestCase):
    def files(self, *arguments):
        """What the JSON listing says: {path: (mode, content)}, in order."""
        listing = json.loads(self.render("node", "--json", *arguments))
        return {file["path"].lstrip("/"): (int(file["mode"] or "0644", 8),
                                           base64.b64decode(file["contentBase64"]))
                for file in listing["files"]}

    def test_tar_directory_and_listing_are_the_same_files(self):
        for name, distro in itertools.product(("full", "https_only", "unquoted"),
                                              ("ubuntu", "azurelinux", "azurelinux-osguard", "flatcar")):
            self.unpack(name)
            files = self.files("--distro", distro)
            archive, root = self.folder / f"{name}-{distro}.tar", self.folder / f"{name}-{distro}"
            self.render("node", "--distro", distro, "--tar", archive)
            with tarfile.open(archive) as tar:
                members = [member for member in tar.getmembers() if member.isfile()]
                self.assertEqual(list(files), [member.name for member in members])
                for member in members:
                    self.assertEqual(files[member.name], (member.mode, tar.extractfile(member).read()))
                    self.assertEqual((0, 0, "root", 0), (member.uid, member.gid, member.uname, member.mtime))
            self.render("node", "--distro", distro, "--out", root)
            found = {path.relative_to(root).as_posix(): (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
                     for path in root.rglob("*") if path.is_file()}
            self.assertEqual(files, found)

    def test_tar_is_deterministic_and_gnu_tar_reads_it(self):
        self.unpack("full")
        for name in ("one.tar", "two.tar"):
            self.render("node", "--tar", self.folder / name)
        first, second = ((self.folder / name).read_bytes() for name in ("one.tar", "two.tar"))
        self.assertEqual(first, second)
        listed = subprocess.run(["tar", "tf", self.folder / "one.tar"], capture_output=True, check=True)
        self.assertEqual((b"", b"etc/environment"), (listed.stderr, listed.stdout.splitlines()[6]))

    def test_cloud_init_writes_the_same_files_and_then_trusts_the_ca(self):
        self.unpack("full")
        text = self.render("node", "--distro", "azurelinux", "--cloud-init")
        self.assertTrue(text.startswith("#cloud-config\n"))
        document = yaml.safe_load(text)
        written = {}
        for file in document["write_files"]:
            content = file["content"]
            octets = base64.b64decode(content) if file.get("encoding") == "b64" else content.encode()
            written[file["path"].lstrip("/")] = (int(file["permissions"], 8), octets)
        self.assertEqual(self.files("--distro", "azurelinux"), written)
        self.assertEqual([["update-ca-trust"]], document["runcmd"])

    def test_a_directory_that_is_not_empty_is_refused(self):
        self.unpack("full")
        (self.folder / "root").mkdir()
        (self.folder / "root/left").touch()
        self.render("node", "--out", "root", expected=3)
        self.assertEqual(["left"], [path.name for path in (self.folder / "root").rglob("*")])

    def test_proxy_vars_are_what_a_shell_makes_of_them(self):
        config = self.unpack("full")
        (self.folder / "cse").write_text(self.render("cse"))
        shell = '. ./cse; eval "$PROXY_VARS"; printf "%s\\n" "$http_proxy" "$HTTPS_PROXY" "$NO_PROXY" "$NO_PROXY_URLS"'
        done = subprocess.run(["sh", "-c", shell], cwd=self.folder, env={}, capture_output=True, text=True,
                              check=True)
        effective = json.loads(self.render("effective", "--json"))["no_proxy"]
        self.assertEqual([config["httpProxy"], config["httpsProxy"], effective, effective],
                         done.stdout.splitlines())


if __name__ == "__main__":
    unittest.main()
