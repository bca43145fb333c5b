"""The access log: what a record says, in three formats, and that nothing breaks its lines."""
import json
import re
import unittest

import harness
from origin import reply
from wire import request

KEYS = {"time", "id", "client", "method", "target", "origin", "status", "verdict", "rule", "misroute", "fault",
        "cause", "errno", "detail", "bytes_in", "bytes_out", "exchange", "queue_us", "dns_us",
        "connect_us", "tls_us", "first_byte_us", "total_us"}


class AccessLog(harness.TestCase):
    def get(self, proxy, url, *fields):
        with proxy.connect() as client:
            client.send(request("GET", url, *fields))
            return client.read_response()

    def lines(self, proxy, count):
        return harness.eventually(
            lambda: (lines := proxy.log_path.read_text("utf-8").splitlines()) and
            len(lines) >= count and lines, f"{count} lines in the log")

    def test_a_json_record_tells_the_whole_story(self):
        origin, proxy = self.pair(lambda r: reply(b"x" * 1000))
        self.get(proxy, origin.url("/path?token=secret"), "Cookie: c=secret", "Authorization: secret")
        record = proxy.wait_record()
        self.assertEqual(KEYS, set(record))
        self.assertRegex(record["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertRegex(record["client"], r"^127\.0\.0\.1:\d+$")
        self.assertEqual(("GET", 200, "allow", "test-origins", 1),
                         tuple(record[k] for k in ("method", "status", "verdict", "rule", "exchange")))
        self.assertEqual(origin.url("/path"), record["target"])
        self.assertEqual(origin.authority, record["origin"])
        self.assertGreater(record["bytes_in"], 50)
        self.assertGreater(record["bytes_out"], 1000)
        for key in ("fault", "cause", "errno", "detail"):
            self.assertIsNone(record[key])
        self.assertNotIn("secret", proxy.log_path.read_text())

    def test_phases_add_up_to_no_more_than_the_total(self):
        origin, proxy = self.pair()
        self.get(proxy, origin.url())
        record = proxy.wait_record()
        self.assertGreater(record["connect_us"], 0)
        self.assertGreater(record["first_byte_us"], 0)
        parts = sum(record[k] for k in ("dns_us", "connect_us", "tls_us", "first_byte_us"))
        self.assertLessEqual(parts, record["total_us"])

    def test_faults_are_laid_at_the_right_door(self):
        origin, proxy = self.pair(serve=lambda _o, peer: (peer.read_request(), peer.send(b"nonsense\r\n\r\n")))
        closed = self.origin()
        closed.close()
        proxy.write_config({"policy": {"rules": [harness.allow([origin, closed])]}})
        cases = [(origin.url(), "origin", "bad_response"), ("http://a b/", "client", "bad_request"),
                 ("http://10.0.0.1/", "client", "address_denied")]
        for number, (url, fault, cause) in enumerate(cases):
            with self.subTest(cause=cause):
                self.get(proxy, url)
                record = harness.eventually(
                    lambda n=number: len(proxy.records()) > n and proxy.records()[n], "a record")
                self.assertEqual((fault, cause), (record["fault"], record["cause"]))
                self.assertTrue(record["detail"])

    def test_ids_are_unique_and_each_exchange_has_a_record(self):
        origin, proxy = self.pair()
        with proxy.connect() as client:
            for _ in range(20):
                client.send(request("GET", origin.url()))
                client.read_response()
        harness.eventually(lambda: len(proxy.records()) == 20, "20 records")
        self.assertEqual(20, len({record["id"] for record in proxy.records()}))
        self.assertEqual(list(range(1, 21)), sorted(r["exchange"] for r in proxy.records()))

    def test_hostile_octets_never_break_a_line_or_reach_a_terminal(self):
        for log_format in ("json", "text", "squid"):
            with self.subTest(format=log_format):
                origin, proxy = self.pair(
                    serve=lambda _o, peer: (peer.read_request(), peer.send(b"\x1b[31mHTTP\r\n\r\n")),
                    config={"access_log": {"format": log_format}})
                hostile = [b"GET http://x.test/\x1b[2J HTTP/1.1\r\nHost: x.test\r\n\r\n",
                           b"G\xe9T http://x.test/ HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n",
                           request("GET", origin.url('/"quoted"\\')), request("GET", origin.url("/%0d%0a"))]
                for octets in hostile:
                    with proxy.connect() as client:
                        client.send(octets)
                        client.read_to_end() if octets[:4] != b"GET " else client.read_response()
                lines = self.lines(proxy, len(hostile))
                self.assertEqual(len(hostile), len(lines))
                for line in lines:
                    self.assertNotRegex(line, r"[\x00-\x1f\x7f-\x9f]")
                    if log_format == "json":
                        json.loads(line)

    def test_text_format(self):
        origin, proxy = self.pair(config={"access_log": {"format": "text"}})
        self.get(proxy, origin.url("/a"))
        line = self.lines(proxy, 1)[0]
        self.assertRegex(line, rf"^\S+Z \S+ 127\.0\.0\.1:\d+ GET {re.escape(origin.url('/a'))} -> "
                               rf"{re.escape(origin.authority)} 200 allow rule=test-origins in=\d+ out=\d+ ")
        self.assertRegex(line, r"connect=\d+\.\d{3}ms .*total=\d+\.\d{3}ms$")

    def test_squid_format(self):
        origin, proxy = self.pair(config={"access_log": {"format": "squid"}})
        self.get(proxy, origin.url("/a"))
        self.get(proxy, "http://10.0.0.1/")
        self.tunnel(proxy, origin.authority).close()
        lines = "\n".join(self.lines(proxy, 3))  # of three connections, in any order
        prefix = r"(?m)^\d{10}\.\d{3} +\d+ 127\.0\.0\.1 "
        url, authority = re.escape(origin.url("/a")), re.escape(origin.authority)
        for rest in (rf"TCP_MISS/200 \d+ GET {url} - HIER_DIRECT/127\.77\.0\.1 -$",
                     r"TCP_DENIED/403 \d+ GET http://10\.0\.0\.1:80/ - HIER_NONE/- -$",
                     rf"TCP_TUNNEL/200 \d+ CONNECT {authority} - HIER_DIRECT/127\.77\.0\.1 -$"):
            self.assertRegex(lines, prefix + rest)

    def test_standard_output_carries_the_log_when_asked(self):
        origin, proxy = self.pair(config={"access_log": {"path": "-"}})
        self.get(proxy, origin.url())
        match = proxy.wait_line(r'^(\{"time":.*\})$')
        self.assertEqual(200, json.loads(match.group(1))["status"])

    def test_the_log_can_be_switched_off(self):
        origin, proxy = self.pair(config={"access_log": {"path": "off"}})
        self.get(proxy, origin.url())
        self.assertFalse(proxy.log_path.exists())
        self.assertEqual([], [line for line in proxy.lines if '"method"' in line])


if __name__ == "__main__":
    unittest.main()
