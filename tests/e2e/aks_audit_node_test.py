"""sluice aks audit node: what node scripts write, taken off a node as a directory, as tar archives of each
format, and by the script that the command prints."""
import base64
import io
import json
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import harness
from harness import eventually, run_sluice
from pki import self_signed

AUTHORITY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "400", "-addext",
             "basicConstraints=critical,CA:TRUE"]
FACTS = ["--fqdn", "demo.hcp.westeurope.azmk8s.io", "--pod-cidr", "10.244.0.0/16"]
PROXY = "http://proxy.corp.example:3128/"
ENVIRONMENT = "etc/environment"
APT = "etc/apt/apt.conf.d/95proxy"
MANAGER = "etc/systemd/system.conf.d/proxy.conf"
KUBELET = "etc/systemd/system/kubelet.service.d/10-httpproxy.conf"
CA = "usr/local/share/ca-certificates/proxyCA.crt"
BUNDLE = "etc/ssl/certs/ca-certificates.crt"


class AuditNode(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.pem = self_signed(self.directory, "proxy", *AUTHORITY)
        self.config = self.write_config("config.json", self.pem)
        self.node = self.make_node(self.config)

    def write_config(self, name, pem=None, **more):
        content = {"httpProxy": PROXY, "noProxy": [".svc", "10.1.0.0/16"], **more}
        if pem:
            content["trustedCa"] = base64.b64encode(pem).decode()
        path = self.directory / name
        path.write_text(json.dumps(content))
        return path

    def make_node(self, config, distro="ubuntu", name="node"):
        """A node as AKS's scripts leave it: their lines behind what was there before."""
        node = self.directory / name
        code, _, err = run_sluice("aks", "render", "node", config, *FACTS, "--distro", distro, "--out", node)
        self.assertEqual(0, code, err)
        environment = node / ENVIRONMENT
        environment.write_text('PATH="/usr/local/bin:/usr/bin"\n' + environment.read_text())
        (node / "usr/lib").mkdir(parents=True, exist_ok=True)
        (node / "usr/lib/os-release").write_text(f'NAME="x"\nID={distro}\nVERSION_ID="22.04"\n')
        (node / "etc/os-release").symlink_to("../usr/lib/os-release")
        (node / BUNDLE).parent.mkdir(parents=True, exist_ok=True)
        other = self_signed(self.directory, "other", *AUTHORITY)
        (node / BUNDLE).write_bytes(other + self.pem)
        return node

    def audit(self, node=None, *arguments, code=0, config=None, **options):
        got, out, err = run_sluice("aks", "audit", "node", node or self.node, "-f",
                                   config or self.config, *FACTS, *arguments, **options)
        self.assertEqual(code, got, out + err)
        return out, err

    def findings(self, node=None, code=1, **options):
        found = json.loads(self.audit(node, "--json", code=code, **options)[0])
        return [(each["rule"], each["path"], each["line"]) for each in found["findings"]
                if code == 0 or each["severity"] != "note"]

    def change(self, path, old, new):
        path = self.node / path
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def test_what_the_scripts_write_passes_on_every_distribution(self):
        for distro in ("ubuntu", "azurelinux", "flatcar", "mariner"):
            node = self.make_node(self.config, distro, f"node-{distro}")
            out, err = self.audit(node)
            self.assertIn("It has what it should have.", out)
            self.assertIn(f"The node, as {'azurelinux' if distro == 'mariner' else distro}", out)
            self.assertEqual("", err)
            self.assertIn("  /etc/environment\n", out)

    def test_the_order_of_the_list_does_not_count(self):
        text = (self.node / ENVIRONMENT).read_text()
        (value,) = {line.partition("=")[2] for line in text.splitlines() if line.lower().startswith("no_proxy=")}
        for path in (ENVIRONMENT, MANAGER):
            self.change(path, value, ",".join(sorted(value.split(","))))
        self.audit()

    def test_the_first_difference_comes_first_with_its_line(self):
        self.change(ENVIRONMENT, PROXY, "http://old.corp.example:3128/")
        out, _ = self.audit(code=1)
        self.assertEqual(
            'First difference: /etc/environment:2: HTTP_PROXY is "http://old.corp.example:3128/"; expected '
            f'"{PROXY}": kubelet, which reads this file, and logins uses the old value; reimage the node '
            "(az aks nodepool upgrade --node-image-only), or run what `sluice aks render node --script` prints "
            "on it [node-stale]", out.splitlines()[1])
        self.assertIn("\nAs it should be\n  /usr/local/share/ca-certificates/proxyCA.crt\n  /etc/apt", out)

    def test_each_file_that_is_missing_or_old(self):
        for path in (ENVIRONMENT, APT, MANAGER, KUBELET):
            kept = (self.node / path).read_text()
            (self.node / path).unlink()
            self.assertEqual([("node-file-missing", "/" + path, None)], self.findings())
            (self.node / path).write_text(kept)
        self.change(APT, PROXY, "http://old.example:1")
        self.change(MANAGER, ".svc", ".old")
        self.change(KUBELET, "/etc/environment", "-/etc/environment")
        self.assertEqual([("node-stale", "/" + APT, 1), ("node-stale", "/" + APT, 2),
                          ("node-stale", "/" + MANAGER, 6), ("node-stale", "/" + MANAGER, 7),
                          ("node-stale", "/" + KUBELET, None)], self.findings())

    def test_lines_that_the_scripts_appended_again(self):
        text = (self.node / ENVIRONMENT).read_text()
        (self.node / ENVIRONMENT).write_text(text.replace(PROXY, "http://old.example:1") + text)
        self.assertIn(("node-repeated", "/etc/environment", 9), self.findings(code=0))
        (self.node / ENVIRONMENT).write_text(text + text.replace(PROXY, "http://old.example:1"))
        self.assertEqual({"node-stale"}, {rule for rule, _, _ in self.findings()})

    def test_authorities_in_file_and_store(self):
        (self.node / BUNDLE).write_bytes(self_signed(self.directory, "third", *AUTHORITY))
        self.assertEqual([("node-ca-store", "/" + BUNDLE, None)], self.findings())
        other = self.write_config("other.json", self_signed(self.directory, "new", *AUTHORITY))
        self.assertEqual("node-ca-stale", self.findings(config=other)[0][0])
        self.assertEqual([("node-ca-left", "/" + CA, None)],
                         self.findings(config=self.write_config("without.json")))
        (self.node / CA).unlink()
        self.assertEqual([("node-ca-missing", "/" + CA, None)], self.findings())

    def test_a_proxy_that_is_gone(self):
        off = self.write_config("off.json", self.pem, enabled=False)
        self.assertEqual({"node-ca-left", "node-left"}, {rule for rule, _, _ in self.findings(config=off)})
        clean = self.directory / "clean"
        (clean / "etc").mkdir(parents=True)
        (clean / ENVIRONMENT).write_text("PATH=/bin\n")
        self.audit(clean, config=off)

    def test_drop_ins_that_win(self):
        for path, text, who in (
                ("etc/systemd/system/containerd.service.d/http-proxy.conf",
                 '[Service]\nEnvironment="HTTPS_PROXY=http://own.example:1" FOO=bar\n', "containerd"),
                ("etc/systemd/system.conf.d/zz.conf", "[Manager]\nDefaultEnvironment=no_proxy=localhost\n", "every unit"),
                ("etc/apt/apt.conf", 'acquire::HTTP::proxy "DIRECT";\n', "apt")):
            (self.node / path).parent.mkdir(parents=True, exist_ok=True)
            (self.node / path).write_text(text)
            out, _ = self.audit(code=1)
            self.assertIn(f"First difference: /{path}:", out)
            self.assertIn(f"counts for {who}", out)
            (self.node / path).unlink()

    def archives(self):
        """The node as people and programs pack it."""
        for shape, names in (("--format=ustar", ["."]), ("--format=gnu", ["etc", "usr"]), ("--format=pax", ["."])):
            yield subprocess.run(["tar", "-chf", "-", shape, "-C", self.node, *names], check=True,
                                 capture_output=True).stdout
        with io.BytesIO() as octets:
            with tarfile.open(fileobj=octets, mode="w") as archive:
                archive.add(self.node, arcname="host")
                archive.add(self.config, arcname="x" * 200)
                archive.add(self.config, arcname="proc/" + "y" * 98)
            yield octets.getvalue()

    def test_archives_of_every_format(self):
        path = self.directory / "node.tar"
        for octets in self.archives():
            path.write_bytes(octets)
            self.assertIn("It has what it should have.", self.audit(path)[0])

    def test_every_cut_of_an_archive_is_found_out(self):
        octets = next(self.archives())
        path = self.directory / "cut.tar"
        end = len(octets.rstrip(b"\0")) // 512 * 512
        for size in (0, 100, 511, 512, 700, end // 2, end):
            path.write_bytes(octets[:size])
            _, err = self.audit(path, code=2)
            self.assertIn("sluice aks audit node --script", err)

    def script(self, *arguments, shell=("sh",), **options):
        code, script, _ = run_sluice("aks", "audit", "node", "--script")
        self.assertEqual(0, code)
        return subprocess.run([*shell, "-s", "--", *map(str, arguments)], input=script, text=True,
                              capture_output=True, check=True, **options).stdout

    def shells(self):
        """Those of nodes and of the images that people debug them with, as far as they are installed."""
        yield ("sh",), {}
        yield ("bash", "--posix"), {}
        for shell in ("dash", "mksh"):
            if shutil.which(shell):
                yield (shell,), {}
        if shutil.which("busybox"):
            # BusyBox's own tar, base64, grep, mktemp… alone, as in its image.
            applets = self.directory / "applets"
            applets.mkdir()
            for name in ("sh", "cat", "tr", "grep", "tar", "base64", "mktemp", "rm", "mkdir"):
                (applets / name).symlink_to(shutil.which("busybox"))
            yield (shutil.which("busybox"), "sh"), {"PATH": str(applets)}

    def test_the_script_runs_under_every_shell(self):
        link = self.node / "etc/apt/apt.conf.d/50linked"
        link.symlink_to("../../environment")
        (self.node / "proc/17").mkdir(parents=True)
        (self.node / "proc/17/comm").write_text("kubelet\n")
        (self.node / "proc/17/environ").write_bytes(b"TOKEN=secret\0HTTP_PROXY=http://old.example:1\0")
        empty = self.directory / "empty"
        empty.mkdir()
        path = self.directory / "node.txt"
        names = None
        for shell, environment in self.shells():
            capture = self.script(self.node, shell=shell, env={**os.environ, **environment})
            with tarfile.open(fileobj=io.BytesIO(base64.b64decode("".join(capture.splitlines()[1:-1])))) as archive:
                got = sorted(each.name.removeprefix("./") for each in archive
                             if each.isfile() or each.islnk())
                self.assertNotIn(b"secret", archive.extractfile("./run/sluice/kubelet.environ").read())
            names = names or got
            self.assertEqual(names, got, shell)
            self.assertIn("etc/apt/apt.conf.d/50linked", got, shell)
            path.write_text(capture)
            self.assertEqual([("node-running", "kubelet", None)], self.findings(path), shell)
            # A directory without any of the files is no mistake of the script's.
            self.script(empty, shell=shell, env={**os.environ, **environment})

    def test_the_script_takes_off_what_counts_and_nothing_else(self):
        (self.node / "etc/shadow").write_text("secret")
        capture = self.script(self.node)
        self.assertTrue(capture.startswith("-----BEGIN SLUICE NODE-----\n"))
        path = self.directory / "node.txt"
        # As kubectl debug and a terminal may hand it on.
        path.write_bytes(b"Creating debugging pod node-debugger-x\r\n" +
                         capture.replace("\n", "\r\n").encode() + b"pod deleted\r\n")
        self.assertIn("It has what it should have.", self.audit(path)[0])
        packed = base64.b64decode("".join(capture.splitlines()[1:-1]))
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            self.assertNotIn("./etc/shadow", archive.getnames())
            self.assertIn("./etc/os-release", archive.getnames())
        path.write_text(capture[:len(capture) // 2])
        self.assertIn("ends in the middle", self.audit(path, code=2)[1])
        path.write_text(capture.replace("\n", "\n!!\n", 3))
        self.assertIn("damaged", self.audit(path, code=2)[1])

    def test_what_kubelet_runs_with(self):
        program = self.directory / "kubelet"
        shutil.copy(shutil.which("sleep"), program)
        secret = {"HTTP_PROXY": "http://old.example:1", "TOKEN": "secret"}
        with subprocess.Popen([program, "60"], env=secret) as kubelet:
            try:
                comm = pathlib.Path(f"/proc/{kubelet.pid}/comm")
                eventually(lambda: comm.read_text().strip() == "kubelet", "the stand-in runs")
                capture = self.script()  # of this machine, which has none of the files
            finally:
                kubelet.kill()
        self.assertNotIn("secret", capture)
        packed = base64.b64decode("".join(capture.splitlines()[1:-1]))
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            running = archive.extractfile("./run/sluice/kubelet.environ").read().decode()
        self.assertEqual("HTTP_PROXY=http://old.example:1\n", running)
        (self.node / "run/sluice").mkdir(parents=True)
        (self.node / "run/sluice/kubelet.environ").write_text(running)
        self.assertEqual([("node-running", "kubelet", None)], self.findings())

    def test_links_stay_below_the_directory(self):
        outside = self.directory / "outside"
        outside.write_text("HTTP_PROXY=http://outside.example:1\n")
        environment = self.node / ENVIRONMENT
        environment.rename(self.node / "etc/real")
        environment.symlink_to("/etc/real")  # absolute, as on the node
        self.audit()
        environment.unlink()
        environment.symlink_to(os.path.relpath(outside, environment.parent))
        self.assertEqual([("node-file-missing", "/etc/environment", None)], self.findings())
        environment.unlink()
        environment.symlink_to("environment")
        self.assertEqual([("node-file-missing", "/etc/environment", None)], self.findings())

    def test_wrong_usage(self):
        empty = self.directory / "empty"
        empty.mkdir()
        for arguments, code, words in (
                (["node", empty, "-f", self.config], 2, "name the directory in which etc is"),
                (["node", self.config, "-f", self.config], 2, "no tar archive"),
                (["node", self.directory / "absent", "-f", self.config], 3, "absent"),
                (["node", self.node], 2, "--http-proxy-config"), (["node", "-f", self.config], 2, "NODE"),
                (["node", self.node, "-f", self.config, "--distro", "suse"], 2, "azurelinux")):
            got, out, err = run_sluice("aks", "audit", *arguments)
            self.assertEqual((code, ""), (got, out), err)
            self.assertIn(words, err)

    def test_the_script_is_clean(self):
        _, script, _ = run_sluice("aks", "audit", "node", "--script")
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
        if shutil.which("shellcheck"):
            subprocess.run(["shellcheck", "-"], input=script, text=True, check=True)


if __name__ == "__main__":
    unittest.main()
