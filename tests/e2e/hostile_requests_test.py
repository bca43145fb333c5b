"""Every hostile request of tests/corpus/requests against the running proxy, in three deliveries."""
import dataclasses
import re
import unittest

import corpus
import harness
import hostile
from wire import Message, WireError

DEADLINE = 8.0  # for one case; the configured limits are 2 s


@dataclasses.dataclass
class Seen:
    """What the client got: the first final response, octets behind it, how the connection ended."""
    first: Message | None = None
    rest: bytes = b""
    end: str = "open"

    def __str__(self):
        first = f"{self.first.status}" if self.first else "no response"
        return f"{first}, {len(self.rest)} octets more, connection {self.end}"

    def is_outcome(self, outcome):
        ended = self.end != "open"
        status = self.first.status if self.first else 0
        refused = ended and not self.rest
        return {
            "400": refused and status == 400,
            "4xx": refused and 400 <= status < 500,
            "error": refused and 400 <= status < 600,
            "accept": 200 <= status < 300,
            "close": ended and (status == 0 or status >= 400),
        }[outcome]


def exchange(proxy, case, message, pieces):
    seen = Seen()
    method = re.match(rb"\s*([A-Z]*)", message).group(1).decode()
    with proxy.connect(timeout=DEADLINE) as peer:
        hostile.deliver(peer, pieces)
        if case.get("client") == "half-close":
            peer.half_close()
        try:
            seen.first = peer.read_response(method)
            if seen.is_outcome("accept"):
                peer.half_close()  # nothing more to say; what is under way still arrives
        except WireError as error:
            if error.seen:
                raise
        except ConnectionResetError:
            seen.end = "reset"
            return seen
        except TimeoutError:
            return seen
        try:
            while peer.fill():
                pass
            seen.end = "closed"
        except (ConnectionResetError, BrokenPipeError):
            seen.end = "reset"
        except TimeoutError:
            pass
        seen.rest = peer.buffer
    return seen


def judge(case, seen, origin):
    """Sentences about what is wrong, none when all is well."""
    if isinstance(seen, Exception):
        return [f"{type(seen).__name__}: {seen}"]
    wrong = []
    reached = next((o for o in case.outcomes if seen.is_outcome(o)), None)
    if not reached:
        wrong.append(f"expected {' or '.join(case.outcomes)}, got {seen}")
    if len(origin.requests) > case.origin_max:
        wrong.append(f"the origin saw {len(origin.requests)} requests, at most {case.origin_max} allowed")
    for request in origin.requests:
        if case.get("never-reaches") and case.get("never-reaches") in request.target:
            wrong.append(f"the origin saw {request.target}")
        if case.get("origin") == "incomplete" and request.complete:
            wrong.append("the origin saw a completed body")
    wrong += [f"the origin got octets that are not HTTP: {error}" for error in origin.failures
              if isinstance(error, WireError)]
    if reached == "accept" and origin.requests:
        raw = origin.raw.lower()
        wrong += [f"the origin did not see {text!r}" for text in case.all("origin-sees")
                  if text.lower() not in raw]
        wrong += [f"the origin saw {text!r}" for text in case.all("origin-lacks") if text.lower() in raw]
    return wrong


class HostileRequests(harness.TestCase):
    def run_corpus(self, delivery):
        port = hostile.pick_port()
        rules = [{"name": "no-such-name", "action": "deny", "hosts": ["denied.invalid"]},
                 harness.allow(ports=[port])]
        proxy = self.sluice(harness.merge(hostile.CONFIG, {"policy": {"rules": rules}}))
        wellbeing = hostile.Wellbeing(proxy)
        origins = {}

        def run(index, case):
            origin = hostile.RecordingOrigin(hostile.address_of(index), port)
            origins[case.name] = origin
            self.addCleanup(origin.close)
            message = case.message(origin=origin.authority, proxy=proxy.authority,
                                   via=hostile.CONFIG["via"])
            return exchange(proxy, case, message, hostile.DELIVERIES[delivery](case.name, message))

        results = hostile.run_all(corpus.load("requests"), run)
        wellbeing.check(self)
        # Judged only now, so that a request which reaches its origin late is seen as well.
        for case, seen in results:
            with self.subTest(case=case.name, delivery=delivery):
                wrong = judge(case, seen, origins[case.name])
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
