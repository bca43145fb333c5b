"""Every hostile response of tests/corpus/responses through the running proxy, in three deliveries."""
import threading
import unittest

import corpus
import harness
import hostile
from origin import Origin, reply
from wire import WireError, request

DEADLINE = 8.0
CLEAN = b"clean answer to the next request"


class HostileOrigin(Origin):
    """Answers its first request with the case's octets, every later one cleanly."""

    def __init__(self, case, pieces, address, port):
        self.case, self.pieces = case, pieces
        self.sent = threading.Event()
        super().__init__(serve=HostileOrigin.serve_case, address=address, port=port)

    def serve_case(self, peer):
        if self.connections == 1:
            self.record(peer.read_request())
            try:
                hostile.deliver(peer, self.pieces)
            finally:
                self.sent.set()
            if self.case.get("origin") == "close":
                return
            if self.case.get("origin") == "reset":
                peer.reset()
                return
        while answered := peer.read_request():
            self.record(answered)
            peer.send(reply(CLEAN))


def exchange(proxy, origin):
    """The client's view: (response or None, all octets it got, answer to a second request or None)."""
    with proxy.connect(timeout=DEADLINE) as peer:
        peer.send(request("GET", origin.url("/first")))
        try:
            first = peer.read_response()
        except WireError as error:
            if error.seen:
                raise
            return None, b"", None
        got, second = first.head + first.body + peer.buffer, None
        closing = "close" in (first.get("Connection") or "").lower()
        if first.complete and not closing:
            # Surplus octets, if any, have reached the proxy before the next request does.
            origin.sent.wait(DEADLINE)
            peer.send(request("GET", origin.url("/second")))
            second = peer.read_response()
            got += second.head + second.body
        return first, got, second


def outcome_of(first):
    if first is None:
        return "nothing"
    if not first.complete:
        return "truncated"
    if first.status in (502, 504):
        return "bad-gateway"
    return "forward" if first.status < 400 or first.status > 599 else "refused"


def judge(case, result):
    if isinstance(result, Exception):
        return [f"{type(result).__name__}: {result}"]
    first, got, second = result
    wrong, outcome = [], outcome_of(first)
    if outcome not in case.outcomes:
        status = first.status if first else "none"
        wrong.append(f"expected {' or '.join(case.outcomes)}, got {outcome} (status {status})")
    if outcome == "forward":
        wrong += [f"the client did not get {text!r}" for text in case.all("client-sees")
                  if text not in got]
        if case.get("body") is not None and first.body != case.all("body")[0]:
            wrong.append(f"the body is {first.body[:60]!r}")
    wrong += [f"the client got {text!r}" for text in case.all("client-lacks") if text in got]
    if second is not None and second.body != CLEAN:
        wrong.append(f"the next request was answered with {second.status} {second.body[:60]!r}")
    return wrong


class HostileResponses(harness.TestCase):
    def run_corpus(self, delivery):
        port = hostile.pick_port()
        rules = {"policy": {"rules": [harness.allow(ports=[port])]}}
        proxy = self.sluice(harness.merge(hostile.CONFIG, rules))
        wellbeing = hostile.Wellbeing(proxy)

        def run(index, case):
            pieces = hostile.DELIVERIES[delivery](case.name, case.message())
            origin = HostileOrigin(case, pieces, hostile.address_of(index), port)
            try:
                return exchange(proxy, origin)
            finally:
                origin.close()

        results = hostile.run_all(corpus.load("responses"), run)
        wellbeing.check(self)
        for case, result in results:
            with self.subTest(case=case.name, delivery=delivery):
                wrong = judge(case, result)
                if wrong:
                    self.fail("; ".join(wrong) + f" ({case.get('because')})")

    def test_whole(self):
        self.run_corpus("whole")

    def test_byte_by_byte(self):
        self.run_corpus("byte by byte")

    def test_split_at_random(self):
        self.run_corpus("split at random")


if __name__ == "__main__":
    unittest.main()
