"""`sluice aks render node --script`, run in a root file system made for it: a directory whose /etc,
/var and trust stores are its own and whose programs are those of the machine, read-only, in a mount
namespace of its own.

update-ca-certificates is Debian's own for Ubuntu. update-ca-trust and Flatcar's
update-ca-certificates do not exist on Debian: there a stand-in records that it was called, and what
with.
"""
import base64
import hashlib
import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

from harness import run_sluice

PROGRAMS = ["usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "usr/share/ca-certificates", "etc/alternatives"]
FOREIGN = {
    "etc/environment": 'PATH="/usr/bin:/bin"\n# HTTP_PROXY=not ours\nMY_HTTP_PROXY=http://other\n\nLANG=C',
    "etc/apt/apt.conf.d/95proxy": 'Acquire::Retries "3";\nAcquire::http::proxy::local.example "DIRECT";\n',
    "etc/systemd/system.conf.d/proxy.conf":
        '[Manager]\nLogLevel=debug\nDefaultEnvironment="FOO=bar"\nDefaultEnvironment="HTTP_PROXY=x" "FOO=y"\n',
    "etc/systemd/system/kubelet.service.d/10-httpproxy.conf":
        "[Service]\nEnvironmentFile=/etc/default/kubelet\n",
}
CA_FILES = {"ubuntu": "usr/local/share/ca-certificates/proxyCA.crt",
            "azurelinux": "usr/share/pki/ca-trust-source/anchors/proxyCA.crt",
            "azurelinux-osguard": "etc/pki/ca-trust/source/anchors/proxyCA.crt",
            "flatcar": "etc/ssl/certs/proxyCA.pem"}
STAND_INS = {"ubuntu": None, "azurelinux": "update-ca-trust", "azurelinux-osguard": "update-ca-trust",
             "flatcar": "update-ca-certificates"}
ROOTS = 5
FACTS = ["--fqdn", "demo.hcp.westeurope.azmk8s.io", "--pod-cidr", "10.244.0.0/16"]


class Root:
    """A root file system. The machine's programs are bound into it for the time of a command."""

    def __init__(self, path, distro):
        self.path = pathlib.Path(path)
        for name in PROGRAMS + ["dev", "tmp", "var/log", "usr/local/share/ca-certificates", "usr/local/bin",
                                "etc/ssl/certs", "etc/ca-certificates/update.d",
                                str(pathlib.Path(CA_FILES[distro]).parent)]:
            (self.path / name).mkdir(parents=True, exist_ok=True)
        for name in ("bin", "sbin", "lib", "lib64"):
            (self.path / name).symlink_to(f"usr/{name}")
        (self.path / "dev/null").touch()
        # A few of the machine's roots: the tool takes its time over each.
        roots = pathlib.Path("/etc/ca-certificates.conf").read_text().splitlines()
        self.write("etc/ca-certificates.conf", "".join(
            f"{line}\n" for line in [root for root in roots if root.startswith("mozilla/")][:ROOTS]))
        if STAND_INS[distro]:
            self.write(f"usr/local/bin/{STAND_INS[distro]}",
                       f'#!/bin/sh\nls -l /{CA_FILES[distro]} 2>&1 | cut -d" " -f1 >>/var/log/trust\n')
            (self.path / f"usr/local/bin/{STAND_INS[distro]}").chmod(0o755)

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def read(self, name):
        return (self.path / name).read_text()

    def has(self, name):
        return (self.path / name).exists()

    def run(self, script):
        """The script, from standard input as over ssh."""
        binds = " && ".join([*(f'mount --rbind -o ro /{name} "$1/{name}"' for name in PROGRAMS
                               if os.path.isdir(f"/{name}")),
                             'mount --bind /dev/null "$1/dev/null"'])
        enter = f'{binds} && exec chroot "$1" /bin/sh -s'
        done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", enter, "sh",
                               str(self.path)], input=script, capture_output=True, text=True, timeout=120,
                              check=False, env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"})
        return done.returncode, done.stdout, done.stderr

    def tree(self):
        """{name: (kind and mode, content or target)} of everything but the machine's programs and the
        stand-in's record."""
        found = {}
        for folder, names, files in os.walk(self.path):
            inside = pathlib.Path(folder).relative_to(self.path).as_posix()
            names[:] = [name for name in names if f"{inside}/{name}" not in PROGRAMS]
            for name in names + files:
                path = pathlib.Path(folder) / name
                mode = path.lstat().st_mode
                content = os.readlink(path) if stat.S_ISLNK(mode) else (
                    hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(mode) else "")
                found[f"{inside}/{name}"] = (oct(mode), content)
        found.pop("var/log/trust", None)
        return found


