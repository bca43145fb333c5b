"""A name server on loopback, UDP and TCP, that answers as a test says and counts what it is asked."""
import dataclasses
import ipaddress
import socket
import struct
import threading

A, CNAME, AAAA = 1, 5, 28
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5


@dataclasses.dataclass
class Answer:
    """What to say about a name. `cname` leads to another name of the same stub."""
    addresses: tuple = ()      # IPv4 and IPv6, as text
    cname: str = ""
    rcode: int = NOERROR
    ttl: int = 60
    silent: bool = False       # no answer at all
    truncated: bool = False    # over UDP: TC and nothing else
    forged: str = ""           # an answer with a wrong id and this address goes out first


class DnsStub:
    """`names` maps names to Answers, or is a function of (name, type) that returns one."""

    def __init__(self, names, address="127.77.0.53"):
        self.names = names if callable(names) else lambda name, _type: names.get(name, Answer(rcode=NXDOMAIN))
        self.queries = []               # (name, type, "udp" or "tcp")
        self.gate = threading.Event()   # answers wait while it is clear
        self.gate.set()
        self.changed = threading.Condition()
        while True:  # the same port for both protocols
            self.tcp = socket.create_server((address, 0))
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                self.udp.bind(self.tcp.getsockname())
                break
            except OSError:
                self.close()
        self.endpoint = "%s:%d" % self.tcp.getsockname()
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def close(self):
        for each in (self.tcp, self.udp):
            each.close()

    def count(self, name=None):
        return sum(1 for asked, _, _ in self.queries if name in (None, asked))

    def wait_queries(self, count, timeout=10):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.queries) >= count, timeout):
                raise AssertionError(f"{len(self.queries)} queries, expected {count}")

    def _serve_udp(self):
        while True:
            try:
                query, client = self.udp.recvfrom(4096)
            except OSError:
                return
            threading.Thread(target=self._answer_udp, args=(query, client), daemon=True).start()

    def _answer_udp(self, query, client):
        answers = self._answers(query, "udp")
        self.gate.wait(20)
        for answer in answers:
            try:
                self.udp.sendto(answer, client)
            except OSError:
                return

    def _serve_tcp(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_stream, args=(connection,), daemon=True).start()

    def _serve_stream(self, connection):
        with connection, connection.makefile("rwb") as stream:
            while size := stream.read(2):
                for answer in self._answers(stream.read(struct.unpack("!H", size)[0]), "tcp"):
                    stream.write(struct.pack("!H", len(answer)) + answer)
                stream.flush()

    def _answers(self, query, transport):
        """The messages that answer `query`, in the order to send them."""
        name, end = read_name(query, 12)
        kind = struct.unpack("!H", query[end:end + 2])[0]
        with self.changed:
            self.queries.append((name, kind, transport))
            self.changed.notify_all()
        answer = self.names(name, kind)
        if answer.silent:
            return []
        question = query[12:end + 4]
        if answer.truncated and transport == "udp":
            return [header(query, 0x8380, 0) + question]
        records = self._records(name, answer, kind)
        messages = [header(query, 0x8180 | answer.rcode, len(records)) + question + b"".join(records)]
        if answer.forged and kind == A:
            forged = record(name, A, 60, socket.inet_aton(answer.forged))
            other_id = struct.pack("!H", struct.unpack("!H", query[:2])[0] ^ 0x5555)
            messages.insert(0, other_id + header(query, 0x8180, 1)[2:] + question + forged)
        return messages

    def _records(self, name, answer, kind):
        if answer.cname:
            further = self._records(answer.cname, self.names(answer.cname, kind), kind)
            return [record(name, CNAME, answer.ttl, write_name(answer.cname)), *further]
        wanted = [ipaddress.ip_address(text) for text in answer.addresses]
        return [record(name, kind, answer.ttl, address.packed) for address in wanted
                if address.version == (4 if kind == A else 6)]


def header(query, flags, answers):
    return query[:2] + struct.pack("!5H", flags, 1, answers, 0, 0)


def record(name, kind, ttl, data):
    return write_name(name) + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data


def write_name(name):
    labels = [label.encode("ascii") for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def read_name(message, at):
    labels = []
    while size := message[at]:
        labels.append(message[at + 1:at + 1 + size].decode("ascii").lower())
        at += 1 + size
    return ".".join(labels), at + 1
