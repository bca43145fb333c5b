"""Names: what is asked, what is remembered, and which answers end where."""
import time
import unittest

import dns_stub
import harness
from dns_stub import Answer, DnsStub
from wire import request


class DnsTestCase(harness.TestCase):
    def stub(self, names):
        stub = DnsStub(names)
        self.addCleanup(stub.close)
        return stub

    def resolving(self, names, config=None, port=0, **options):
        """An origin on 127.77.0.1, a stub for names, and a proxy with one worker that asks it."""
        origin, stub = self.origin(port=port), self.stub(names)
        base = {"workers": 1, "dns": {"servers": [stub.endpoint], "query_timeout": "8s"},
                "limits": {"pool_per_origin": 0},  # a pooled connection needs no name looked up
                "policy": {"rules": [harness.allow([origin])]}}
        return origin, stub, self.sluice(harness.merge(base, config or {}), **options)

    def get(self, proxy, origin, name):
        with proxy.connect() as client:
            client.send(request("GET", f"http://{name}:{origin.port}/"))
            return client.read_response()


class Answers(DnsTestCase):
    def test_a_name_is_asked_for_both_families_and_its_address_dialled(self):
        origin, stub, proxy = self.resolving({"origin.test": Answer(("127.77.0.1",))})
        self.assertEqual(b"hello", self.get(proxy, origin, "origin.test").body)
        self.assertEqual({("origin.test", dns_stub.A), ("origin.test", dns_stub.AAAA)},
                         {query[:2] for query in stub.queries})
        self.assertEqual(origin.authority, proxy.wait_record()["origin"])

    def test_a_cname_is_followed(self):
        origin, _, proxy = self.resolving({"www.test": Answer(cname="cdn.test"),
                                           "cdn.test": Answer(cname="edge.test"),
                                           "edge.test": Answer(("127.77.0.1",))})
        self.assertEqual(200, self.get(proxy, origin, "www.test").status)

    def test_sixteen_cnames_are_followed_and_more_are_told_of(self):
        names = {f"n{i}.test": Answer(cname=f"n{i - 1}.test") for i in range(1, 18)}
        origin, _, proxy = self.resolving({**names, "n0.test": Answer(("127.77.0.1",))})
        self.assertEqual(200, self.get(proxy, origin, "n16.test").status)
        refused = self.get(proxy, origin, "n17.test")
        self.assertEqual(502, refused.status)
        self.assertIn("more than 16 CNAMEs", refused.text)

    def test_a_truncated_answer_is_asked_for_again_over_tcp(self):
        origin, stub, proxy = self.resolving({"big.test": Answer(("127.77.0.1",), truncated=True)})
        self.assertEqual(200, self.get(proxy, origin, "big.test").status)
        self.assertIn(("big.test", dns_stub.A, "tcp"), stub.queries)

    def test_an_answer_with_a_wrong_id_is_ignored(self):
        trap = self.origin(address="127.77.0.99")
        origin, _, proxy = self.resolving({"x.test": Answer(("127.77.0.1",), forged="127.77.0.99")})
        self.assertEqual(200, self.get(proxy, origin, "x.test").status)
        self.assertEqual(0, trap.connections)

    def test_failures_say_which_and_whose(self):
        failures = {
            "no.test": (Answer(rcode=dns_stub.NXDOMAIN), 502, "dns_not_found"),
            "empty.test": (Answer(), 502, "dns_no_address"),
            "broken.test": (Answer(rcode=dns_stub.SERVFAIL), 502, "dns_server_failure"),
            "refused.test": (Answer(rcode=dns_stub.REFUSED), 502, "dns_refused"),
            "silent.test": (Answer(silent=True), 504, "dns_timeout"),
        }
        origin, _, proxy = self.resolving({name: f[0] for name, f in failures.items()},
                                          {"dns": {"query_timeout": "800ms"}})
        for name, (_, status, cause) in failures.items():
            with self.subTest(name=name):
                answer = self.get(proxy, origin, name)
                self.assertEqual(status, answer.status, answer.text)
                self.assertIn(name, answer.text)
                record = proxy.wait_record(lambda r, name=name: name in r["target"])
                self.assertEqual((cause, status), (record["cause"], record["status"]))
                self.assertIn("dns_", answer.get("Proxy-Status", ""))

    def test_an_unreachable_name_server_says_so(self):
        closed = {"dns": {"servers": harness.BASE["dns"]["servers"]}}
        origin, _, proxy = self.resolving({}, closed)
        answer = self.get(proxy, origin, "any.test")
        self.assertEqual("dns_unreachable", proxy.wait_record()["cause"], answer.text)

    def test_hosts_overrides_are_answered_without_a_query(self):
        hosts = [{"name": "pinned.test", "addresses": ["127.77.0.1"]}]
        origin, stub, proxy = self.resolving({}, {"dns": {"hosts": hosts}})
        self.assertEqual(200, self.get(proxy, origin, "pinned.test").status)
        self.assertEqual(200, self.get(proxy, origin, "PINNED.test.").status)
        self.assertEqual([], stub.queries)

    def test_a_trailing_dot_is_stripped_once(self):
        origin, stub, proxy = self.resolving({"origin.test": Answer(("127.77.0.1",))})
        self.assertEqual(200, self.get(proxy, origin, "origin.test.").status)
        self.assertEqual(400, self.get(proxy, origin, "origin.test..").status)
        self.assertEqual({"origin.test"}, {query[0] for query in stub.queries})
        self.assertIn("http://origin.test:", proxy.wait_record()["target"])

    def test_search_domains_are_not_tried(self):
        origin, stub, proxy = self.resolving({"single.search.test": Answer(("127.77.0.1",))},
                                             environment={"LOCALDOMAIN": "search.test",
                                                          "RES_OPTIONS": "ndots:5"})
        self.assertEqual(502, self.get(proxy, origin, "single").status)
        self.assertEqual({"single"}, {query[0] for query in stub.queries})

    def test_local_names_are_not_asked_for(self):
        origin, stub, proxy = self.resolving({})
        for name in ("localhost", "db.localhost", "printer.local", "metadata.google.internal"):
            self.assertEqual(403, self.get(proxy, origin, name).status, name)
        self.assertEqual([], stub.queries)


