"""What the proxy remembers of clients that reject its certificate, and of origins that ask for one."""
import json
import ssl
import threading
import unittest

import harness
from inspection import NAME, InspectionCase
from origin import Origin

MANY = 8  # connections: enough to meet several of four workers


class Gate:
    """In the place of an SSLContext: the handshake waits until it is opened."""

    def __init__(self, context):
        self.context, self.reached, self.open = context, threading.Event(), threading.Event()

    def wrap_socket(self, sock, **options):
        self.reached.set()
        self.open.wait(10)
        return self.context.wrap_socket(sock, **options)


class InspectionMemory(InspectionCase):
    def shown(self, proxy):
        status, body = proxy.admin_get("/inspection")
        self.assertEqual(status, 200)
        return json.loads(body)

    def rejecting(self, proxy, origin):
        return self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)

    def test_a_client_that_rejected_the_ca_gets_through_at_every_worker(self):
        origin = self.origin()
        proxy = self.start(origin, tls={"pinned": "passthrough"}, workers=4)
        self.assertEqual(self.rejecting(proxy, origin).returncode, 60)
        codes = [self.rejecting(proxy, origin).returncode for _ in range(MANY)]
        self.assertEqual(codes, [0] * MANY)

    def test_it_is_reported_once_and_shown_to_the_admin(self):
        origin = self.origin()
        proxy = self.start(origin, workers=4)
        self.assertEqual(self.shown(proxy)["rejections"], {"hidden": 0, "rows": []})
        for _ in range(MANY):
            self.assertEqual(self.rejecting(proxy, origin).returncode, 60)
        harness.eventually(lambda: self.shown(proxy)["rejections"]["rows"][0]["times"] == MANY, "all counted")
        row, = self.shown(proxy)["rejections"]["rows"]
        self.assertEqual((row["client"], row["name"]), ("127.0.0.1", NAME))
        self.assertGreater(row["seconds_left"], 3000)
        self.assertEqual(sum("rejects the inspection CA" in line for line in proxy.lines), 1)

    def test_names_that_a_client_invents_fill_no_log(self):
        origin = self.origin(context=self.origins.server_context("*.many.test"))
        proxy = self.start(origin)

        def reject(source, name):
            with self.tunnel(proxy, f"127.77.0.1:{origin.port}", source=(source, 0)) as peer:
                with self.assertRaises(ssl.SSLError):
                    ssl.create_default_context().wrap_socket(peer.sock, server_hostname=name)

        def lines(client):
            return sum(f"client {client} rejects the inspection CA" in line for line in proxy.lines)

        for n in range(12):
            reject("127.0.0.1", f"n{n}.many.test")
        harness.eventually(lambda: len(self.shown(proxy)["rejections"]["rows"]) == 12, "all shown")
        reject("127.0.0.2", "other.many.test")
        proxy.wait_line("client 127.0.0.2 rejects the inspection CA for other.many.test")
        self.assertEqual(3, lines("127.0.0.1"))

    def asking_origin(self):
        context = self.origins.server_context(NAME)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(self.origins.certificate)
        return self.origin(context=context)

    def test_an_origin_that_asks_for_certificates_is_shown(self):
        origin = self.asking_origin()
        proxy = self.start(origin)
        self.assertEqual(self.rejecting(proxy, origin).returncode, 0)
        row, = self.shown(proxy)["client_certificates"]["rows"]
        self.assertEqual((row["target"], row["origin"]), (f"{NAME}:{origin.port}",) * 2)

    def test_force_holds_for_an_origin_that_was_found_before(self):
        origin = self.asking_origin()
        proxy = self.start(origin)
        self.assertEqual(self.rejecting(proxy, origin).returncode, 0)
        self.reload(proxy, {"tls": {"force": [NAME]}})
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_client_that_gave_up_before_it_saw_a_certificate_has_rejected_none(self):
        gate = Gate(self.contexts[NAME])
        origin = Origin(tls=gate)
        self.addCleanup(origin.close)
        proxy = self.start(origin)
        outgoing = ssl.MemoryBIO()
        client = self.trusting().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=NAME)
        with self.assertRaises(ssl.SSLWantReadError):
            client.do_handshake()
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            peer.send(outgoing.read())
            self.assertTrue(gate.reached.wait(10))
        gate.open.set()
        record = proxy.wait_record()
        self.assertEqual((record["fault"], record["cause"]), ("client", "client_closed"))
        self.assertEqual(proxy.metrics()["sluice_inspections_rejected_total"], 0)
        self.assertEqual(self.shown(proxy)["rejections"]["rows"], [])


if __name__ == "__main__":
    unittest.main()
