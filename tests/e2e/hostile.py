"""What the two corpus runners share: deliveries, recording origins, and the look at the proxy after."""
import concurrent.futures
import random
import re
import select

import harness
from origin import Origin, reply
from wire import Peer

CONCURRENCY = 16
EDGE = 2048  # octets at either end of a long message that are sent one by one
CONFIG = {
    "via": "sluice-under-test",
    "timeouts": {"head": "2s", "response_head": "2s", "idle": "2s", "keep_alive": "2s",
                 "origin_idle": "1s", "tunnel_idle": "4s", "half_closed": "2s"},
}


def whole(_name, message):
    return [message]


def byte_by_byte(_name, message):
    """One octet per segment; the middle of long messages in larger pieces."""
    singles = [message[i:i + 1] for i in range(min(len(message), 2 * EDGE))]
    if len(message) <= 2 * EDGE:
        return singles
    middle, end = message[EDGE:-EDGE], message[-EDGE:]
    bulk = [middle[i:i + 1024] for i in range(0, len(middle), 1024)]
    return singles[:EDGE] + bulk + [end[i:i + 1] for i in range(len(end))]


def split_at_random(name, message):
    """Up to nine pieces, the same ones in every run."""
    chance = random.Random(name)
    cuts = sorted(chance.sample(range(1, len(message)), min(8, len(message) - 1))) if message[1:] else []
    return [message[a:b] for a, b in zip([0, *cuts], [*cuts, len(message)])]


DELIVERIES = {"whole": whole, "byte by byte": byte_by_byte, "split at random": split_at_random}


def deliver(peer, pieces):
    """Sends piece by piece, and stops once the other side has refused or gone: sending on would
    invite a reset that takes the answer with it. An answer of 1xx or 2xx is no reason to stop, as the
    request behind it would be left cut off."""
    try:
        for piece in pieces:
            if len(pieces) > 1 and select.select([peer.sock], [], [], 0)[0]:
                if not peer.fill() or not re.match(rb"HTTP/1\.1 [12]", peer.buffer):
                    return
            peer.send(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass


class RecordingPeer(Peer):
    def __init__(self, sock):
        super().__init__(sock)
        self.raw = b""

    def fill(self, deadline=None):
        before = len(self.buffer)
        more = super().fill(deadline)
        self.raw += self.buffer[before:]
        return more


class RecordingOrigin(Origin):
    """Answers every request with 200 and keeps all octets it was sent."""

    peer_class = RecordingPeer

    def __init__(self, address, port):
        self.peers = []
        super().__init__(serve=RecordingOrigin.serve_recorded, address=address, port=port)

    @property
    def raw(self):
        return b"".join(peer.raw for peer in self.peers)

    def serve_recorded(self, peer):
        self.peers.append(peer)
        while request := peer.read_request(body=False):
            request.complete = False
            self.record(request)
            if request.get("Expect"):
                peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.complete = True
            peer.read_body(request, None)
            if not request.complete:
                return
            peer.send(reply(b"ok"))


def run_all(cases, run):
    """[(case, run(index, case))] with CONCURRENCY threads; exceptions become results."""
    def guarded(index, case):
        try:
            return run(index, case)
        except Exception as error:  # reported with the case by the caller
            return error
    with concurrent.futures.ThreadPoolExecutor(CONCURRENCY) as pool:
        return list(zip(cases, pool.map(guarded, range(len(cases)), cases)))


def address_of(index):
    """An address of the test range for each case, so that origins never share connections."""
    return f"127.77.{1 + index // 250}.{1 + index % 250}"


class Wellbeing:
    """The proxy before the run; `check` says what is wrong with it afterwards."""

    GROWTH = 64 << 20  # octets of resident memory that 16 hostile clients at a time may cost

    def __init__(self, proxy):
        self.proxy = proxy
        proxy.metrics()  # so that the admin side has its threads and descriptors
        self.descriptors, self.resident = proxy.descriptors(), proxy.resident_bytes()

    def check(self, test):
        proxy = self.proxy
        test.assertTrue(proxy.alive(), f"the proxy ended; it said:\n{proxy.output()}")
        internal = {k: v for k, v in proxy.metrics().items() if "internal" in k and v}
        test.assertEqual({}, internal, "errors that should not exist")
        harness.eventually(lambda: proxy.descriptors() <= self.descriptors,
                           f"descriptors back from {proxy.descriptors()} to {self.descriptors}")
        grown = proxy.resident_bytes() - self.resident
        test.assertLess(grown, self.GROWTH, "resident memory grew")
        for record in proxy.records():
            test.assertNotEqual("internal", record["cause"], record)


def pick_port():
    """A port that is free on the whole test range, with good probability: nothing else uses it."""
    probe = Origin()
    port = probe.port
    probe.close()
    return port