class Memory(DnsTestCase):
    def test_an_answer_is_remembered_for_its_time_to_live(self):
        origin, stub, proxy = self.resolving({"origin.test": Answer(("127.77.0.1",), ttl=1)},
                                             {"dns": {"min_ttl": "0s"}})
        self.get(proxy, origin, "origin.test")
        asked, began = len(stub.queries), time.monotonic()
        while len(stub.queries) == asked:
            self.assertEqual(200, self.get(proxy, origin, "origin.test").status)
            self.assertLess(time.monotonic() - began, 5, "the answer outlived its TTL of 1 s")
        self.assertGreater(time.monotonic() - began, 0.5, "the answer was forgotten early")

    def test_min_ttl_keeps_short_lived_answers(self):
        origin, stub, proxy = self.resolving({"origin.test": Answer(("127.77.0.1",), ttl=0)},
                                             {"dns": {"min_ttl": "30s"}})
        for _ in range(5):
            self.get(proxy, origin, "origin.test")
        self.assertEqual(2, len(stub.queries))  # A and AAAA
        self.assertEqual(4, proxy.metrics()["sluice_dns_cache_hits_total"])

    def test_failures_are_remembered_too(self):
        origin, stub, proxy = self.resolving({}, {"dns": {"negative_ttl": "30s"}})
        for _ in range(5):
            self.assertEqual(502, self.get(proxy, origin, "no.test").status)
        self.assertEqual(2, len(stub.queries))

    def test_fifty_clients_at_once_cost_one_query_per_family(self):
        origin, stub, proxy = self.resolving({"origin.test": Answer(("127.77.0.1",))})
        stub.gate.clear()
        clients = [proxy.connect() for _ in range(50)]
        for client in clients:
            self.addCleanup(client.close)
            client.send(request("GET", f"http://origin.test:{origin.port}/"))
        harness.eventually(lambda: self.waiting(proxy) == 50, "50 sessions that wait for the name")
        stub.gate.set()
        for client in clients:
            self.assertEqual(200, client.read_response().status)
        self.assertEqual(2, len(stub.queries))

    @staticmethod
    def waiting(proxy):
        return proxy.admin_get("/sessions")[1].count("origin.test:")

    def test_the_cache_has_a_cap(self):
        origin, stub, proxy = self.resolving(lambda name, kind: Answer(("127.77.0.1",)),
                                             {"dns": {"cache_entries": 4}})
        for number in range(20):
            self.assertEqual(200, self.get(proxy, origin, f"n{number}.test").status)
        self.assertEqual(200, self.get(proxy, origin, "n0.test").status)
        self.assertEqual(4, stub.count("n0.test"))  # asked again: it had been dropped


class Rebinding(DnsTestCase):
    """127.77.0.1 is allowed; 127.0.0.1, where a trap listens on the same port, is not."""

    def trapped(self, names, config=None):
        # The trap first: on its address other programs' connections take ports, too.
        trap = self.origin(address="127.0.0.1")
        origin, stub, proxy = self.resolving(names, config, port=trap.port)
        return origin, trap, proxy

    def test_an_answer_that_changes_is_judged_each_time(self):
        # Set by the test, not by counting queries: a busy machine may make the proxy repeat one.
        current = {}

        def names(_name, kind):
            return Answer(ttl=0) if kind == dns_stub.AAAA else Answer((current["address"],), ttl=0)

        origin, trap, proxy = self.trapped(names, {"dns": {"min_ttl": "0s"}})
        statuses = []
        for current["address"] in ["127.77.0.1", "127.0.0.1"] * 3:
            statuses.append(self.get(proxy, origin, "rebind.test").status)
        self.assertEqual([200, 403] * 3, statuses)
        self.assertEqual(0, trap.connections)

    def test_denied_addresses_of_a_mixed_answer_are_not_dialled(self):
        mixed = Answer(("127.0.0.1", "169.254.169.254", "127.77.0.1", "::1"))
        origin, trap, proxy = self.trapped({"mixed.test": mixed})
        self.assertEqual(200, self.get(proxy, origin, "mixed.test").status)
        self.assertEqual((1, 0), (origin.connections, trap.connections))

    def test_a_name_with_denied_addresses_only_is_403_and_hides_them(self):
        origin, trap, proxy = self.trapped({"inside.test": Answer(("127.0.0.1", "::ffff:127.0.0.1"))})
        answer = self.get(proxy, origin, "inside.test")
        self.assertEqual(403, answer.status)
        self.assertNotIn("127.0.0.1", answer.text)
        self.assertEqual("address_denied", proxy.wait_record()["cause"])
        self.assertEqual(0, trap.connections)


if __name__ == "__main__":
    unittest.main()
