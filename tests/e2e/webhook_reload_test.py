"""`sluice aks webhook` reads its files again: replaced, swapped as Kubernetes does it, or broken."""
import json
import os
import pathlib
import ssl
import tempfile
import unittest

import pki
import webhook
from harness import eventually
from webhook import CONFIG, SIX


class Configuration(webhook.TestCase):
    def test_a_replaced_file_is_in_use_soon(self):
        server = self.webhook()
        server.write_config({**CONFIG, "httpProxy": "http://other.example:8080"})
        server.wait_line("reload: .*config.json is in use from now on")
        self.assertEqual("http://other.example:8080", self.value(server, "http_proxy"))
        self.assertEqual(1, server.metrics()['sluice_webhook_reloads_total{file="config"}'])

    def test_a_broken_file_leaves_the_old_one_in_use_and_is_reported_once(self):
        server = self.webhook()
        server.write_config('{"httpProxy": "ftp://x"')
        server.wait_line("error .*config.json has errors.*the configuration in use is kept")
        self.assertEqual(CONFIG["httpProxy"], self.value(server, "http_proxy"))
        server.config.unlink()
        server.wait_line("error .*config.json can't be read .ENOENT.*in use is kept")
        server.write_config({**CONFIG, "httpProxy": "http://good.example:1"})
        server.wait_line("config.json is in use from now on")
        self.assertEqual("http://good.example:1", self.value(server, "http_proxy"))
        failed = server.metrics()['sluice_webhook_failed_reloads_total{file="config"}']
        self.assertEqual(2, failed)

    def test_a_change_in_place_counts_as_well(self):
        server = self.webhook()
        server.config.write_text(json.dumps({**CONFIG, "noProxy": ["in.place"]}))
        eventually(lambda: self.value(server, "no_proxy").startswith("in.place,"), "the new noProxy")


class Certificate(webhook.TestCase):
    """In the layout of a Secret's volume: tls.pem -> ..data/tls.pem, ..data -> ..1."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.volume = pathlib.Path(self.directory.name)
        self.authority = pki.Authority(self.volume)
        for kind in ("pem", "key"):
            (self.volume / f"tls.{kind}").symlink_to(f"..data/tls.{kind}")
        self.publish("..1", self.authority)

    def publish(self, name, authority):
        (self.volume / name).mkdir()
        webhook.Webhook.make_certificate(self.volume / name, authority)
        self.swap(name)

    def swap(self, name):
        (self.volume / "..new").symlink_to(name)
        os.replace(self.volume / "..new", self.volume / "..data")

    def start(self):
        server = self.webhook(certificate=(self.volume / "tls.pem", self.volume / "tls.key"))
        server.authority = self.authority
        return server

    def serial(self, server):
        with server.connect() as peer:
            return peer.sock.getpeercert()["serialNumber"]

    def test_a_swap_of_the_volume_is_followed_by_new_connections(self):
        server = self.start()
        with server.connect() as old:
            first = self.serial(server)
            self.publish("..2", self.authority)
            server.wait_line("reload: .*tls.pem is in use from now on, valid until")
            self.assertNotEqual(first, self.serial(server))
            old.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(200, old.read_response("GET").status)

    def test_a_certificate_of_another_authority_is_shown_as_it_stands(self):
        server = self.start()
        other = self.volume / "other"
        other.mkdir()
        self.publish("..2", pki.Authority(other))
        server.wait_line("tls.pem is in use from now on")
        with self.assertRaises(ssl.SSLCertVerificationError):
            server.connect()

    def test_a_wrong_pair_leaves_the_old_one_in_use(self):
        server = self.start()
        first = self.serial(server)
        (self.volume / "..2").mkdir()
        for kind, source in (("pem", "ca.pem"), ("key", "..1/tls.key")):
            (self.volume / "..2" / f"tls.{kind}").write_bytes((self.volume / source).read_bytes())
        self.swap("..2")
        server.wait_line("error reload: .*tls.pem.*the certificate in use is kept")
        self.assertEqual(first, self.serial(server))
        self.assertEqual([*SIX, "GREETING"], self.names(server))
        self.publish("..3", self.authority)
        server.wait_line("tls.pem is in use from now on")
        self.assertNotEqual(first, self.serial(server))


if __name__ == "__main__":
    unittest.main()
