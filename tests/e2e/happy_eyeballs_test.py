"""Several addresses for a name (RFC 8305): a dead one costs a moment, not the connection."""
import time
import unittest

import harness
from origin import Origin, SilentListener
from wire import request


class HappyEyeballs(harness.TestCase):
    def racing(self, addresses, origin, rules=(), config=None):
        """A proxy that knows race.test by `addresses`."""
        hosts = [{"name": "race.test", "addresses": addresses}]
        base = {"dns": {"hosts": hosts}, "timeouts": {"connect": "5s", "attempt_delay": "100ms"},
                "policy": {"rules": [*rules, harness.allow([origin])]}}
        return self.sluice(harness.merge(base, config or {}))

    def get(self, proxy, origin):
        began = time.monotonic()
        with proxy.connect() as client:
            client.send(request("GET", f"http://race.test:{origin.port}/"))
            return client.read_response(), time.monotonic() - began

    def test_a_silent_address_is_overtaken_after_the_attempt_delay(self):
        origin = self.origin()
        silent = SilentListener("127.77.9.9", origin.port)
        self.addCleanup(silent.close)
        proxy = self.racing(["127.77.9.9", "127.77.0.1"], origin)
        answer, took = self.get(proxy, origin)
        self.assertEqual(b"hello", answer.body)
        self.assertLess(took, 2)  # of the 5 s that the silent one may take
        self.assertEqual(origin.authority, proxy.wait_record()["origin"])

    def test_a_refusing_address_is_overtaken_at_once(self):
        origin = self.origin()
        proxy = self.racing(["127.77.0.2", "127.77.0.1"], origin, config={"timeouts": {"attempt_delay": "3s"}})
        answer, took = self.get(proxy, origin)
        self.assertEqual(200, answer.status)
        self.assertLess(took, 2)  # the next attempt does not wait for the 3 s

    def test_ipv6_without_a_route_falls_back_to_ipv4(self):
        origin = self.origin()
        rule = {"name": "documentation", "action": "allow", "addresses": ["2001:db8::/32"],
                "ports": [origin.port]}
        proxy = self.racing(["2001:db8::1", "127.77.0.1"], origin, [rule])
        answer, took = self.get(proxy, origin)
        self.assertEqual(200, answer.status)
        self.assertLess(took, 3)

    def test_ipv6_is_preferred_where_both_work(self):
        try:
            six = Origin(address="::1")
        except OSError:
            self.skipTest("this machine has no IPv6 loopback")
        self.addCleanup(six.close)
        four = self.origin(port=six.port)
        rule = {"name": "six", "action": "allow", "addresses": ["::1/128"], "ports": [six.port]}
        proxy = self.racing(["127.77.0.1", "::1"], four, [rule])
        self.assertEqual(200, self.get(proxy, four)[0].status)
        self.assertEqual((1, 0), (six.connections, four.connections))

    def test_all_addresses_dead_is_one_error_within_the_connect_limit(self):
        origin = self.origin()
        silent = SilentListener("127.77.9.8", origin.port)
        self.addCleanup(silent.close)
        proxy = self.racing(["127.77.9.8", "127.77.0.2"], origin, config={"timeouts": {"connect": "700ms"}})
        answer, took = self.get(proxy, origin)
        self.assertIn(answer.status, (502, 504))
        self.assertLess(took, 3)
        self.assertNotIn("127.77", answer.text.replace("http://", ""))


if __name__ == "__main__":
    unittest.main()
