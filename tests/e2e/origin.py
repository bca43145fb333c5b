"""Origins for the tests: one thread per connection, every request recorded.

They live on 127.77.0.0/16, which is loopback on Linux, so that one allow rule opens exactly them while
the rest of loopback stays closed by the address guard.
"""
import itertools
import socket
import threading

from wire import Peer, WireError

ADDRESS = "127.77.0.1"


class Origin:
    """Listens at once and serves until closed. `serve(peer, origin)` handles one connection; the
    default answers every request with `respond(request)`, octets, and keeps the connection open."""

    def __init__(self, respond=None, serve=None, address=ADDRESS, port=0, tls=None, backlog=128):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, port))
        self.socket.listen(backlog)
        self.address, self.port = self.socket.getsockname()[:2]
        self.respond = respond or (lambda request: reply(b"hello"))
        self.serve = serve or Origin.serve_http
        self.tls = tls                 # an ssl.SSLContext
        self.requests = []             # of all connections, in order of arrival
        self.connections = 0
        self.failures = []             # what broke in `serve`, for the test to look at
        self.changed = threading.Condition()
        self._peers = set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def authority(self):
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"

    def url(self, path="/"):
        return f"http://{self.authority}{path}"

    peer_class = Peer

    def serve_http(self, peer):
        for ordinal in itertools.count(1):
            request = peer.read_request()
            if request is None:
                return
            request.ordinal = ordinal  # on its connection, from 1
            self.record(request)
            if not request.complete:
                return
            peer.send(self.respond(request))
            if "close" in (request.get("Connection") or ""):
                return

    def record(self, item):
        with self.changed:
            self.requests.append(item)
            self.changed.notify_all()

    def wait(self, predicate, what, timeout=10):
        """Waits until `predicate()` holds; it is looked at after each connection and request."""
        with self.changed:
            if not self.changed.wait_for(predicate, timeout):
                raise AssertionError(f"origin {self.authority}: {what} not within {timeout} s")

    def wait_requests(self, count):
        self.wait(lambda: len(self.requests) >= count, f"{count} requests")
        return self.requests

    def wait_no_connections(self, timeout=10):
        """Waits until there has been a connection, and none is left."""
        self.wait(lambda: self.connections > 0 and not self._peers, "the end of all connections", timeout)

    def close_connections(self):
        with self.changed:
            peers = list(self._peers)
        for peer in peers:
            try:
                peer.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept
        except OSError:
            pass
        self.socket.close()
        self.close_connections()

    def _accept(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            peer = self.peer_class(sock)
            with self.changed:
                self.connections += 1
                self._peers.add(peer)
                self.changed.notify_all()
            threading.Thread(target=self._run, args=(peer,), daemon=True).start()

    def _run(self, peer):
        try:
            if self.tls:
                peer.sock = self.tls.wrap_socket(peer.sock, server_side=True)
            self.serve(self, peer)
        except (OSError, WireError) as error:
            self.failures.append(error)
        finally:
            peer.close()
            with self.changed:
                self._peers.discard(peer)
                self.changed.notify_all()


def reply(body=b"", status="200 OK", *fields):
    """A response with Content-Length, as octets."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def chunked(*chunks, status="200 OK", fields=(), trailers=()):
    """A chunked response as octets."""
    head = "\r\n".join([f"HTTP/1.1 {status}", "Transfer-Encoding: chunked", *fields]) + "\r\n\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head.encode() + body + b"0\r\n" + "".join(f"{t}\r\n" for t in trailers).encode() + b"\r\n"


class SilentListener:
    """Listens with a full queue: the kernel drops further SYNs, so connecting takes for ever."""

    def __init__(self, address="127.77.9.9", port=0):
        self.socket = socket.socket()
        self.socket.bind((address, port))
        self.socket.listen(0)
        self.port = self.socket.getsockname()[1]
        self.authority = f"{address}:{self.port}"
        self.fillers = []
        while self._enters((address, self.port)):
            pass

    def _enters(self, address):
        filler = socket.socket()
        self.fillers.append(filler)
        filler.settimeout(0.3)
        try:
            filler.connect(address)
            return True
        except TimeoutError:
            return False

    def close(self):
        for each in (*self.fillers, self.socket):
            each.close()
