"""`sluice aks webhook` over TLS: what pods get, how connections go on, how the server ends."""
import json
import signal
import ssl
import threading
import unittest
import warnings

import webhook
from harness import eventually, run_sluice
from webhook import NAME, SIX, patched, recorded


class Reviews(webhook.TestCase):
    def test_recorded_pods_get_what_aks_gives(self):
        server = self.webhook("--fqdn", "demo-1a2b.hcp.westeurope.azmk8s.io", "--pod-cidr", "10.244.0.0/16")
        self.assertEqual([*SIX, "GREETING"], self.names(server))
        self.assertEqual([*SIX, "LOG_LEVEL", "BASE", "DATA"], self.names(server, "replica_set.json"))
        self.assertEqual("localhost,registry.example,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,"
                         "demo-1a2b.hcp.westeurope.azmk8s.io,10.244.0.0/16", self.value(server, "NO_PROXY"))
        review = recorded("fifty_containers.json")
        status, answer = server.review(review)
        self.assertEqual(200, status)
        for container in patched(review, answer)["spec"]["containers"]:
            self.assertEqual(SIX, [each["name"] for each in container["env"]][:6])

    def test_what_needs_nothing_is_allowed_without_a_patch(self):
        server = self.webhook()
        for file in ("opted_out.json", "update.json", "delete.json", "ephemeral.json", "binding.json",
                     "deployment.json", "exec.json"):
            status, answer = server.review(recorded(file))
            response = json.loads(answer)["response"]
            self.assertEqual((200, True, False), (status, response["allowed"], "patch" in response), file)
            self.assertEqual(json.loads(recorded(file))["request"]["uid"], response["uid"])

    def test_a_second_review_of_the_same_pod_changes_nothing(self):
        server = self.webhook("--init-containers", "--ca-configmap", "proxy-ca", "--ca-variable",
                              "SSL_CERT_FILE")
        review = json.loads(recorded("sidecars.json"))
        _, answer = server.review(json.dumps(review).encode())
        review["request"]["object"] = pod = patched(json.dumps(review), answer)
        mounts = [container["volumeMounts"][-1]["name"] for container in pod["spec"]["initContainers"]]
        self.assertEqual(["sluice-ca", "sluice-ca"], mounts)
        self.assertEqual("proxy-ca", pod["spec"]["volumes"][-1]["configMap"]["name"])
        _, answer = server.review(json.dumps(review).encode())
        self.assertNotIn("patch", json.loads(answer)["response"])

    def test_a_disabled_configuration_gives_nothing(self):
        server = self.webhook("--ca-configmap", "proxy-ca", config={**webhook.CONFIG, "enabled": False})
        _, answer = server.review(recorded("no_env.json"))
        self.assertNotIn("patch", json.loads(answer)["response"])

    def test_reviews_are_counted_by_outcome(self):
        server = self.webhook()
        for file in ("kubectl_run.json", "dry_run.json", "opted_out.json", "v1beta1.json"):
            server.review(recorded(file))
        metrics = server.metrics()
        for outcome, count in {"patched": 2, "opted-out": 1, "refused": 1, "other": 0}.items():
            self.assertEqual(count, metrics['sluice_webhook_reviews_total{outcome="%s"}' % outcome])
        self.assertGreater(metrics["sluice_webhook_certificate_not_after_seconds"], 1.7e9)


class Connections(webhook.TestCase):
    def test_a_connection_carries_many_reviews(self):
        server = self.webhook()
        review = recorded("kubectl_run.json")
        request = (f"POST /mutate HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\n"
                   f"Content-Length: {len(review)}\r\n\r\n").encode() + review
        with server.connect() as peer:
            for burst in (1, 5):
                peer.send(request * burst)
                for _ in range(burst):
                    answer = peer.read_response("POST")
                    self.assertEqual((200, "keep-alive"), (answer.status, answer.get("Connection")))
        self.assertEqual(6, server.metrics()['sluice_webhook_reviews_total{outcome="patched"}'])

    def test_chunked_reviews_are_read(self):
        server = self.webhook()
        review = recorded("kubectl_run.json")
        with server.connect() as peer:
            peer.send(f"POST /mutate HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n".encode())
            for at in range(0, len(review), 700):
                piece = review[at:at + 700]
                peer.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            peer.send(b"0\r\n\r\n")
            self.assertEqual(200, peer.read_response("POST").status)

    def test_a_client_that_asks_for_the_end_gets_it(self):
        with self.webhook().connect() as peer:
            peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = peer.read_response("GET")
            self.assertEqual((200, "close"), (answer.status, answer.get("Connection")))
            self.assertEqual(b"", peer.read_to_end())

    def test_idle_connections_make_room_for_new_ones(self):
        server = self.webhook("--connections", "4")
        idle = [server.connect() for _ in range(4)]
        for peer in idle:
            self.addCleanup(peer.close)
        self.assertEqual((200, "ok\n"), server.ask("GET", "/healthz"))

    def test_protocols_before_tls_1_2_are_refused(self):
        server = self.webhook()
        old = server.context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaises(ssl.SSLError):
            webhook.Peer(old.wrap_socket(webhook.socket.create_connection(server.address),
                                         server_hostname=NAME))
        self.assertEqual(1, server.metrics()["sluice_webhook_failed_handshakes_total"])


