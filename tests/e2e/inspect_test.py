"""Inspection through the real binary: who is looked into, what the client and the origin see of it."""
import socket
import ssl
import tempfile
import time
import unittest

import harness
from inspection import API_SERVER, NAME, OTHER, InspectionCase
from origin import Origin, reply
from pki import Authority
from wire import request


class Inspection(InspectionCase):
    def test_a_client_that_sends_small_writes_one_by_one_does_not_wait_for_our_acknowledgement(self):
        origin = self.origin()
        proxy = self.start(origin)
        took = []
        for _ in range(8):
            peer = self.tunnel(proxy, f"{NAME}:{origin.port}")
            peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
            client = self.trusting().wrap_socket(peer.sock, server_hostname=NAME)
            self.addCleanup(client.close)
            began = time.monotonic()
            client.sendall(b"GET / HTTP/1.1\r\nHost: %s:%d\r\n\r\n" % (NAME.encode(), origin.port))
            client.recv(1)
            took.append(time.monotonic() - began)
        self.assertLess(min(took), 0.035, took)  # Linux delays an acknowledgement by 40 ms at least

    def test_a_client_that_trusts_the_ca_is_served_and_its_requests_are_recorded(self):
        origin = self.origin()
        proxy = self.start(origin)
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/a/b?secret=1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("HTTP/1.1 200", done.stdout)
        self.assertTrue(done.stdout.endswith("hello"), done.stdout)
        inner = proxy.wait_record(lambda r: r["method"] == "GET")
        self.assertEqual(inner["target"], f"https://{NAME}:{origin.port}/a/b")
        self.assertEqual((inner["status"], inner["inspection"]), (200, "inspected"))
        outer = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual((outer["status"], outer["inspection"], outer["server_name"]),
                         (200, "inspected", NAME))

    def test_the_origin_gets_origin_form_and_host_without_the_proxys_fields(self):
        origin = self.origin()
        proxy = self.start(origin)
        self.curl(proxy, f"https://{NAME}:{origin.port}/x", "-H", "X-Mine: 1")
        request = origin.requests[0]
        self.assertEqual(request.target, "/x")
        self.assertEqual(request.get("Host"), f"{NAME}:{origin.port}")
        self.assertEqual(request.get("X-Mine"), "1")

    def test_requests_of_one_connection_share_one_connection_to_the_origin(self):
        origin = self.origin()
        proxy = self.start(origin)
        url = f"https://{NAME}:{origin.port}"
        done = self.curl(proxy, f"{url}/1", f"{url}/2", f"{url}/3")
        self.assertEqual(done.stdout.count("hello"), 3, done.stdout + done.stderr)
        self.assertEqual(origin.connections, 1)

    def test_the_next_connection_of_a_client_reuses_what_the_last_one_left(self):
        origin = self.origin()
        proxy = self.start(origin)
        for _ in range(3):
            self.assertEqual(self.curl(proxy, f"https://{NAME}:{origin.port}/").returncode, 0)
        self.assertEqual(origin.connections, 1)

    def test_a_connect_by_address_reuses_them_by_the_server_name(self):
        origin = self.origin()
        proxy = self.start(origin)
        for _ in range(3):
            done = self.curl(proxy, f"https://{NAME}:{origin.port}/", "--connect-to",
                             f"{NAME}:{origin.port}:127.77.0.1:{origin.port}")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(proxy.wait_record()["target"].startswith("127.77.0.1:"))
        self.assertEqual(origin.connections, 1)

    def test_a_connection_verified_for_one_name_serves_no_other(self):
        both = self.origins.server_context(f"{NAME},DNS:{OTHER}")
        origin = self.origin(context=both)
        proxy = self.start(origin)
        for name in (NAME, OTHER, NAME, OTHER):
            done = self.curl(proxy, f"https://{name}:{origin.port}/", "--connect-to",
                             f"{name}:{origin.port}:127.77.0.1:{origin.port}")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(origin.connections, 2)

    def test_a_client_that_comes_back_is_spared_the_certificate(self):
        origin = self.origin()
        proxy = self.start(origin, workers=2, tls={"resumption": True})
        trusting = self.trusting()

        def visit(session=None):
            with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer, \
                    trusting.wrap_socket(peer.sock, server_hostname=NAME, session=session) as secure:
                secure.sendall(request("GET", "/", host=f"{NAME}:{origin.port}"))
                self.assertIn(b"hello", secure.recv(4096))
                return secure.session_reused, secure.session

        reused, session = visit()
        self.assertFalse(reused)
        for _ in range(4):
            reused, session = visit(session)
            self.assertTrue(reused)
        self.reload(proxy, {"log_level": "debug"})
        self.assertTrue(visit(session)[0])

    def test_another_client_gets_a_connection_of_its_own(self):
        origin = self.origin()
        proxy = self.start(origin)
        for client in ("127.0.0.1", "127.0.0.2"):
            done = self.curl(proxy, f"https://{NAME}:{origin.port}/", "--interface", client)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(origin.connections, 2)

    def test_a_connection_that_one_user_authenticated_is_no_other_users_of_that_address(self):
        users = {}

        def serve(origin, peer):
            while (seen := peer.read_request()) is not None:
                origin.record(seen)
                if seen.get("Authorization"):
                    users[peer] = seen.get("Authorization")
                peer.send(reply(users.get(peer, "nobody").encode()))

        origin = self.origin(serve=serve)
        proxy = self.start(origin)
        url = f"https://{NAME}:{origin.port}/"
        same = self.curl(proxy, url, url, "-H", "Authorization: NTLM alice")
        self.assertEqual(1, origin.connections, same.stdout + same.stderr)
        self.assertTrue(self.curl(proxy, url).stdout.endswith("nobody"))
        self.assertEqual(2, origin.connections)

    def test_a_client_without_the_ca_is_refused_by_itself_and_named(self):
        origin = self.origin()
        proxy = self.start(origin)
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)
        self.assertEqual(done.returncode, 60, done.stderr)  # CURLE_PEER_FAILED_VERIFICATION
        record = proxy.wait_record(lambda r: r["fault"] == "client")
        self.assertEqual(record["cause"], "tls_handshake")
        self.assertIn("unknown CA", record["detail"])
        proxy.wait_line(f"client 127.0.0.1 rejects the inspection CA for {NAME}")
        self.assertEqual(proxy.metrics()["sluice_inspections_rejected_total"], 1)

    def test_with_pinned_passthrough_such_a_client_gets_through_the_next_time(self):
        origin = self.origin()
        proxy = self.start(origin, tls={"pinned": "passthrough"})
        url = f"https://{NAME}:{origin.port}/"
        self.assertEqual(self.curl(proxy, url, trust=self.origins.certificate).returncode, 60)
        done = self.curl(proxy, url, trust=self.origins.certificate)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(proxy.wait_record(lambda r: r.get("inspection") == "pinned")["status"], 200)

    def test_an_api_server_is_never_inspected_unless_forced(self):
        origin = self.origin(API_SERVER)
        url = f"https://{API_SERVER}:{origin.port}/"
        proxy = self.start(origin)
        done = self.curl(proxy, url, trust=self.origins.certificate)
        self.assertEqual(done.returncode, 0, done.stderr)
        proxy.wait_record(lambda r: r.get("inspection") == "api-server")
        forced = self.start(origin, tls={"force": [API_SERVER]})
        self.assertEqual(self.curl(forced, url).returncode, 0)

    def test_a_listed_name_is_passed_through(self):
        origin = self.origin()
        proxy = self.start(origin, tls={"passthrough": [".test"]})
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)
        self.assertEqual(done.returncode, 0, done.stderr)
        proxy.wait_record(lambda r: r.get("inspection") == "listed")

    def test_an_origin_that_asks_for_a_client_certificate_is_passed_through(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.origins.server_context(NAME)
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(self.origins.certificate)
            context.maximum_version = version
            origin = self.origin(context=context)
            proxy = self.start(origin)
            for _ in range(2):
                done = self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)
                self.assertEqual(done.returncode, 0, done.stderr)
            proxy.wait_record(lambda r: r.get("inspection") == "client-certificate")
            # The second time is known beforehand: one handshake of ours, two of the client's.
            self.assertEqual(origin.connections, 3)

    def test_a_faulty_origin_is_shown_and_gets_no_request(self):
        stranger = tempfile.TemporaryDirectory(prefix="sluice-stranger-")
        self.addCleanup(stranger.cleanup)
        context = Authority(stranger.name).server_context(NAME)
        origin = self.origin(context=context)
        proxy = self.start(origin)
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/")
        self.assertIn("HTTP/1.1 502", done.stdout, done.stderr)
        self.assertIn("Sluice-TLS-Fault: untrusted_root", done.stdout)
        self.assertIn("error=tls_certificate_error", done.stdout)
        for line in (f"Certificate subject: CN={NAME}", "Certificate issuer: CN=Throw-away test CA",
                     "Certificate valid: 20"):
            self.assertIn(line, done.stdout)
        self.assertEqual(origin.requests, [])
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "GET")["tls_reason"],
                         "untrusted_root")

    def test_an_origin_with_a_certificate_of_our_own_ca_is_shown_whatever_the_roots_say(self):
        origin = self.origin(context=self.ca.server_context(NAME))
        proxy = self.start(origin, tls={"origin_roots": [str(self.ca.certificate)]})
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/")
        self.assertIn("Sluice-TLS-Fault: untrusted_root", done.stdout, done.stderr)

    def test_sessions_with_the_origin_are_resumed_for_the_same_client_alone(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            reused = []

            def serve(origin, peer):
                reused.append(peer.sock.session_reused)
                origin.record(peer.read_request())
                peer.send(reply(b"hello", "200 OK", "Connection: close"))
                peer.sock.unwrap()
            context = self.origins.server_context(NAME)
            context.maximum_version = version
            origin = Origin(serve=serve, tls=context)
            self.addCleanup(origin.close)
            proxy = self.start(origin)
            for client in ("127.0.0.1", "127.0.0.1", "127.0.0.2"):
                done = self.curl(proxy, f"https://{NAME}:{origin.port}/", "--interface", client)
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(reused, [False, True, False], version)

    def test_a_wrong_name_is_shown(self):
        origin = self.origin(OTHER)
        proxy = self.start(origin)
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/")
        self.assertIn("Sluice-TLS-Fault: host_mismatch", done.stdout, done.stderr)
        self.assertEqual(origin.requests, [])

    def test_the_server_name_is_judged_beside_the_connect(self):
        origin = self.origin(OTHER)
        rules = [{"name": "no-other", "action": "deny", "hosts": [OTHER]}, harness.allow([origin])]
        proxy = self.start(origin, policy=rules)
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            with self.assertRaises((ssl.SSLError, OSError)):
                self.trusting().wrap_socket(peer.sock, server_hostname=OTHER)
        record = proxy.wait_record(lambda r: r["method"] == "CONNECT")
        self.assertEqual((record["verdict"], record["rule"], record["server_name"]),
                         ("deny", "no-other", OTHER))

    def test_a_server_name_that_is_exempt_does_not_exempt_another_connect(self):
        origin = self.origin(API_SERVER)
        proxy = self.start(origin)
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            with self.trusting().wrap_socket(peer.sock, server_hostname=API_SERVER) as secure:
                issuer = dict(pair[0] for pair in secure.getpeercert()["issuer"])
        self.assertEqual(issuer["commonName"], "Throw-away test CA")
        self.assertEqual(proxy.wait_record()["inspection"], "inspected")

    def test_a_rule_about_content_is_not_escaped_by_an_exemption(self):
        origin = self.origin()
        rules = [{"name": "no-uploads", "action": "deny", "hosts": [NAME], "methods": ["POST"]},
                 harness.allow([origin])]
        proxy = self.start(origin, policy=rules, tls={"passthrough": [NAME]})
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)
        self.assertEqual(done.returncode, 35, done.stderr)
        self.assertIn("access denied", done.stderr)
        record = proxy.wait_record()
        self.assertEqual((record["verdict"], record["rule"]), ("deny", "no-uploads"))

    def test_another_allowed_server_name_is_whom_the_origin_is_verified_for(self):
        origin = self.origin(OTHER)
        proxy = self.start(origin)
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            with self.trusting().wrap_socket(peer.sock, server_hostname=OTHER) as secure:
                secure.sendall(f"GET / HTTP/1.1\r\nHost: {OTHER}:{origin.port}\r\n\r\n".encode())
                self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 200"))

    def test_a_request_for_another_host_is_misdirected(self):
        origin = self.origin()
        secure = self.inside(self.start(origin), origin)
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {OTHER}\r\n\r\n".encode())
        self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 421"))
        self.assertEqual(origin.requests, [])

    def test_rules_judge_methods_and_paths_inside(self):
        origin = self.origin()
        rules = [{"name": "no-uploads", "action": "deny", "hosts": [NAME], "methods": ["POST", "PUT"]},
                 {"name": "no-secrets", "action": "deny", "hosts": [NAME], "paths": ["/secret"]},
                 harness.allow([origin])]
        proxy = self.start(origin, tls={"connect": "tunnel"}, policy=rules)
        url = f"https://{NAME}:{origin.port}"
        self.assertIn("HTTP/1.1 200", self.curl(proxy, f"{url}/public").stdout)
        for path, rule in (("/secret", "no-secrets"), ("/public/../secret/x", "no-secrets"),
                           ("/%73ecret", "no-secrets"), ("/a%2fb", "no-secrets")):
            done = self.curl(proxy, url + path, "--path-as-is")
            self.assertIn("HTTP/1.1 403", done.stdout, path)
            self.assertIn(f"Rule: {rule}", done.stdout)
        self.assertIn("HTTP/1.1 403", self.curl(proxy, f"{url}/public", "-d", "x").stdout)
        self.assertEqual([request.target for request in origin.requests], ["/public"])

    def test_an_allow_rule_with_paths_allows_nothing_else(self):
        origin = self.origin()
        rules = [{**harness.allow([origin]), "hosts": [NAME], "paths": ["/ok"]}]
        proxy = self.sluice(harness.merge(self.start(origin).config, {
            "policy": {"default_action": "deny", "rules": rules}, "tls": {"connect": "tunnel"}}))
        url = f"https://{NAME}:{origin.port}"
        self.assertIn("HTTP/1.1 200", self.curl(proxy, f"{url}/ok/1").stdout)
        self.assertIn("HTTP/1.1 403", self.curl(proxy, f"{url}/okay").stdout)

    def test_without_a_ca_such_a_rule_refuses_the_tunnel_before_dialling(self):
        origin = self.origin()
        rules = [{"name": "no-secrets", "action": "deny", "hosts": [NAME], "paths": ["/secret"]},
                 harness.allow([origin])]
        proxy = self.sluice({"policy": {"rules": rules},
                             "dns": {"hosts": [{"name": NAME, "addresses": ["127.77.0.1"]}]}})
        peer = proxy.connect()
        self.addCleanup(peer.close)
        peer.send(f"CONNECT {NAME}:{origin.port} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        answer = peer.read_response("CONNECT")
        self.assertEqual(answer.status, 403)
        self.assertIn("no-secrets", answer.text)
        self.assertEqual(origin.connections, 0)

    def test_fields_that_lead_away_are_stripped(self):
        fields = ("Alt-Svc: h3=\":443\"", "Strict-Transport-Security: max-age=1", "X-Kept: 1")
        origin = self.origin(respond=lambda request: reply(b"x", "200 OK", *fields))
        url = f"https://{NAME}:{origin.port}/"
        done = self.curl(self.start(origin), url)
        self.assertNotIn("Alt-Svc", done.stdout)
        self.assertNotIn("Strict-Transport-Security", done.stdout)
        self.assertIn("X-Kept: 1", done.stdout)
        kept = self.curl(self.start(origin, tls={"strip_fields": []}), url)
        self.assertIn("Alt-Svc", kept.stdout)

    def test_other_bytes_are_refused_or_tunnelled_by_choice(self):
        echo = Origin(serve=lambda _, peer: peer.send(b"echo " + peer.sock.recv(100)))
        self.addCleanup(echo.close)
        refusing = self.start(echo)
        for early in (b"SSH-2.0-x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
            with self.tunnel(refusing, f"{NAME}:{echo.port}", early=early) as peer:
                answer = peer.read_response("GET")
            self.assertEqual(answer.status, 403)
            self.assertIn("the client speaks no TLS in a tunnel that is inspected", answer.text)
        self.assertEqual(refusing.wait_record()["cause"], "denied")
        proxy = self.start(echo, tls={"not_tls": "tunnel"})
        with self.tunnel(proxy, f"{NAME}:{echo.port}", early=b"SSH-2.0-x\r\n") as peer:
            self.assertEqual(peer.read_exactly(16), b"echo SSH-2.0-x\r\n")
        proxy.wait_record(lambda r: r.get("inspection") == "not-tls")

    def test_a_peek_decides_by_the_server_name(self):
        origin = self.origin(NAME)
        rules = [{**harness.allow([origin], name="by-name"), "hosts": [NAME], "connect": "inspect"},
                 {**harness.allow([origin], name="by-address"), "connect": "peek"}]
        proxy = self.start(origin, tls={"connect": "tunnel"}, policy=rules)
        with self.tunnel(proxy, f"127.77.0.1:{origin.port}") as peer:
            with self.trusting().wrap_socket(peer.sock, server_hostname=NAME) as secure:
                issuer = dict(pair[0] for pair in secure.getpeercert()["issuer"])
                self.assertEqual(issuer["commonName"], "Throw-away test CA")
        other = ssl.create_default_context(cafile=self.origins.certificate)
        other.check_hostname = False
        with self.tunnel(proxy, f"127.77.0.1:{origin.port}") as peer:
            other.wrap_socket(peer.sock, server_hostname=OTHER).close()  # the origin's own certificate

    def test_inspection_behind_a_listener_with_tls_in_both_versions_of_http(self):
        origin = self.origin()
        chain, key = self.origins.server_files("localhost")
        proxy = self.start(origin, tls={"listen": ["127.0.0.1:0"],
                                        "certificates": [{"certificate": str(chain), "key": str(key)}]})
        for option, status in (("--http1.1", "HTTP/1.1 200"), ("--http2", "HTTP/2 200")):
            done = self.curl(proxy, f"https://{NAME}:{origin.port}/", option, "-x",
                             "https://localhost:%d" % proxy.secure_address[1],
                             "--proxy-cacert", str(self.origins.certificate))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(done.stdout.startswith(status), done.stdout)
        inner = [record for record in proxy.records() if record["method"] == "GET"]
        self.assertTrue(all(record["inspection"] == "inspected" for record in inner), inner)

    def test_a_response_that_the_origin_cuts_off_does_not_look_complete(self):
        def serve(origin, peer):
            origin.record(peer.read_request())
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n" + b"part" * 5000)
            peer.sock.shutdown(socket.SHUT_RDWR)  # without close_notify
        origin = Origin(serve=serve, tls=self.contexts[NAME])
        self.addCleanup(origin.close)
        done = self.curl(self.start(origin), f"https://{NAME}:{origin.port}/")
        self.assertNotEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
