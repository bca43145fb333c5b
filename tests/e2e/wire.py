"""One end of a TCP connection that speaks exact octets: HTTP/1.1 read strictly, with deadlines."""
import dataclasses
import re
import socket
import struct
import time

TIMEOUT = 10.0  # of a whole read; far above any limit the tests configure


class WireError(Exception):
    """The peer sent something that is not HTTP, or ended too early. `seen` holds what arrived."""

    def __init__(self, what, seen=b""):
        super().__init__(f"{what}; the octets before: {seen[-300:]!r}")
        self.seen = seen


@dataclasses.dataclass
class Message:
    """A request (`start` = method, target, version) or response (version, status, reason)."""
    start: tuple
    fields: list
    body: bytes = b""
    trailers: list = dataclasses.field(default_factory=list)
    interim: list = dataclasses.field(default_factory=list)  # 1xx responses that came before
    head: bytes = b""
    complete: bool = True  # False: the connection ended inside the body

    @property
    def method(self):
        return self.start[0]

    @property
    def target(self):
        return self.start[1]

    @property
    def status(self):
        return int(self.start[1])

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def get(self, name, default=None):
        return (self.all(name) or [default])[0]

    @property
    def text(self):
        return self.body.decode("latin-1")


class Peer:
    """A connected socket with a buffer. Usable as a context manager."""

    def __init__(self, sock, timeout=TIMEOUT):
        self.sock, self.timeout, self.buffer = sock, timeout, b""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @classmethod
    def connect(cls, address, timeout=TIMEOUT, source=None):
        return cls(socket.create_connection(address, timeout, source), timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.sock.settimeout(self.timeout)
        self.sock.sendall(data)

    def half_close(self):
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self):
        """Closes with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()

    def fill(self, deadline=None):
        """Reads once into the buffer; False at the end. Raises TimeoutError, ConnectionResetError."""
        left = self.timeout if deadline is None else deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"nothing within {self.timeout} s; so far {self.buffer[-200:]!r}")
        self.sock.settimeout(left)
        data = self.sock.recv(1 << 16)
        self.buffer += data
        return bool(data)

    def take(self, count):
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def read_exactly(self, count):
        deadline, parts, have = time.monotonic() + self.timeout, [], 0
        while have + len(self.buffer) < count:
            have += len(self.buffer)
            parts.append(self.take(len(self.buffer)))
            if not self.fill(deadline):
                raise WireError(f"ended after {have} of {count} octets", b"".join(parts))
        parts.append(self.take(count - have))
        return b"".join(parts)

    def read_until(self, marker):
        """Up to and with `marker`; b"" when the connection ended before the first octet."""
        deadline, searched = time.monotonic() + self.timeout, 0
        while (at := self.buffer.find(marker, max(0, searched - len(marker)))) < 0:
            searched = len(self.buffer)
            if not self.fill(deadline):
                if not self.buffer:
                    return b""
                raise WireError(f"ended before {marker!r}", self.buffer)
        return self.take(at + len(marker))

    def read_to_end(self):
        """Everything until FIN or RST."""
        deadline = time.monotonic() + self.timeout
        try:
            while self.fill(deadline):
                pass
        except ConnectionResetError:
            pass
        return self.take(len(self.buffer))

    def wait_end(self, timeout=None):
        """"fin" or "reset"; raises WireError if octets come instead, TimeoutError if nothing does."""
        deadline = time.monotonic() + (timeout or self.timeout)
        try:
            while self.fill(deadline):
                raise WireError("expected the end of the connection, got octets", self.buffer)
        except ConnectionResetError:
            return "reset"
        return "fin"

    def read_request(self, body=True):
        """The next request, or None when the peer ended the connection between requests."""
        head = self.read_until(b"\r\n\r\n")
        if not head:
            return None
        line, fields = parse_head(head)
        start = tuple(line.split(" "))
        if len(start) != 3 or not re.fullmatch(r"HTTP/1\.[01]", start[2]):
            raise WireError("not a request line", head)
        message = Message(start, fields, head=head)
        return self.read_body(message, None) if body else message

    def read_response(self, method="GET", body=True):
        """The next final response; interim ones are in `.interim`."""
        interim = []
        while True:
            head = self.read_until(b"\r\n\r\n")
            if not head:
                raise WireError("ended before a response")
            line, fields = parse_head(head)
            match = re.fullmatch(r"(HTTP/1\.[01]) ([1-9]\d\d) (.*)", line)
            if not match:
                raise WireError("not a status line", head)
            message = Message(match.groups(), fields, head=head, interim=interim)
            if message.status >= 200 or message.status == 101:
                return self.read_body(message, method) if body else message
            interim.append(message)

    def read_body(self, message, method):
        """Reads the body of `message` (RFC 9112 §6.3); `method` is None for a request."""
        lengths, codings = message.all("Content-Length"), message.all("Transfer-Encoding")
        if len(lengths) + len(codings) > 1:
            raise WireError("ambiguous framing", message.head)
        if method is not None:
            connected = method == "CONNECT" and 200 <= message.status < 300
            if method == "HEAD" or connected or message.status in (101, 204, 304):
                return message
        try:
            if codings:
                if codings[0].lower() != "chunked":
                    raise WireError("unknown coding", message.head)
                self._read_chunks(message)
            elif lengths:
                message.body = self.read_exactly(int(lengths[0]))
            elif method is not None:
                message.body = self.read_to_end()
        except (WireError, ConnectionResetError) as error:
            message.complete = False
            message.body += getattr(error, "seen", b"")
        return message

    def _read_chunks(self, message):
        while True:
            line = self.read_until(b"\r\n")
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,16}\r\n", line):
                raise WireError(f"not a plain chunk line: {line!r}")
            size = int(line, 16)
            if size == 0:
                break
            message.body += self.read_exactly(size)
            if self.read_exactly(2) != b"\r\n":
                raise WireError("no CRLF behind a chunk")
        while (line := self.read_until(b"\r\n")) != b"\r\n":
            if not line:
                raise WireError("ended inside the trailers")
            message.trailers.append(parse_field(line[:-2]))


def parse_field(line):
    name, colon, value = line.partition(b":")
    if not colon or not re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise WireError("not a field line", line)
    if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", value):
        raise WireError("a control in a field value", line)
    return name.decode("ascii"), value.strip(b" \t").decode("latin-1")


def parse_head(head):
    first, *lines = head[:-4].split(b"\r\n")
    return first.decode("latin-1"), [parse_field(line) for line in lines]


def request(method, target, *fields, body=b"", version="HTTP/1.1", host=None):
    """A request as octets; Host follows from an absolute target or authority unless given."""
    if host is None:
        match = re.match(r"http://([^/?]+)", target)
        host = match.group(1) if match else target
    lines = [f"{method} {target} {version}", *([f"Host: {host}"] if host else []), *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
