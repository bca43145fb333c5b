"""What clients of HTTP/2 (clients/http2.mjs) are asked to do, whatever they go through."""
from h2.events import StreamEnded

import clients_test
from http2 import http2_origin, serve_each
from origin import reply

UPLOAD = b"x" * 2_000_000 + b"-the last"


def node(test, *arguments):
    """Node's output, a line for each URL."""
    test.need("node", "nodejs")
    return test.run_client("node", clients_test.HERE / "clients/http2.mjs", *arguments).splitlines()


def echo(request):
    """An origin's answer to an upload."""
    return reply(request.body)


def upload(test, url, count, version="2"):
    """What Node prints of that many uploads at once to an origin that echoes, and what it has to."""
    path = test.path / "upload"
    path.write_bytes(UPLOAD)
    return (node(test, "--post", path, *(f"{url}/{n}" for n in range(count))),
            [f"{version} 200 {len(UPLOAD)} x-the last"] * count)


def origin(context):
    """An origin of HTTP/2 that answers with a long body which ends in the path, and a trailer."""
    def handle(peer, request):
        stream, path = request.stream_id, dict(request.headers)[":path"]
        peer.wait(StreamEnded, stream)
        peer.send_head(stream, [(":status", "200")])
        peer.send(stream, b"x" * 100_000 + path.encode())
        peer.send_head(stream, [("x-path", path)], end=True)
    return http2_origin(context, serve_each(handle))


def download(test, url, count):
    """What Node prints of that many downloads at once from such an origin, and what it has to."""
    paths = [f"/{n}" for n in range(10, 10 + count)]
    return (node(test, *(url + path for path in paths)),
            [f'2 200 100003 xxxxxxx{path} {{"x-path":"{path}"}}' for path in paths])
