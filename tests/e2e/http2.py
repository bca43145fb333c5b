"""HTTP/2 for the tests, by python-h2: a client's or an origin's end of a connection, and origins.

Nothing is acknowledged by itself: windows open when the test consumes, so that it can be a receiver
that does not read.
"""
import socket
import ssl
import subprocess

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import (DataReceived, InformationalResponseReceived,
                       RequestReceived, ResponseReceived, StreamEnded,
                       TrailersReceived)
from h2.exceptions import StreamClosedError

from inspection import NAME, InspectionCase
from origin import Origin

HEADS = (RequestReceived, ResponseReceived, InformationalResponseReceived, TrailersReceived)


def integer(value, prefix, first=0):
    """RFC 7541 §5.1"""
    most = (1 << prefix) - 1
    if value < most:
        return bytes([first | value])
    out, value = bytes([first | most]), value - most
    while value >= 128:
        out, value = out + bytes([value % 128 + 128]), value // 128
    return out + bytes([value])


def literal(name, value):
    """A field that is neither indexed nor Huffman-coded, since that takes Python long."""
    return b"\0" + integer(len(name), 7) + name + integer(len(value), 7) + value


def head(authority, *fields):
    """The field block of a GET."""
    return b"\x82\x87\x84\x01" + integer(len(authority), 7) + authority + b"".join(literal(*field) for field in fields)


def frames(stream, block):
    """HEADERS with END_STREAM, and CONTINUATION as needed."""
    pieces = [block[at:at + 16384] for at in range(0, len(block), 16384)]
    out = b""
    for n, piece in enumerate(pieces):
        flags = (1 if n == 0 else 0) | (4 if n == len(pieces) - 1 else 0)
        out += len(piece).to_bytes(3, "big") + bytes([9 if n else 1, flags]) + stream.to_bytes(4, "big") + piece
    return out


class Http2Peer:
    def __init__(self, sock, client_side):
        self.sock = sock
        self.h2 = H2Connection(H2Configuration(client_side=client_side, header_encoding="utf-8",
                                                validate_outbound_headers=False))
        self.events = []
        self.h2.initiate_connection()
        self.flush()

    def flush(self):
        self.sock.sendall(self.h2.data_to_send())

    def receive(self):
        """Takes what one read brings; False at the end."""
        data = self.sock.recv(65536)
        if not data:
            return False
        self.events += self.h2.receive_data(data)
        self.flush()
        return True

    def wait(self, kind, stream=None):
        """The first event of that kind that was not waited for yet, of the stream if one is named."""
        while True:
            for event in self.events:
                if isinstance(event, kind) and (stream is None or event.stream_id == stream):
                    self.events.remove(event)
                    return event
            if not self.receive():
                raise AssertionError(f"the connection ended before {kind}; left: {self.events}")

    def head(self, stream=None, kind=HEADS):
        event = self.wait(kind, stream)
        event.fields = dict(event.headers)
        return event

    def wait_head_of(self, streams, status):
        """The first head with that status of one of the streams that was not waited for yet; its stream."""
        while True:
            for event in self.events:
                if (isinstance(event, ResponseReceived) and event.stream_id in streams and
                        dict(event.headers)[":status"] == status):
                    self.events.remove(event)
                    return event.stream_id
            if not self.receive():
                raise AssertionError(f"the connection ended before a {status}")

    def data(self, stream):
        """The next run of content, acknowledged."""
        event = self.wait(DataReceived, stream)
        self.consume(event)
        return event.data

    def consume(self, event):
        try:
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        except StreamClosedError:
            pass
        self.flush()

    def body(self, stream):
        """All content up to the end of the stream."""
        out = b""
        while True:
            event = self.wait((DataReceived, StreamEnded), stream)
            if isinstance(event, StreamEnded):
                return out
            out += event.data
            self.consume(event)

    def send(self, stream, content=b"", end=False):
        """Sends all of it, as windows allow."""
        view = memoryview(content)
        while view:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room <= 0:  # below when SETTINGS made the window smaller than what is on its way
                self.receive()
                continue
            self.h2.send_data(stream, bytes(view[:room]))
            view = view[room:]
            self.flush()
        if end:
            self.h2.end_stream(stream)
        self.flush()

    def send_head(self, stream, fields, end=False):
        self.h2.send_headers(stream, fields, end_stream=end)
        self.flush()

    def request(self, authority, path="/", method="GET", fields=(), end=True):
        """Opens a stream; its number."""
        stream = self.h2.get_next_available_stream_id()
        self.send_head(stream, [(":method", method), (":scheme", "https"), (":authority", authority),
                                (":path", path), *fields], end)
        return stream

    def requests(self, authority, count):
        """That many streams, for "/0" and so on, in one write."""
        streams = []
        for n in range(count):
            streams.append(self.h2.get_next_available_stream_id())
            self.h2.send_headers(streams[-1], [(":method", "GET"), (":scheme", "https"),
                                               (":authority", authority), (":path", f"/{n}")], end_stream=True)
        self.flush()
        return streams

    def reset(self, stream, code=ErrorCodes.CANCEL):
        self.h2.reset_stream(stream, code)
        self.flush()

    def close(self):
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()


def client_tls(sock, authority, name):
    """TLS with ALPN h2 towards `name`, trusting `authority` alone."""
    context = ssl.create_default_context(cafile=authority.certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small frames, one after the other
    secure = context.wrap_socket(sock, server_hostname=name)
    secure.settimeout(10)
    return secure


def http2_origin(context, serve):
    """An origin on which `serve(peer)` handles each connection of HTTP/2."""
    context.set_alpn_protocols(["h2"])

    def run(_origin, peer):
        peer.sock.settimeout(10)
        serve(Http2Peer(peer.sock, client_side=False))

    return Origin(serve=run, tls=context)


def serve_each(handle):
    """A `serve` that gives each request to `handle(peer, request)`, one after the other."""
    def serve(peer):
        while True:
            try:
                request = peer.head(kind=RequestReceived)
            except (AssertionError, OSError):
                return
            handle(peer, request)
    return serve


class Http2Case(InspectionCase):
    """Origins of both versions, and clients of HTTP/2 inside tunnels to them."""

    def context(self):
        return self.origins.server_context(NAME)

    def http1(self, respond=None, **options):
        origin = Origin(respond, tls=self.context(), **options)
        self.addCleanup(origin.close)
        return origin

    def http2(self, handle=None, serve=None):
        origin = http2_origin(self.context(), serve or serve_each(handle))
        self.addCleanup(origin.close)
        return origin

    def client(self, proxy, origin):
        """A client of HTTP/2 inside a tunnel to the origin."""
        tunnel = self.tunnel(proxy, f"{NAME}:{origin.port}")
        secure = client_tls(tunnel.sock, self.ca, NAME)
        self.assertEqual(secure.selected_alpn_protocol(), "h2")
        peer = Http2Peer(secure, client_side=True)
        self.addCleanup(peer.close)
        return peer

    def curl(self, proxy, origin):
        """What curl makes of the origin: the version and the status."""
        return subprocess.run(
            ["curl", "-sS", "--http2", "--max-time", "10", "--cacert", str(self.ca.certificate), "-x", proxy.url,
             "-w", "%{http_version} %{http_code}", f"https://{NAME}:{origin.port}/", "-o", "/dev/null"],
            capture_output=True, text=True, check=False)

    def authority(self, origin):
        return f"{NAME}:{origin.port}"
