"""sluice-load against the real proxy: every mode for a moment, and what it says when operations fail."""
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

import harness
import pki

LOAD = os.environ.get("SLUICE_LOAD", str(harness.REPOSITORY / "build/release/bench/sluice-load"))
LIMIT = str(pathlib.Path(LOAD).with_name("limit"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def load(*arguments):
    """Exit code, the parsed lines of standard output, standard error."""
    done = subprocess.run([LOAD, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


class EveryMode(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        rule = {"name": "load", "action": "allow", "addresses": ["127.77.0.0/16"], "ports": [self.port]}
        self.proxy = harness.Sluice({"policy": {"rules": [rule]}})
        self.addCleanup(self.proxy.stop)

    def load(self, *arguments):
        code, lines, problems = load("--proxy", self.proxy.authority, "--pid", self.proxy.process.pid,
                                     "--origin", f"127.77.0.1:{self.port}", "--warmup", 0, *arguments)
        self.assertEqual((0, ""), (code, problems), lines)
        return lines

    def test_counts_are_exact_and_nothing_fails(self):
        modes = ["connect", "forward", "rr", "down", "up"]
        lines = self.load("--ops", 40, "--lanes", 4, "--body", 300_000, *modes)
        self.assertEqual(modes, [line["mode"] for line in lines])
        for line in lines:
            octets = 40 * (64 if line["mode"] == "rr" else 300_000)
            self.assertEqual((40, 0, octets), (line["ops"], line["failed"], line["body_octets"]), line)
            self.assertGreater(line["proxy_cpu"]["us_per_op"], 0)
            self.assertGreater(line["pss_kib"], 100)
            self.assertLessEqual(line["latency_us"]["p50"], line["latency_us"]["p99"])
            self.assertLessEqual(line["latency_us"]["p99"], line["latency_us"]["max"])

    def test_what_the_proxy_logged_agrees(self):
        self.load("--ops", 25, "--lanes", 5, "connect")
        # Each of the five lanes has made one more, before the measurement.
        harness.eventually(lambda: len(self.proxy.records()) >= 30, "30 records")
        self.assertEqual(30, len(self.proxy.records()))

    def test_idle_tunnels_are_held_and_checked(self):
        line, = self.load("--idle", 100, "--seconds", 0.1, "idle")
        self.assertEqual((100, 0), (line["idle"]["tunnels"], line["idle"]["failed"]))
        self.assertGreater(line["idle"]["pss_kib"], 0)

    def test_churn_holds_its_rate_beside_idle_tunnels(self):
        line, = self.load("--idle", 50, "--rate", 200, "--ops", 60, "churn")
        self.assertEqual(("open", 60, 50, 0), (line["loop"], line["ops"], line["idle"]["tunnels"], line["failed"]))
        self.assertGreaterEqual(line["seconds"], 59 / 200)


class InspectingProxy:
    """Decrypts: shows a leaf of its own authority for the name asked for, and verifies the origin.

    After one answer it waits for the client's end, unless `hasty`. From the third connection on the leaves are the
    `successor`'s, if there is one."""

    def __init__(self, test, origin_ca, hasty=False, successor=None):
        self.hasty, self.successor = hasty, successor
        directory = tempfile.TemporaryDirectory()
        test.addCleanup(directory.cleanup)
        self.authority, self.origin_ca, self.asked_for = pki.Authority(directory.name), origin_ca, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        thread = threading.Thread(target=self.serve)
        thread.start()
        test.addCleanup(thread.join)
        test.addCleanup(self.listener.close)
        test.addCleanup(self.listener.shutdown, socket.SHUT_RDWR)

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                try:
                    self.inspect(client)
                except OSError:  # ssl.SSLError is one: the client refuses the leaf
                    pass

    def inspect(self, client):
        host, port = client.recv(4096).split()[1].decode().rsplit(":", 1)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        to_client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

        def choose(connection, name, _context):
            self.asked_for.append(name)
            late = self.successor and len(self.asked_for) > 2
            connection.context = (self.successor if late else self.authority).server_context(name)

        to_client.sni_callback = choose
        to_origin = ssl.create_default_context(cafile=self.origin_ca)
        with to_client.wrap_socket(client, server_side=True) as inside:
            with socket.create_connection((host, int(port))) as plain:
                with to_origin.wrap_socket(plain, server_hostname=self.asked_for[-1]) as outside:
                    outside.sendall(inside.recv(4096))
                    answer = b""
                    while len(answer) < 1024:
                        answer += outside.recv(4096)
                    inside.sendall(answer)
                    if not self.hasty:
                        inside.recv(1)


class Inspection(unittest.TestCase):
    def inspect(self, mode, trusted=None, **how):
        with tempfile.TemporaryDirectory() as directory:
            ca = os.path.join(directory, "origin-ca.pem")
            proxy = InspectingProxy(self, ca, **how)
            result = load("--proxy", proxy.address, "--ca", trusted or proxy.authority.certificate, "--origin-ca", ca,
                          "--origins", 1, "--ops", 3, "--lanes", 1, "--warmup", 0, mode)
            return proxy, *result

    def test_asks_for_one_name_again_and_again(self):
        proxy, code, lines, problems = self.inspect("inspect")
        self.assertEqual((0, 3), (code, lines[0]["ops"]), (lines, problems))
        self.assertEqual({"cached.bench.test"}, set(proxy.asked_for))

    def test_asks_for_a_fresh_name_each_time(self):
        proxy, code, lines, problems = self.inspect("inspect-fresh")
        self.assertEqual((0, 3), (code, lines[0]["ops"]), (lines, problems))
        self.assertEqual(4, len(set(proxy.asked_for)))  # one before the measurement

    def test_an_idle_connection_that_ends_has_failed(self):
        with tempfile.TemporaryDirectory() as directory:
            ca = os.path.join(directory, "origin-ca.pem")
            proxy = InspectingProxy(self, ca, hasty=True)
            code, lines, problems = load("--proxy", proxy.address, "--ca", proxy.authority.certificate, "--origin-ca", ca,
                                         "--origins", 1, "--idle", 3, "--seconds", 0.1, "inspect-idle")
        self.assertEqual((1, 3), (code, lines[0]["idle"]["failed"]), (lines, problems))

    def test_a_leaf_of_someone_else_fails(self):
        with tempfile.TemporaryDirectory() as directory:
            _, code, lines, _ = self.inspect("inspect", pki.Authority(directory).certificate)
        self.assertEqual((1, {"TLS handshake failed": 3}), (code, lines[0]["failures"]))

    def test_another_leaf_for_a_name_it_knows_is_verified_too(self):
        with tempfile.TemporaryDirectory() as directory:
            _, code, lines, _ = self.inspect("inspect", successor=pki.Authority(directory))
        self.assertEqual((1, 1, {"TLS handshake failed": 2}), (code, lines[0]["ops"], lines[0]["failures"]))


class Failures(unittest.TestCase):
    def assertFails(self, reason, *arguments):
        code, lines, _ = load("--ops", 3, "--lanes", 1, "--warmup", 0, *arguments, "connect")
        self.assertEqual(1, code)
        self.assertEqual(0, lines[0]["ops"])
        self.assertIn(reason, lines[0]["failures"])
        self.assertEqual(lines[0]["failed"], sum(lines[0]["failures"].values()) + lines[0]["warm_up_failed"])

    def answering(self, *pieces):
        """A proxy that answers each request with the next of `pieces`, and then closes."""
        listener = socket.create_server(("127.0.0.1", 0))

        def serve():
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    for piece in pieces:
                        if not peer.recv(65536):
                            break
                        peer.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(listener.close)
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)
        return "127.0.0.1:%d" % listener.getsockname()[1]

    def test_nobody_listens(self):
        self.assertFails("connection refused", "--proxy", f"127.0.0.1:{free_port()}")

    def test_a_refusal(self):
        self.assertFails("status not 2xx", "--proxy", self.answering(b"HTTP/1.1 403 Forbidden\r\n\r\n"))

    def test_an_answer_that_never_comes(self):
        self.assertFails("no progress in time", "--timeout", 0.2, "--proxy", self.answering(b"", b""))

    def test_a_wrong_octet_in_the_body(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
        proxy = self.answering(b"HTTP/1.1 200 OK\r\n\r\n", head + b"!!!!")
        self.assertFails("wrong octets in the body", "--body", 4, "--proxy", proxy)

    def test_a_body_cut_short(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
        self.assertFails("closed early", "--body", 4, "--proxy", self.answering(b"HTTP/1.1 200 OK\r\n\r\n", head))


class Usage(unittest.TestCase):
    def test_loads_nobody_beyond_loopback_unless_told(self):
        code, _, problem = load("--proxy", "192.0.2.1:3128", "connect")
        self.assertEqual(2, code)
        self.assertIn("--allow-remote", problem)

    def test_names_what_is_wrong(self):
        for arguments, words in ((["connect"], "--proxy"), (["--proxy", "localhost", "connect"], "ADDRESS:PORT"),
                                 (["--proxy", "127.0.0.1:1"], "MODE"), (["--proxy", "127.0.0.1:1", "fly"], "fly"),
                                 (["--proxy", "127.0.0.1:1", "--direct", "forward"], "forward")):
            code, _, problem = load(*arguments)
            self.assertEqual(2, code, arguments)
            self.assertIn(words, problem)

    def test_environment_trouble_is_told_apart(self):
        code, _, problem = load("--proxy", "127.0.0.1:1", "--pid", 0x3fffffff, "connect")
        self.assertEqual(3, code, problem)
        code, _, problem = load("--proxy", "127.0.0.1:1", "--idle", 999_999, "connect")
        self.assertEqual(3, code, problem)
        self.assertIn("descriptors", problem)


class Limit(unittest.TestCase):
    def test_the_limit_program_answers_everything(self):
        port = free_port()
        with subprocess.Popen([LIMIT, f"127.0.0.1:{port}"]) as program:
            self.addCleanup(program.kill)
            harness.eventually(lambda: self.listens(port), "limit listens")
            code, lines, problems = load("--proxy", f"127.0.0.1:{port}", "--pid", program.pid, "--ops", 40, "--lanes", 4,
                                         "--warmup", 0, "--body", 300_000, "connect", "rr", "down", "up")
            self.assertEqual((0, ""), (code, problems), lines)
            self.assertEqual([40] * 4, [line["ops"] for line in lines])
            program.terminate()

    @staticmethod
    def listens(port):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except ConnectionRefusedError:
            return False


if __name__ == "__main__":
    unittest.main()
