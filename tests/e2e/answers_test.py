"""Answers of the proxy's own reach the client and say what happened, whatever the client is doing."""
import http.client
import re
import time
import unittest

import harness
from dns_stub import DnsStub
from origin import Origin, reply
from wire import request

HEADLINE = re.compile(r"sluice: [ -~]+ \(id [0-9a-f-]+\)")


def slowly(octets, rate, seconds):
    """`octets` a second in pieces of `rate` octets, for so long: what a slow client sends."""
    for _ in range(int(seconds * octets / rate)):
        yield b"x" * rate
        time.sleep(rate / octets)  # the client's pace


class WhileTheClientSends(harness.TestCase):
    """Clients that read no answer before they have sent their whole body (RFC 9112 §9.6)."""

    def ask(self, proxy, url, body, **fields):
        connection = http.client.HTTPConnection(*proxy.address, timeout=30)
        self.addCleanup(connection.close)
        connection.request("POST", url, body=body, headers=fields)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def test_twenty_megabytes_to_a_denied_name(self):
        proxy = self.sluice()
        status, page = self.ask(proxy, "http://127.0.0.1/", b"x" * 20_000_000)
        self.assertEqual(403, status)
        self.assertIn("address-guard", page)

    def test_twenty_megabytes_by_requests(self):
        try:
            import requests
        except ImportError:
            self.fail("python3-requests is not installed; deploy/packages.txt lists it: make test installs it")
        proxy = self.sluice()
        answer = requests.post("http://127.0.0.1/", data=b"x" * 20_000_000, timeout=30,
                               proxies={"http": proxy.url})
        self.assertEqual(403, answer.status_code)

    def test_a_slow_body_to_a_denied_name(self):
        proxy = self.sluice()
        status, _ = self.ask(proxy, "http://127.0.0.1/", slowly(100_000, 5_000, 3),
                             **{"Content-Length": "300000"})
        self.assertEqual(403, status)

    def test_more_than_the_limit(self):
        origin, proxy = self.pair(config={"limits": {"body_bytes": 100_000}})
        for fields, body in (({}, b"x" * 5_000_000),
                             ({"Transfer-Encoding": "chunked"}, None)):
            body = body or (b"%x\r\n%s\r\n" % (50_000, b"x" * 50_000) for _ in range(100))
            connection = http.client.HTTPConnection(*proxy.address, timeout=30)
            self.addCleanup(connection.close)
            connection.request("POST", origin.url(), body=body, headers=fields)
            self.assertEqual(413, connection.getresponse().status)

    def test_the_connection_ends_when_the_client_falls_silent(self):
        proxy = self.sluice()
        with proxy.connect(timeout=20) as client:
            client.send(request("POST", "http://127.0.0.1/", "Content-Length: 1000000", body=b"some"))
            self.assertEqual(403, client.read_response().status)
            harness.eventually(lambda: proxy.metrics()["sluice_connections_open"] == 0,
                               "the end of a silent client", timeout=20)

    def test_others_are_served_beside_a_client_that_sends_for_ever(self):
        origin, proxy = self.pair(config={"workers": 1})
        with proxy.connect() as fast, proxy.connect() as other:
            fast.send(request("POST", "http://127.0.0.1/", "Content-Length: 100000000000"))
            fast.sock.setblocking(False)
            for _ in range(20):
                try:
                    while True:
                        fast.sock.send(b"x" * 65536)
                except BlockingIOError:
                    pass
                other.send(request("GET", origin.url()))
                self.assertEqual(200, other.read_response().status)


