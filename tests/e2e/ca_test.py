"""`sluice ca`: the files it makes, what others make of them, and what it refuses."""
import base64
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

import harness
import yaml
from harness import run_sluice
from pki import Authority, self_signed

SYSTEM_ROOTS = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def text_of(certificate):
    return openssl("x509", "-in", certificate, "-noout", "-text")[1]


def greet(server_context, client_context, name):
    """One TLS connection; the server's greeting as the client reads it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(10)

        def serve():
            raw, _ = listener.accept()
            try:
                with server_context.wrap_socket(raw, server_side=True) as connection:
                    connection.sendall(b"hello")
            except (ssl.SSLError, OSError):
                raw.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with socket.socket() as raw:
                raw.settimeout(10)
                raw.connect(listener.getsockname())
                with client_context.wrap_socket(raw, server_hostname=name) as connection:
                    return connection.recv(5)
        finally:
            thread.join(10)


class CaTest(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)
        self.certificate, self.key = self.folder / "sluice-ca.pem", self.folder / "sluice-ca.key"

    def ca(self, *arguments, code=0):
        """Standard output of a subcommand that ends with `code`."""
        got, out, err = run_sluice("ca", *arguments, cwd=self.folder)
        self.assertEqual(code, got, out + err)
        self.errors = err
        return out

    def server(self, name):
        return Authority.of(self.folder, self.certificate, self.key).server_context(name)


class Init(CaTest):
    def test_makes_a_ca_that_openssl_takes_for_one(self):
        out = self.ca("init")
        self.assertEqual((0o600, 0o644), (self.key.stat().st_mode & 0o777, self.certificate.stat().st_mode & 0o777))
        self.assertIn("Next:", out)
        self.assertEqual(0, openssl("verify", "-x509_strict", "-CAfile", self.certificate, self.certificate)[0])
        text = text_of(self.certificate)
        for line in ("CA:TRUE, pathlen:0", "X509v3 Basic Constraints: critical", "X509v3 Key Usage: critical",
                     "Certificate Sign, CRL Sign", "X509v3 Subject Key Identifier", "NIST CURVE: P-256",
                     "ecdsa-with-SHA256", "CN = Sluice inspection CA 20"):
            self.assertIn(line, text)
        self.assertNotIn("Name Constraints", text)
        self.assertNotIn("PRIVATE", self.certificate.read_text())

    def test_makes_rsa_keys_names_and_validities_on_request(self):
        self.ca("init", "--rsa", "--name", "Example egress CA", "--days", "30")
        text = text_of(self.certificate)
        self.assertIn("Public-Key: (3072 bit)", text)
        self.assertIn("CN = Example egress CA", text)
        self.assertEqual(0, openssl("x509", "-in", self.certificate, "-checkend", 29 * 86400)[0])
        self.assertEqual(1, openssl("x509", "-in", self.certificate, "-checkend", 31 * 86400)[0])

    def test_never_overwrites_and_leaves_nothing_half_done(self):
        self.ca("init")
        before = self.certificate.read_bytes(), self.key.read_bytes()
        self.ca("init", code=3)
        self.assertIn("never overwritten", self.errors)
        self.assertEqual(before, (self.certificate.read_bytes(), self.key.read_bytes()))
        self.key.unlink()
        self.ca("init", code=3)
        self.assertFalse(self.key.exists(), "a key without its certificate")
        self.assertEqual(["sluice-ca.pem"], [path.name for path in self.folder.iterdir()])
        self.ca("init", "--dir", "missing", code=3)

    def test_refuses_what_cannot_be_meant(self):
        for arguments in (["--days", "0"], ["--name", ""], ["--name", "x" * 65], ["--name-constraint", "*.test"],
                          ["--name-constraint", "10.0.0.1/8"]):
            self.ca("init", *arguments, code=2)
        self.assertEqual([], list(self.folder.iterdir()))

    def test_name_constraints_bind_real_clients(self):
        self.ca("init", "--name-constraint", ".good.example", "--name-constraint", "10.0.0.0/8")
        self.assertIn("X509v3 Name Constraints: critical", text_of(self.certificate))
        client = ssl.create_default_context(cafile=self.certificate)
        self.assertEqual(b"hello", greet(self.server("a.good.example"), client, "a.good.example"))
        with self.assertRaisesRegex(ssl.SSLCertVerificationError, "permitted subtree violation"):
            greet(self.server("a.bad.example"), client, "a.bad.example")


class Bundle(CaTest):
    def setUp(self):
        super().setUp()
        self.ca("init")

    def test_base64_is_the_value_of_trusted_ca(self):
        value = self.ca("bundle", "--format", "base64")
        self.assertEqual(1, value.count("\n"))
        self.assertEqual(self.certificate.read_bytes(), base64.b64decode(value.strip(), validate=True))
        config = self.folder / "config.json"
        config.write_text(json.dumps({"httpProxy": "http://proxy.example.com:3128", "trustedCa": value.strip()}))
        self.assertEqual(0, run_sluice("aks", "validate", config)[0])

    def test_a_client_that_trusts_the_bundle_alone_is_served(self):
        for arguments in ([], ["--with-system-roots"]):
            bundle = self.folder / "bundle.pem"
            bundle.write_text(self.ca("bundle", *arguments))
            client = ssl.create_default_context(cafile=bundle)
            self.assertEqual(b"hello", greet(self.server("good.example"), client, "good.example"))
        with self.assertRaises(ssl.SSLCertVerificationError):
            greet(self.server("good.example"), ssl.create_default_context(), "good.example")

    def test_system_roots_are_all_there(self):
        both = self.ca("bundle", "--with-system-roots")
        self.assertEqual(SYSTEM_ROOTS.read_text().count("BEGIN CERT") + 1, both.count("BEGIN CERT"))
        self.assertTrue(both.endswith(self.certificate.read_text()))
        self.ca("bundle", "--with-system-roots", "--format", "base64")
        self.assertIn("at most 20 certificates", self.errors)

    def test_der_is_one_certificate(self):
        done = subprocess.run([harness.BINARY, "ca", "bundle", "--format", "der"], cwd=self.folder,
                              capture_output=True, check=True)
        self.assertEqual(ssl.PEM_cert_to_DER_cert(self.certificate.read_text()), done.stdout)
        self.ca("bundle", "--format", "der", "--with-system-roots", code=2)

    def test_kubernetes_objects_hold_the_ca_and_the_roots(self):
        made = yaml.safe_load(self.ca("bundle", "--format", "configmap", "--with-system-roots",
                                      "--name", "egress-ca", "--namespace", "shop"))
        self.assertEqual(("ConfigMap", {"name": "egress-ca", "namespace": "shop"}), (made["kind"], made["metadata"]))
        self.assertEqual(self.certificate.read_text(), made["data"]["proxy-ca.crt"])
        self.assertTrue(made["data"]["ca-bundle.crt"].endswith(self.certificate.read_text()))
        secret = yaml.safe_load(self.ca("bundle", "--format", "secret"))
        self.assertEqual(("Secret", {"proxy-ca.crt": self.certificate.read_text()}),
                         (secret["kind"], secret["stringData"]))

    def test_several_files_are_one_bundle_without_doubles(self):
        self.ca("rotate")
        both = self.ca("bundle", "sluice-ca.pem", "sluice-ca-next.pem", "sluice-ca.pem")
        self.assertEqual(self.certificate.read_text() + (self.folder / "sluice-ca-next.pem").read_text(), both)

    def test_a_private_key_is_refused_and_never_printed(self):
        mixed = self.folder / "mixed.pem"
        mixed.write_text(self.certificate.read_text() + self.key.read_text())
        secret = self.key.read_text().splitlines()[1]
        for file in ("mixed.pem", "sluice-ca.key"):
            for format in ("pem", "base64", "configmap", "secret", "der"):
                out = self.ca("bundle", file, "--format", format, code=2)
                self.assertEqual("", out)
                self.assertIn("PRIVATE KEY", self.errors)
                self.assertNotIn(secret, self.errors)
        self.ca("bundle", "missing.pem", code=3)


class Show(CaTest):
    def show(self, *arguments, code=0):
        return json.loads(self.ca("show", *arguments, "--json", code=code))

    def rules(self, shown):
        return {finding["rule"] for finding in shown["findings"]}

    def test_tells_what_the_certificate_is(self):
        self.ca("init", "--days", "90", "--name-constraint", "good.example")
        shown = self.show("--key", "sluice-ca.key")
        facts = shown["certificates"][0]
        fingerprint = openssl("x509", "-in", self.certificate, "-noout", "-fingerprint", "-sha256")[1]
        self.assertEqual(fingerprint.strip().split("=")[1].replace(":", "").lower(), facts["sha256"])
        self.assertEqual((89, 0, ["good.example"], True), (facts["days_left"], facts["path_length"],
                                                          facts["permitted"], shown["key_checked"]))
        self.assertEqual([], shown["findings"])
        self.assertIn("signs for    good.example", self.ca("show"))

    def test_warns_of_the_end_and_of_a_ca_that_may_sign_everything(self):
        self.ca("init", "--days", "5")
        self.assertEqual({"certificate-expires-soon", "ca-name-constraints"}, self.rules(self.show()))

    def test_fails_for_what_the_proxy_would_refuse(self):
        self.ca("init")
        self.key.chmod(0o640)
        shown = self.show("--key", "sluice-ca.key", code=1)
        self.assertIn("ca-unusable", self.rules(shown))
        self.assertIn("has mode 0640", json.dumps(shown))
        self.key.chmod(0o600)
        other = self.folder / "other"
        other.mkdir()
        self.ca("init", "--dir", "other")
        shown = self.show("--key", "other/sluice-ca.key", code=1)
        self.assertIn("is not that of the CA certificate", json.dumps(shown))
        link = self.folder / "link.key"
        link.symlink_to("sluice-ca.key")
        self.show("--key", "link.key")

    def test_fails_for_a_certificate_that_is_no_ca(self):
        (self.folder / "leaf.pem").write_bytes(self_signed(
            self.folder, "leaf", "-newkey", "rsa:2048", "-days", "60", "-addext", "basicConstraints=critical,CA:FALSE"))
        self.show("leaf.pem", code=1)
        self.ca("show", "leaf.key", code=2)
        self.ca("show", "missing.pem", code=3)


class Rotate(CaTest):
    def setUp(self):
        super().setUp()
        self.ca("init", "--name-constraint", ".good.example")
        self.next = self.folder / "sluice-ca-next.pem"

    def test_makes_no_successor_that_is_freer_than_the_ca(self):
        self_signed(self.folder, "sluice-ca", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0",
                    "-addext", "keyUsage=critical,keyCertSign",
                    "-addext", "nameConstraints=critical,excluded;DNS:bad.example")
        shown = self.ca("show")
        self.assertIn("every name, within further constraints", shown)
        self.assertNotIn("may sign for every name", shown)
        self.ca("rotate", code=2)
        self.assertIn("say with --name-constraint", self.errors)
        self.assertFalse(self.next.exists())
        self.ca("rotate", "--name-constraint", ".good.example")

    def test_makes_a_successor_beside_the_ca(self):
        before = self.certificate.read_bytes(), self.key.read_bytes()
        out = self.ca("rotate")
        self.assertEqual(before, (self.certificate.read_bytes(), self.key.read_bytes()))
        self.assertEqual(0o600, (self.folder / "sluice-ca-next.key").stat().st_mode & 0o777)
        subjects = {openssl("x509", "-in", path, "-noout", "-subject")[1] for path in (self.certificate, self.next)}
        self.assertEqual(2, len(subjects), "two CAs of one name")
        self.assertIn("DNS:good.example", text_of(self.next))
        self.assertIn("The steps in order: nobody breaks", out)
        self.ca("rotate", code=3)

    def test_the_rehearsal_agrees_with_real_clients(self):
        self.ca("rotate")
        said = json.loads(self.ca("rotate", "--rehearse", "--host", "a.good.example", "--json"))
        both = self.folder / "both.pem"
        both.write_text(self.ca("bundle", "sluice-ca.pem", "sluice-ca-next.pem"))
        trusted = {"old": self.certificate, "both": both, "new": self.next}
        signers = {"old": Authority.of(self.folder, self.certificate, self.key),
                   "new": Authority.of(self.folder, self.next, self.folder / "sluice-ca-next.key")}
        self.assertEqual(6, len(said["handshakes"]))
        for trial in said["handshakes"]:
            with self.subTest(**trial):
                server = signers[trial["signer"]].server_context("a.good.example")
                client = ssl.create_default_context(cafile=trusted[trial["trusted"]])
                if trial["outcome"] == "ok":
                    self.assertEqual(b"hello", greet(server, client, "a.good.example"))
                else:
                    with self.assertRaises(ssl.SSLCertVerificationError):
                        greet(server, client, "a.good.example")

    def test_steps_out_of_order_break_clients(self):
        orders = {order["name"]: order for order in
                  json.loads(self.ca("rotate", "--json"))["orders"]}
        self.assertEqual({"in order"}, {name for name, order in orders.items() if not order["breaks"]})
        self.assertEqual([{"trusted": "old", "signer": "new", "outcome": "untrusted_root"}],
                         orders["signing before clients trust the new CA"]["steps"][0]["broken"])

    def test_refuses_hosts_that_the_next_ca_may_not_sign_for(self):
        self.ca("rotate")
        self.ca("rotate", "--rehearse", "--host", "a.bad.example", code=2)
        self.assertIn("exclude", self.errors)

    def test_needs_the_ca_that_goes(self):
        shutil.move(self.key, self.folder / "elsewhere")
        self.ca("rotate", code=3)
        self.assertFalse(self.next.exists())


class Install(CaTest):
    def test_tells_each_system_with_the_certificates_path(self):
        self.ca("init")
        systems = json.loads(self.ca("install", "--json"))
        names = [each["system"] for each in systems]
        self.assertEqual({"aks", "kubernetes", "debian", "azurelinux", "alpine", "java", "node", "python", "go", "curl",
                          "ruby", "dotnet"}, set(names))
        out = self.ca("install", "debian", "--ca", str(self.certificate))
        self.assertIn(f"install -m 0644 {self.certificate} /usr/local/share/ca-certificates/sluice-ca.crt", out)
        self.assertNotIn("{ca}", self.ca("install"))
        self.ca("install", "plan9", code=2)

    def test_javas_commands_make_java_trust_it(self):
        self.ca("init")
        store = self.folder / "store.jks"
        text = self.ca("install", "java")
        command = next(line for line in text.splitlines() if line.startswith("keytool"))
        self.assertIn("-cacerts", command)
        done = subprocess.run(["keytool", *command.split()[1:]][:-3] + ["-keystore", str(store), "-storepass", "changeit"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        listed = subprocess.run(["keytool", "-list", "-keystore", str(store), "-storepass", "changeit"],
                                capture_output=True, text=True, check=True).stdout
        self.assertIn("sluice-ca", listed)


if __name__ == "__main__":
    unittest.main()
