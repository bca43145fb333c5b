"""Pooled origin connections: reuse counted at the origin, staleness, and what is retried."""
import threading
import unittest

import harness
from origin import reply
from wire import request


class OriginReuse(harness.TestCase):
    ONE_WORKER = {"workers": 1}  # pools are per worker

    def ask(self, proxy, octets):
        with proxy.connect() as client:
            client.send(octets)
            return client.read_response()

    def test_requests_of_different_clients_share_one_origin_connection(self):
        origin, proxy = self.pair(config=self.ONE_WORKER)
        for _ in range(10):
            self.assertEqual(b"hello", self.ask(proxy, request("GET", origin.url())).body)
        self.assertEqual((1, 10), (origin.connections, len(origin.requests)))

    def test_an_origin_that_says_close_is_connected_anew(self):
        origin, proxy = self.pair(lambda r: reply(b"", "200 OK", "Connection: close"),
                                  config=self.ONE_WORKER)
        for _ in range(3):
            self.assertEqual(200, self.ask(proxy, request("GET", origin.url())).status)
        self.assertEqual(3, origin.connections)

    def test_an_idle_origin_connection_is_closed_after_its_time(self):
        origin, proxy = self.pair(config={**self.ONE_WORKER, "timeouts": {"origin_idle": "200ms"}})
        self.ask(proxy, request("GET", origin.url()))
        origin.wait_no_connections(5)

    def test_the_pool_has_a_cap_per_origin(self):
        barrier = threading.Barrier(4, timeout=10)

        def respond(_request):
            barrier.wait()  # so that four connections are needed at once
            return reply(b"ok")

        origin, proxy = self.pair(respond, config={**self.ONE_WORKER, "limits": {"pool_per_origin": 2}})
        clients = [proxy.connect() for _ in range(4)]
        for client in clients:
            self.addCleanup(client.close)
            client.send(request("GET", origin.url()))
        for client in clients:
            self.assertEqual(b"ok", client.read_response().body)
        origin.wait(lambda: len(origin._peers) == 2, "two idle connections left")

    def test_a_client_that_is_denied_leaves_the_connection_to_others(self):
        origin = self.origin()
        deny = {"name": "not-there", "action": "deny", "sources": ["127.88.0.2/32"], "addresses": [harness.TEST_RANGE]}
        proxy = self.sluice({**self.ONE_WORKER, "policy": {"rules": [deny, harness.allow([origin])]},
                             "dns": {"hosts": [{"name": "origin.test", "addresses": [origin.address]}]}})
        url = f"http://origin.test:{origin.port}/"
        statuses = []
        for source in ("127.88.0.1", "127.88.0.2", "127.88.0.1"):
            with proxy.connect(source=(source, 0)) as client:
                client.send(request("GET", url))
                statuses.append(client.read_response().status)
        self.assertEqual(([200, 403, 200], 1), (statuses, origin.connections))

    def stale_pair(self, answers_before_closing=1):
        """An origin that closes each connection after some answers, without having said so; the close
        happens when the next request arrives, which is the race that no proxy can avoid."""
        def serve(origin, peer):
            for _ in range(answers_before_closing):
                seen = peer.read_request()
                if seen is None:
                    return
                origin.record(seen)
                peer.send(reply(b"hello"))
            seen = peer.read_request(body=False)
            if seen:
                origin.record(seen)
        return self.pair(serve=serve, config=self.ONE_WORKER)

    def test_a_stale_connection_is_replaced_for_idempotent_requests(self):
        origin, proxy = self.stale_pair()
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
            with self.subTest(method=method):
                fields = ["Content-Length: 0"] if method == "PUT" else []
                with proxy.connect() as client:
                    client.send(request("GET", origin.url("/warm")))
                    client.read_response()
                    client.send(request(method, origin.url("/again"), *fields))
                    self.assertEqual(200, client.read_response(method).status)

    def test_a_post_on_a_stale_connection_is_not_sent_twice(self):
        origin, proxy = self.stale_pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/warm")))
            client.read_response()
            client.send(request("POST", origin.url("/order"), "Content-Length: 2", body=b"hi"))
            answer = client.read_response()
        self.assertEqual(502, answer.status)
        self.assertEqual(1, [seen.target for seen in origin.requests].count("/order"))
        record = proxy.wait_record(lambda r: r["method"] == "POST")
        self.assertIn(record["cause"], ("origin_closed", "origin_reset"))

    def test_a_connection_that_the_origin_closed_while_idle_is_not_used(self):
        origin, proxy = self.pair(config=self.ONE_WORKER)
        self.ask(proxy, request("GET", origin.url()))
        origin.close_connections()
        origin.wait_no_connections()
        answer = self.ask(proxy, request("POST", origin.url(), "Content-Length: 2", body=b"hi"))
        self.assertEqual(200, answer.status)
        self.assertEqual(2, origin.connections)

    def test_a_fresh_connection_that_fails_is_not_tried_again(self):
        origin, proxy = self.pair(serve=lambda origin, peer: origin.record(peer.read_request()))
        answer = self.ask(proxy, request("GET", origin.url()))
        self.assertEqual((502, 1), (answer.status, origin.connections))
        self.assertIn("origin_closed", answer.text)

    def test_an_origin_that_never_answers_is_504(self):
        release = threading.Event()
        self.addCleanup(release.set)
        origin, proxy = self.pair(serve=lambda _o, peer: (peer.read_request(), release.wait(10)),
                                  config={"timeouts": {"response_head": "300ms"}})
        answer = self.ask(proxy, request("GET", origin.url()))
        self.assertEqual(504, answer.status)
        self.assertEqual("origin_timeout", proxy.wait_record()["cause"])