class Words(harness.TestCase):
    def connect_to(self, proxy, authority):
        with proxy.connect() as client:
            client.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
            return client.read_response("CONNECT")

    def test_the_reason_phrase_tells_what_became_of_a_connect(self):
        stub = DnsStub({})
        self.addCleanup(stub.close)
        closed = Origin()
        closed.close()
        rules = [{"name": "no-mail", "action": "deny", "hosts": ["mail.test"]},
                 harness.allow([closed])]
        proxy = self.sluice({"dns": {"servers": [stub.endpoint],
                                     "hosts": [{"name": "refused.test", "addresses": ["127.77.0.1"]}]},
                             "policy": {"rules": rules}})
        cases = (("mail.test:443", 403, 'denied by "no-mail": mail.test:443'),
                 ("127.0.0.1:443", 403, "denied by the address guard: 127.0.0.1:443"),
                 (f"x.test:{closed.port}", 502, "DNS: x.test does not exist"),
                 (f"refused.test:{closed.port}", 502, f"refused.test:{closed.port} refused the connection"))
        for authority, status, words in cases:
            with self.subTest(authority=authority):
                answer = self.connect_to(proxy, authority)
                self.assertEqual(status, answer.status)
                reason = answer.start[2]
                self.assertRegex(reason, HEADLINE)
                self.assertLessEqual(len(reason), 120)
                self.assertIn(words, reason)
                identifier = re.search(r"\(id (\S+)\)", reason).group(1)
                told = answer.get("Proxy-Status")
                self.assertIn(f"(id {identifier})", told)
                record = proxy.wait_record(lambda r, i=identifier: r["id"] == i)
                self.assertIn(record["detail"].split(";")[0].split(" (")[0].replace('"', '\\"'), told)
                self.assertNotIn("127.77.0.1", reason + told + answer.text)

    def test_an_unresolved_name_is_neither_allowed_nor_denied(self):
        stub = DnsStub({})
        self.addCleanup(stub.close)
        proxy = self.sluice({"dns": {"servers": [stub.endpoint]},
                             "policy": {"default_action": "deny", "rules": [harness.allow(ports=[443])]}})
        self.connect_to(proxy, "x.test:443")
        self.assertEqual("-", proxy.wait_record()["verdict"])

    def test_utf8_stays_itself_in_page_and_log(self):
        proxy = self.sluice()
        with proxy.connect() as client:
            client.send(b"GET http://a.test/ HTTP/1.1\r\n\r\n")
            answer = client.read_response()
        self.assertIn("RFC 9112 §3.2", answer.body.decode())
        self.assertIn("RFC 9112 §3.2", proxy.wait_record()["detail"])
        self.assertIn("RFC 9112 §3.2".encode(), proxy.log_path.read_bytes())

    def test_socks_is_recognised(self):
        proxy = self.sluice()
        for greeting in (b"\x05\x01\x00", b"\x04\x01\x01\xbb\x7f\x00\x00\x01\x00"):
            with proxy.connect() as client:
                client.send(greeting)
                answer = client.read_response()
            self.assertEqual(400, answer.status)
            self.assertIn("SOCKS", answer.text)

    def test_a_method_rule_suggests_no_more_than_the_method(self):
        origin = self.origin()
        proxy = self.sluice({"policy": {"rules": [
            {"name": "read-only", "action": "deny", "methods": ["POST"]}, harness.allow([origin])]}})
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Content-Length: 0"))
            page = client.read_response().text
        self.assertIn('methods ["POST"]', page)

    def test_one_too_many_is_told_the_limit(self):
        proxy = self.sluice({"limits": {"sessions_per_client": 1}, "workers": 1})
        with proxy.connect() as first, proxy.connect() as second:
            first.send(b"GET ")
            answer = second.read_response()
        self.assertEqual(503, answer.status)
        self.assertIn("limits.sessions_per_client allows (1)", answer.text)


class Lints(harness.TestCase):
    """What has one right reading is put right, counted and logged."""

    def exchange(self, octets, answer=None):
        origin, proxy = self.pair(respond=lambda _: answer or reply(b"hello"))
        with proxy.connect() as client:
            client.send(octets.replace(b"ORIGIN", origin.authority.encode()))
            got = client.read_response()
        record = proxy.wait_record()
        lints = {name: count for name, count in proxy.metrics().items()
                 if name.startswith("sluice_lints_total") and count}
        return origin, got, record, lints

    def test_host_of_another_authority_is_replaced(self):
        origin, got, record, lints = self.exchange(b"GET http://ORIGIN/ HTTP/1.1\r\nHost: b.test\r\n\r\n")
        self.assertEqual(200, got.status)
        self.assertEqual([origin.authority], origin.requests[0].all("Host"))
        self.assertEqual(["host_replaced"], record["lints"])
        self.assertEqual({'sluice_lints_total{lint="host_replaced"}': 1}, lints)

    def test_white_space_before_a_responses_colon_is_removed(self):
        _, got, record, lints = self.exchange(
            request("GET", "http://ORIGIN/"),
            b"HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length\t: 5\r\n\r\nhello")
        self.assertEqual(("b", "5", b"hello"), (got.get("X-A"), got.get("Content-Length"), got.body))
        self.assertEqual(["space_before_colon"], record["lints"])
        self.assertEqual({'sluice_lints_total{lint="space_before_colon"}': 1}, lints)

    def test_204_loses_its_coding(self):
        _, got, record, lints = self.exchange(
            request("GET", "http://ORIGIN/"), b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.assertEqual((204, None), (got.status, got.get("Transfer-Encoding")))
        self.assertEqual(["framing_dropped"], record["lints"])
        self.assertEqual({'sluice_lints_total{lint="framing_dropped"}': 1}, lints)

    def test_methods_of_no_registry_are_forwarded(self):
        origin, got, record, _ = self.exchange(request("BREW", "http://ORIGIN/", "Content-Length: 3", body=b"tea"))
        self.assertEqual((200, "BREW", b"tea"), (got.status, origin.requests[0].method, origin.requests[0].body))
        self.assertEqual(["method_unregistered"], record["lints"])
        for method in ("PROPFIND", "VERSION-CONTROL", "QUERY", "MKREDIRECTREF"):
            origin, got, record, _ = self.exchange(request(method, "http://ORIGIN/"))
            self.assertEqual((200, method), (got.status, origin.requests[0].method))
            self.assertNotIn("lints", record)


if __name__ == "__main__":
    unittest.main()
