"""TLS between client and proxy (tls.listen), with real clients."""
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest

from dns_stub import Answer, DnsStub
import harness
from origin import Origin
import pki
from pki import Authority
from wire import request

PROXY, OTHER, NAME = "proxy.test", "proxy2.test", "origin.test"


class TlsListener(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="sluice-tls-")
        cls.path = pathlib.Path(cls.directory.name)
        cls.authority = Authority(cls.path)
        cls.files = {name: cls.authority.server_files(name) for name in (PROXY, OTHER)}
        cls.origin_context = cls.authority.server_context(NAME)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def start(self, tls=None, origins=None, **config):
        self.plain, self.secure = Origin(), Origin(tls=self.origin_context)
        for origin in (self.plain, self.secure):
            self.addCleanup(origin.close)
        certificates = [{"certificate": str(chain), "key": str(key)} for chain, key in self.files.values()]
        return self.sluice({
            "tls": {"listen": ["127.0.0.1:0"], "certificates": certificates, **(tls or {})},
            "policy": {"rules": [harness.allow([self.plain, self.secure])]},
            "dns": {"hosts": [{"name": NAME, "addresses": ["127.77.0.1"]}]}, **config})

    def context(self, **options):
        context = ssl.create_default_context(cafile=self.authority.certificate)
        for name, value in options.items():
            setattr(context, name, value)
        return context

    def connect(self, proxy, name=PROXY, context=None, session=None):
        sock = socket.create_connection(proxy.secure_address, 10)
        self.addCleanup(sock.close)
        secure = (context or self.context()).wrap_socket(sock, server_hostname=name, session=session)
        self.addCleanup(secure.close)
        return secure

    def get(self, secure):
        secure.sendall(f"GET http://{NAME}:{self.plain.port}/ HTTP/1.1\r\nHost: {NAME}:{self.plain.port}\r\n"
                       "Connection: close\r\n\r\n".encode())
        answer = b""
        while data := secure.recv(65536):
            answer += data
        return answer

    def curl(self, proxy, url, *options):
        port = proxy.secure_address[1]
        return subprocess.run(
            ["curl", "-sS", "-i", "--max-time", "10", "--cacert", str(self.authority.certificate),
             "--proxy-cacert", str(self.authority.certificate), "--suppress-connect-headers",
             "--connect-to", f"{PROXY}:{port}:127.0.0.1:{port}", "-x", f"https://{PROXY}:{port}",
             "--resolve", f"{PROXY}:{port}:127.0.0.1", *options, url],
            capture_output=True, text=True, check=False)

    def test_curl_forwards_and_tunnels(self):
        proxy = self.start()
        for url in (f"http://{NAME}:{self.plain.port}/", f"https://{NAME}:{self.secure.port}/"):
            done = self.curl(proxy, url)
            self.assertIn("HTTP/1.1 200", done.stdout, done.stderr)
            self.assertTrue(done.stdout.endswith("hello"), done.stdout)

    def test_the_certificate_follows_the_server_name(self):
        proxy = self.start()
        for name in (PROXY, OTHER):
            subject = dict(pair[0] for pair in self.connect(proxy, name).getpeercert()["subject"])
            self.assertEqual(subject["commonName"], name)

    def test_both_versions_are_spoken_and_older_ones_refused(self):
        proxy = self.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            secure = self.connect(proxy, context=self.context(minimum_version=version,
                                                              maximum_version=version))
            self.assertIn(b"200 OK", self.get(secure))
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.set_ciphers("ALL:@SECLEVEL=0")
        old.load_verify_locations(self.authority.certificate)
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises(ssl.SSLError):
            self.connect(proxy, context=old)
        self.assertEqual(proxy.wait_record(lambda r: r.get("tls_reason"))["tls_reason"],
                         "protocol_version")

    def test_a_client_of_plain_http_is_told_so(self):
        proxy = self.start()
        with harness.Peer.connect(proxy.secure_address) as peer:
            peer.send(f"GET http://{NAME}/ HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
            answer = peer.read_response("GET")
        self.assertEqual(answer.status, 400)
        self.assertIn("https://", answer.text)

    def test_a_client_of_tls_on_the_plain_port_is_told_so_in_the_log(self):
        proxy = self.start()
        sock = socket.create_connection(proxy.address, 10)
        self.addCleanup(sock.close)
        with self.assertRaises((ssl.SSLError, OSError)):
            self.context().wrap_socket(sock, server_hostname=PROXY)
        record = proxy.wait_record(lambda r: r["status"] == 400)
        self.assertIn("speaks TLS to a port for plain HTTP", record["detail"])

    def test_a_probe_that_connects_and_closes_leaves_no_record(self):
        proxy = self.start()
        socket.create_connection(proxy.secure_address, 10).close()
        self.get(self.connect(proxy))
        self.assertEqual(proxy.wait_record()["status"], 200)

    def test_a_silent_client_is_cut_off(self):
        proxy = self.start(timeouts={"tls_handshake": "200ms", "drain": "2s"})
        sock = socket.create_connection(proxy.secure_address, 10)
        self.addCleanup(sock.close)
        self.assertEqual(sock.recv(1), b"")
        self.assertEqual(proxy.wait_record()["tls_reason"], "handshake_timeout")

    def test_bytes_that_end_without_close_notify_end_the_tunnel_with_a_reset(self):
        received, ended = [], []

        def serve(origin, peer):
            try:
                while data := peer.sock.recv(4096):
                    received.append(data)
                ended.append("FIN")
            except ConnectionResetError:
                ended.append("RST")
        origin = Origin(serve=serve)
        self.addCleanup(origin.close)
        proxy = self.start(policy={"rules": [harness.allow(ports=[origin.port])]})
        secure = self.connect(proxy)
        secure.sendall(f"CONNECT {NAME}:{origin.port} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        self.assertIn(b"200", secure.recv(4096))
        secure.sendall(b"all that there is")
        with socket.socket(fileno=os.dup(secure.fileno())) as below:
            below.shutdown(socket.SHUT_RDWR)
        origin.wait_no_connections()
        self.assertEqual((b"".join(received), ended), (b"all that there is", ["RST"]))

    def test_a_client_that_just_closes_is_no_fault(self):
        origin = Origin(serve=lambda _, peer: (peer.sock.recv(100), peer.wait_end()))
        self.addCleanup(origin.close)
        proxy = self.start(policy={"rules": [harness.allow(ports=[origin.port])]})
        unused = self.connect(proxy)
        unused.close()  # Python sends no close_notify
        secure = self.connect(proxy)
        secure.sendall(f"CONNECT {NAME}:{origin.port} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        self.assertIn(b"200", secure.recv(4096))
        secure.sendall(b"all that there is")
        origin.wait(lambda: origin.connections == 1, "a connection")
        secure.close()
        record = proxy.wait_record()
        self.assertEqual(("CONNECT", 200, None), tuple(record[key] for key in ("method", "status", "fault")))

    def test_what_breaks_a_connection_is_in_the_record(self):
        origin = Origin(serve=lambda _, peer: peer.sock.recv(1))
        self.addCleanup(origin.close)
        proxy = self.start(policy={"rules": [harness.allow(ports=[origin.port])]})
        secure = self.connect(proxy)
        secure.sendall(f"CONNECT {NAME}:{origin.port} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        self.assertIn(b"200", secure.recv(4096))
        with socket.socket(fileno=os.dup(secure.fileno())) as below:
            below.sendall(b"no record of TLS at all")
        record = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual("EPROTO", record["errno"])
        self.assertRegex(record["detail"], r"the client failed \(EPROTO: wrong version number\)")

    def test_a_tunnel_ends_in_good_order_on_both_sides(self):
        origin = Origin(serve=lambda _, peer: (peer.send(b"x" * 300_000), peer.half_close(),
                                               peer.sock.recv(1)))
        self.addCleanup(origin.close)
        proxy = self.start(policy={"rules": [harness.allow(ports=[origin.port])]})
        secure = self.connect(proxy)
        secure.sendall(f"CONNECT {NAME}:{origin.port} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        answer = b""
        while data := secure.recv(65536):  # ends with close_notify, else this raises
            answer += data
        self.assertEqual(len(answer.split(b"\r\n\r\n", 1)[1]), 300_000)
        secure.unwrap()
        self.assertIsNone(proxy.wait_record(lambda r: r["method"] == "CONNECT")["fault"])

    def test_a_ticket_resumes_a_session(self):
        proxy = self.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.context(minimum_version=version, maximum_version=version)
            first = self.connect(proxy, context=context)
            self.get(first)  # 1.3 sends its tickets after the handshake
            self.assertFalse(first.session_reused)
            second = self.connect(proxy, context=context, session=first.session)
            self.assertTrue(second.session_reused, version)
            self.assertIn(b"200 OK", self.get(second))

    def test_its_keys_get_into_no_core_file(self):
        def filter_of(proxy):
            path = pathlib.Path(f"/proc/{proxy.process.pid}/coredump_filter")
            return int(path.read_text(encoding="ascii"), 16)
        self.assertEqual(filter_of(self.start()), 0)
        self.assertNotEqual(filter_of(self.sluice()), 0)

    def client(self, name):
        context = self.context()
        context.load_cert_chain(*self.client_files(name))
        return context

    def client_files(self, name):
        key, request, chain = (self.path / f"client-{name}.{kind}" for kind in ("key", "csr", "pem"))
        extensions = self.path / "client.ext"
        extensions.write_text(f"subjectAltName=URI:spiffe://lab/{name}\nextendedKeyUsage=clientAuth\n")
        run = pki.openssl
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
            "-out", request, "-subj", f"/CN={name}")
        run("x509", "-req", "-in", request, "-CA", self.authority.certificate, "-CAkey",
            self.authority.key, "-CAcreateserial", "-days", "1", "-extfile", extensions, "-out", chain)
        return chain, key

    def test_a_clients_certificate_is_asked_for_and_judged_by_rules(self):
        rules = {"name": "runner", "action": "allow", "addresses": [harness.TEST_RANGE],
                 "identities": ["spiffe://lab/runner"], "ports": []}
        proxy = self.start(tls={"client_authorities": str(self.authority.certificate)},
                           policy={"rules": [rules], "default_action": "deny"})
        self.assertIn(b"200 OK", self.get(self.connect(proxy, context=self.client("runner"))))
        self.assertEqual(proxy.wait_record()["identity"], "spiffe://lab/runner")
        self.assertIn(b"403 Forbidden", self.get(self.connect(proxy, context=self.client("other"))))
        with self.assertRaises((ssl.SSLError, OSError)):
            self.get(self.connect(proxy))

    def revocations(self, *names, until="20991231235959Z"):
        """A list of the authority's that names the clients' certificates."""
        database = self.path / "revoked.txt"
        database.write_text("")
        settings = self.path / "revoked.cnf"
        settings.write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={database}\ndefault_md=sha256\n")
        common = ("ca", "-config", settings, "-keyfile", self.authority.key, "-cert", self.authority.certificate)
        for name in names:
            pki.openssl(*common, "-revoke", self.path / f"client-{name}.pem")
        pki.openssl(*common, "-gencrl", "-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", until,
                    "-out", self.path / "revoked.pem")
        return self.path / "revoked.pem"

    def test_a_certificate_that_was_revoked_is_refused(self):
        runner, other = self.client("runner"), self.client("other")
        proxy = self.start(tls={"client_authorities": str(self.authority.certificate),
                                "client_revocations": str(self.revocations("runner"))})

        def refused(context):
            with self.assertRaises((ssl.SSLError, OSError)):
                self.get(self.connect(proxy, context=context))
            reasons.append("revoked")
            harness.eventually(lambda: [r["tls_reason"] for r in proxy.records() if "tls_reason" in r] == reasons,
                               "the reason in the record")

        reasons = []

        self.assertIn(b"200 OK", self.get(self.connect(proxy, context=other)))
        refused(runner)
        # The list is read again when it changes, and tickets from before are worth nothing.
        self.revocations("runner", "other")
        proxy.wait_line("read the files of tls.* again", timeout=30)
        refused(other)

    def test_a_list_out_of_date_lets_nobody_in(self):
        context = self.client("runner")
        proxy = self.start(tls={"client_authorities": str(self.authority.certificate),
                                "client_revocations": str(self.revocations(until="20210101000000Z"))})
        with self.assertRaises((ssl.SSLError, OSError)):
            self.get(self.connect(proxy, context=context))
        self.assertEqual("revocation_unknown",
                         proxy.wait_record(lambda record: "tls_reason" in record)["tls_reason"])

    def test_a_certificate_may_be_optional(self):
        proxy = self.start(tls={"client_authorities": str(self.authority.certificate),
                                "client_certificates": "optional"})
        self.assertIn(b"200 OK", self.get(self.connect(proxy)))

    def test_certificates_are_read_again_when_kubernetes_swaps_them(self):
        with tempfile.TemporaryDirectory(prefix="sluice-secret-") as directory:
            volume = pathlib.Path(directory)

            def put(version, name):
                (volume / version).mkdir()
                for source, target in zip(self.files[name], ("tls.crt", "tls.key")):
                    shutil.copy(source, volume / version / target)
                (volume / "next").symlink_to(version)
                (volume / "next").rename(volume / "..data")

            put("..1", PROXY)
            for file in ("tls.crt", "tls.key"):
                (volume / file).symlink_to(pathlib.Path("..data") / file)
            proxy = self.start(tls={"certificates": [{"certificate": str(volume / "tls.crt"),
                                                      "key": str(volume / "tls.key")}]})
            self.connect(proxy, PROXY)
            put("..2", OTHER)
            proxy.wait_line("read the files of tls.* again", timeout=30)
            self.assertIn(b"200 OK", self.get(self.connect(proxy, OTHER)))
            (volume / "..2/tls.crt").write_text("nonsense")
            proxy.wait_line("are of no use", timeout=30)
            self.assertIn(b"200 OK", self.get(self.connect(proxy, OTHER)))

    def test_new_files_leave_names_and_idle_origin_connections_alone(self):
        with tempfile.TemporaryDirectory(prefix="sluice-secret-") as directory:
            files = [shutil.copy(source, directory) for source in self.files[PROXY]]
            origin = self.origin()
            stub = DnsStub({NAME: Answer((origin.address,))})
            self.addCleanup(stub.close)
            proxy = self.sluice({
                "workers": 1, "dns": {"servers": [stub.endpoint]},
                "policy": {"rules": [harness.allow([origin]) | {"ports": [1, origin.port]}]},
                "tls": {"listen": ["127.0.0.1:0"],
                        "certificates": [{"certificate": str(files[0]), "key": str(files[1])}]}})

            def ask(port):
                with proxy.connect() as client:
                    client.send(request("GET", f"http://{NAME}:{port}/"))
                    return client.read_response().status

            self.assertEqual(200, ask(origin.port))
            asked = stub.count()
            for source, target in zip(self.files[OTHER], files):
                shutil.copy(source, target)
            proxy.wait_line("read the files of tls.* again", timeout=30)
            self.assertEqual(200, ask(origin.port))
            self.assertEqual(1, origin.connections)
            ask(1)  # nobody is there; the name's address is known
            self.assertEqual(asked, stub.count())


if __name__ == "__main__":
    unittest.main()