class End(webhook.TestCase):
    def test_a_draining_server_answers_but_is_not_ready(self):
        server = self.webhook(drain="1h")
        with server.connect() as kept:
            kept.send(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(200, kept.read_response("GET").status)
            server.signal(signal.SIGTERM)
            server.wait_line("draining")
            self.assertEqual((503, "draining\n"), server.ask("GET", "/readyz"))
            self.assertEqual([*SIX, "GREETING"], self.names(server))
            kept.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = kept.read_response("GET")
            self.assertEqual((200, "close"), (answer.status, answer.get("Connection")))

    def test_a_review_in_progress_is_answered_after_the_drain(self):
        server = self.webhook()
        review = recorded("kubectl_run.json")
        with server.connect() as peer:
            peer.send(f"POST /mutate HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\n"
                      f"Content-Length: {len(review)}\r\n\r\n".encode() + review[:100])
            eventually(lambda: server.metrics()["sluice_webhook_connections"] == 2, "both connections")
            server.signal(signal.SIGTERM)
            server.wait_line("draining")
            peer.send(review[100:])
            answer = peer.read_response("POST")
            self.assertEqual((200, "close"), (answer.status, answer.get("Connection")))
        self.assertEqual(0, server.wait_exit())

    def test_a_second_signal_ends_the_drain(self):
        server = self.webhook(drain="1h")
        server.signal(signal.SIGTERM)
        server.wait_line("draining")
        server.signal(signal.SIGTERM)
        self.assertEqual(0, server.wait_exit())


class Usage(webhook.TestCase):
    def test_facts_that_no_proxy_misses_are_named_at_the_start(self):
        server = self.webhook("--fqdn", "demo.example", "--pod-cidr", "10.244.0.0/16")
        self.assertIn("note: --service-cidr: ", server.output())
        self.assertNotIn("note: --pod-cidr: ", server.output())

    def test_wrong_usage_and_trouble_have_exit_codes_of_their_own(self):
        server = self.webhook()
        given = {"-f": server.config, "--cert": server.certificate, "--key": server.key,
                 "--listen": "127.0.0.1:0"}
        broken = server.path / "broken.json"
        broken.write_text('{"httpProxy": "ftp://x"}')
        cases = [({"-f": broken}, 2, "httpProxy"), ({"-f": "/nowhere"}, 3, "/nowhere"),
                 ({"--cert": server.config}, 2, "config.json"), ({"--key": "/nowhere"}, 3, "/nowhere"),
                 ({"--listen": "8443"}, 2, "--listen"), ({"--pod-cidr": "10.0.0.1/8"}, 2, "--pod-cidr"),
                 ({"--drain": "5"}, 2, "--drain"), ({"--ca-key": "x"}, 2, "--ca-configmap"),
                 ({"--ca-configmap": "x", "--ca-variable": "A-B"}, 2, "--ca-variable"),
                 ({"--listen": "%s:%d" % server.address}, 3, "EADDRINUSE"), ({"--threads": "0"}, 2, "threads"),
                 ({"--connections": "1"}, 2, "connections"), ({"--probes": "8081"}, 2, "--probes")]
        for changes, expected, word in cases:
            flags = [text for pair in {**given, **changes}.items() for text in pair]
            code, out, err = run_sluice("aks", "webhook", *flags)
            self.assertEqual((expected, True), (code, word in err), (changes, out, err))


class Load(webhook.TestCase):
    def test_many_clients_at_once_get_their_own_answers(self):
        server = self.webhook()
        reviews = [recorded("kubectl_run.json").replace(b"d9a1c5c2", b"%08d" % i) for i in range(200)]
        wrong = []

        def client(share):
            with server.connect() as peer:
                for review in share:
                    peer.send(f"POST /mutate HTTP/1.1\r\nHost: {NAME}\r\nContent-Type: application/json\r\n"
                              f"Content-Length: {len(review)}\r\n\r\n".encode() + review)
                    answer = json.loads(peer.read_response("POST").body)
                    if answer["response"]["uid"] != json.loads(review)["request"]["uid"]:
                        wrong.append(answer)

        clients = [threading.Thread(target=client, args=(reviews[i::8],)) for i in range(8)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        self.assertEqual([], wrong)
        self.assertEqual(200, server.metrics()['sluice_webhook_reviews_total{outcome="patched"}'])


if __name__ == "__main__":
    unittest.main()