class Script(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.certificates = []
        for name in ("first", "second"):
            (pathlib.Path(directory.name) / name).mkdir()
            cls.certificates.append(cls.make_ca(pathlib.Path(directory.name) / name, name))

    @staticmethod
    def make_ca(folder, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-keyout", folder / "key", "-out", folder / "pem", "-days", "2",
                        "-subj", f"/CN={name} proxy CA"], capture_output=True, check=True)
        return (folder / "pem").read_text()

    def root(self, distro="ubuntu"):
        directory = tempfile.TemporaryDirectory(prefix="sluice-root-")
        self.addCleanup(directory.cleanup)
        return Root(directory.name, distro)

    def config(self, ca=None, **changes):
        config = {"httpProxy": "http://proxy.example:3128/", "httpsProxy": "https://proxy.example:3129",
                  "noProxy": [".svc"], **changes}
        if ca:
            config["trustedCa"] = base64.b64encode(ca.encode()).decode()
        return config

    def render(self, config, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "config.json"
            path.write_text(json.dumps(config))
            code, out, err = run_sluice("aks", "render", "node", path, *FACTS, *arguments)
        self.assertEqual(0, code, err)
        return out

    def apply(self, root, config, distro="ubuntu"):
        code, out, err = root.run(self.render(config, "--script", "--distro", distro))
        self.assertEqual(0, code, out + err)
        return out

    def listing(self, config, distro):
        files = json.loads(self.render(config, "--json", "--distro", distro))["files"]
        return {file["path"].lstrip("/"): base64.b64decode(file["contentBase64"]).decode() for file in files}

    def test_the_root_keeps_scripts_off_the_machine(self):
        out = self.root().run("for d in " + " ".join(PROGRAMS) + "; do touch /$d/x 2>/dev/null && echo $d; done\n"
                              "touch /etc/x && echo own\n")[1]
        self.assertEqual("own\n", out)

    def test_on_a_new_node_the_files_are_aks_byte_for_byte(self):
        for distro in CA_FILES:
            with self.subTest(distro):
                root, config = self.root(distro), self.config(self.certificates[0])
                self.apply(root, config, distro)
                listing = self.listing(config, distro)
                self.assertEqual(5, len(listing))
                for name, content in listing.items():
                    self.assertEqual(content, root.read(name), name)
                    self.assertEqual(0o644, stat.S_IMODE((root.path / name).stat().st_mode), name)

    def test_the_second_run_changes_nothing(self):
        for distro in CA_FILES:
            with self.subTest(distro):
                root, config = self.root(distro), self.config(self.certificates[0])
                for name, text in FOREIGN.items():
                    root.write(name, text)
                self.assertIn("wrote /etc/environment\n", self.apply(root, config, distro))
                once = root.tree()
                self.assertEqual("nothing to change\n", self.apply(root, config, distro))
                self.assertEqual(once, root.tree())

    def test_foreign_lines_stay_and_ours_stand_once(self):
        root, config = self.root(), self.config()
        for name, text in FOREIGN.items():
            root.write(name, text)
        (root.path / "etc/environment").chmod(0o600)
        self.apply(root, config)
        listing = self.listing(config, "ubuntu")
        self.assertEqual(FOREIGN["etc/environment"] + "\n" + listing["etc/environment"],
                         root.read("etc/environment"))
        self.assertEqual(0o600, stat.S_IMODE((root.path / "etc/environment").stat().st_mode))
        apt = "etc/apt/apt.conf.d/95proxy"
        self.assertEqual(FOREIGN[apt] + listing[apt], root.read(apt))
        for name in list(FOREIGN)[2:]:  # the section's header once, our lines, then theirs
            self.assertEqual(listing[name] + FOREIGN[name].partition("\n")[2], root.read(name))

    def test_what_aks_appended_several_times_is_cleared_up(self):
        old = self.listing(self.config(httpProxy="http://old.example:1"), "ubuntu")
        root, config = self.root(), self.config()
        for name, text in old.items():
            root.write(name, text * 3)
        self.apply(root, config)
        for name, content in self.listing(config, "ubuntu").items():
            self.assertEqual(content, root.read(name), name)

    def test_a_changed_configuration_leaves_nothing_of_the_old_one(self):
        for distro in CA_FILES:
            with self.subTest(distro):
                root, fresh = self.root(distro), self.root(distro)
                self.apply(root, self.config(self.certificates[0]), distro)
                changed = self.config(self.certificates[1], httpProxy="", httpsProxy="http://new.example:8080",
                                      noProxy=["new.example"])
                self.apply(root, changed, distro)
                self.apply(fresh, changed, distro)
                self.assertEqual(fresh.tree(), root.tree())
                self.assertNotIn("proxy.example:3128", root.read("etc/environment"))
                self.assertNotIn("HTTP_PROXY", root.read("etc/environment"))

    def test_a_disabled_configuration_gives_the_node_back_as_it_was(self):
        for distro in CA_FILES:
            with self.subTest(distro):
                root, bare = self.root(distro), self.root(distro)
                for node in (root, bare):
                    for name, text in FOREIGN.items():
                        node.write(name, text if text.endswith("\n") else text + "\n")
                self.apply(root, self.config(self.certificates[0]), distro)
                self.assertNotEqual(bare.tree(), root.tree())
                self.apply(root, self.config(enabled=False), distro)
                if distro == "ubuntu":  # the store of a real node has been filled before
                    bare.run("update-ca-certificates >/dev/null")
                self.assertEqual(bare.tree(), root.tree())
                self.assertEqual("nothing to change\n",
                                 self.apply(root, self.config(enabled=False), distro))

    def test_files_that_only_held_our_lines_go_with_them(self):
        root = self.root()
        root.write("etc/environment", "")
        self.apply(root, self.config(self.certificates[0]))
        self.apply(root, self.config(enabled=False))
        self.assertEqual("", root.read("etc/environment"))
        for name in list(FOREIGN)[1:] + [CA_FILES["ubuntu"]]:
            self.assertFalse(root.has(name), name)

    def test_ubuntu_trusts_exactly_the_ca_of_the_moment(self):
        root, bundle = self.root(), "etc/ssl/certs/ca-certificates.crt"
        first, second = self.certificates
        self.apply(root, self.config(first))
        self.assertIn(first, root.read(bundle))
        self.assertTrue((root.path / "etc/ssl/certs/proxyCA.pem").is_symlink())
        self.apply(root, self.config(second))
        self.assertIn(second, root.read(bundle))
        self.assertNotIn(first, root.read(bundle))
        self.apply(root, self.config())
        self.assertNotIn(second, root.read(bundle))
        self.assertFalse((root.path / "etc/ssl/certs/proxyCA.pem").is_symlink())
        self.assertEqual(ROOTS, root.read(bundle).count("BEGIN CERTIFICATE"))

    def test_ubuntu_finds_a_ca_that_was_replaced_by_its_hash(self):
        root = self.root()
        for ca in self.certificates:
            self.apply(root, self.config(ca))
            verify = ("cat >/tmp/ca.pem <<'END'\n" + ca + "END\n"
                      "openssl verify -no-CAfile -no-CAstore -CApath /etc/ssl/certs /tmp/ca.pem\n")
            self.assertEqual((0, "/tmp/ca.pem: OK\n"), root.run(verify)[:2])

    def test_elsewhere_the_trust_tool_is_called_when_the_ca_is_there_and_when_it_has_gone(self):
        for distro in ("azurelinux", "azurelinux-osguard", "flatcar"):
            with self.subTest(distro):
                root = self.root(distro)
                self.apply(root, self.config(), distro)
                self.assertFalse(root.has("var/log/trust"))
                self.apply(root, self.config(self.certificates[0]), distro)
                self.apply(root, self.config(), distro)
                calls = root.read("var/log/trust").splitlines()
                self.assertEqual(["-rw-r--r--", "ls:"], calls)

    def test_a_trust_tool_that_fails_is_161_as_in_aks(self):
        root = self.root("azurelinux")
        root.write("usr/local/bin/update-ca-trust", "#!/bin/sh\nexit 1\n")
        script = self.render(self.config(self.certificates[0]), "--script", "--distro", "azurelinux")
        code, _, err = root.run(script)
        self.assertEqual((161, True), (code, "update-ca-trust failed" in err), err)

    def test_values_reach_the_files_whatever_they_hold(self):
        root, config = self.root(), self.config(httpProxy="http://p:1/a\"b'c${d}%{e}`f`\\g#h$(i)END")
        self.apply(root, config)
        for name, content in self.listing(config, "ubuntu").items():
            self.assertEqual(content, root.read(name), name)
        self.assertEqual("nothing to change\n", self.apply(root, config))

    def test_shellcheck_has_nothing_to_say(self):
        script = self.render(self.config(self.certificates[0]), "--script")
        done = subprocess.run(["shellcheck", "-"], input=script, capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stdout)


if __name__ == "__main__":
    unittest.main()