def authenticating():
    """`respond` of an origin that authenticates connections as NTLM does: three messages, and from then on
    whatever comes on the connection comes from that user."""
    users = {}

    def respond(seen):
        credentials = seen.get("Authorization", "")
        if credentials.startswith("NTLM "):
            users[seen.connection] = credentials[5:]
        user = users.get(seen.connection)
        if user is None:
            return reply(b"who is it?", "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"",
                         "WWW-Authenticate: NTLM")
        return reply(f"{user} on {seen.connection}".encode())

    return respond


def numbered(origin, peer):
    """Serves as HTTP does; each request knows the number of its connection."""
    with origin.changed:
        number = origin.connections
    while (seen := peer.read_request()) is not None:
        seen.connection = number
        origin.record(seen)
        peer.send(origin.respond(seen))


class AuthenticatedConnections(harness.TestCase):
    """What was authenticated on a connection to an origin is nobody else's."""

    def setUp(self):
        self.origin_, self.proxy = self.pair(authenticating(), serve=numbered, config={"workers": 1})

    def ask(self, client, *fields, path="/"):
        client.send(request("GET", self.origin_.url(path), *fields))
        return client.read_response()

    def client(self):
        client = self.proxy.connect()
        self.addCleanup(client.close)
        return client

    def test_another_client_is_not_taken_for_the_one_that_authenticated(self):
        alice, bob = self.client(), self.client()
        self.assertEqual(b"alice on 1", self.ask(alice, "Authorization: NTLM alice").body)
        self.assertEqual(401, self.ask(bob).status)
        alice.close()
        self.assertEqual(401, self.ask(self.client()).status)

    def test_the_client_that_authenticated_goes_on_with_its_connection(self):
        alice, bob = self.client(), self.client()
        self.assertEqual(401, self.ask(alice).status)
        self.assertEqual(b"alice on 1", self.ask(alice, "Authorization: NTLM alice").body)
        self.assertEqual(401, self.ask(bob).status)
        self.assertEqual(b"alice on 1", self.ask(alice).body)
        self.assertEqual(b"bob on 2", self.ask(bob, "Authorization: NTLM bob").body)
        self.assertEqual((b"alice on 1", b"bob on 2"), (self.ask(alice).body, self.ask(bob).body))

    def test_a_connection_with_a_challenge_is_not_shared(self):
        # The next message of the handshake must meet the connection that it was begun on.
        alice, bob = self.client(), self.client()
        self.ask(alice)
        self.ask(bob)
        self.assertEqual([1, 2], [seen.connection for seen in self.origin_.requests])

    def test_its_connection_ends_with_the_client(self):
        alice = self.client()
        self.ask(alice, "Authorization: Negotiate abc")
        alice.close()
        self.origin_.wait_no_connections()

    def test_a_connection_that_was_shared_before_is_so_no_more(self):
        origin, proxy = self.pair(lambda seen: reply(str(seen.connection).encode()), serve=numbered,
                                  config={"workers": 1})
        alice, bob = proxy.connect(), proxy.connect()
        for client in (alice, bob):
            self.addCleanup(client.close)
        answers = []
        for client, fields in ((bob, ()), (alice, ("Authorization: Basic YTpi",)),
                               (alice, ("Authorization: Negotiate abc",)), (bob, ()), (alice, ())):
            client.send(request("GET", origin.url(), *fields))
            answers.append(client.read_response().body)
        self.assertEqual([b"1", b"1", b"1", b"2", b"1"], answers)

    def test_the_clients_own_connections_are_few(self):
        alice = self.client()
        others = [self.origin(authenticating(), serve=numbered, port=self.origin_.port,
                              address=f"127.77.0.{n}") for n in range(2, 9)]
        for origin in others:
            alice.send(request("GET", origin.url()))
            self.assertEqual(401, alice.read_response().status)
        for origin in others[:3]:
            origin.wait_no_connections()
        self.assertEqual(4, sum(len(origin._peers) for origin in others))


if __name__ == "__main__":
    unittest.main()
