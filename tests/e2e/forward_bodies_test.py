"""Bodies streamed through the proxy: size, memory, order of answer and upload, and broken ones."""
import hashlib
import os
import threading
import unittest

import harness
from origin import reply
from wire import request

MIB = 1 << 20
BLOCK = bytes(range(256)) * 256  # 64 KiB


def digest_of(blocks):
    digest = hashlib.sha256()
    for _ in range(blocks):
        digest.update(BLOCK)
    return digest.hexdigest()


# AddressSanitizer keeps freed memory for a while, and its presets set ASAN_OPTIONS.
GROWTH = (64 if "ASAN_OPTIONS" in os.environ else 8) * MIB


class Bodies(harness.TestCase):
    BLOCKS = 3200  # 200 MiB

    def watch_memory(self, proxy):
        """Samples the proxy's resident memory; the returned function ends that and gives the growth."""
        start, peak, stop = proxy.resident_bytes(), [0], threading.Event()

        def sample():
            while not stop.wait(0.02):
                peak[0] = max(peak[0], proxy.resident_bytes() - start)

        watcher = threading.Thread(target=sample)
        watcher.start()

        def growth():
            stop.set()
            watcher.join()
            return peak[0]
        return growth

    def serve_blocks(self, framing, blocks):
        def serve(_origin, peer):
            peer.read_request()
            if framing == "length":
                peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (blocks * len(BLOCK)))
            else:
                coding = "" if framing == "close" else "Transfer-Encoding: chunked\r\n"
                peer.send(f"HTTP/1.1 200 OK\r\n{coding}\r\n".encode())
            for _ in range(blocks):
                peer.send(b"%x\r\n%s\r\n" % (len(BLOCK), BLOCK) if framing == "chunked" else BLOCK)
            if framing == "chunked":
                peer.send(b"0\r\n\r\n")
        return serve

    def download(self, proxy, origin, pause_after=0):
        """The digest of the body, read block by block; pauses once to let the proxy fill up."""
        digest, have = hashlib.sha256(), 0
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            head = client.read_response(body=False)
            if head.get("Content-Length"):
                left = int(head.get("Content-Length"))
                while left:
                    if not client.buffer:
                        client.fill()
                    data = client.take(min(left, len(client.buffer)))
                    digest.update(data)
                    left, have = left - len(data), have + len(data)
                    if pause_after and have >= pause_after:
                        pause_after = 0
                        threading.Event().wait(0.5)  # a client that does not read, not a wait for anything
            else:
                while (size := int(client.read_until(b"\r\n"), 16)):
                    digest.update(client.read_exactly(size))
                    client.read_exactly(2)
                client.read_exactly(2)
        return digest.hexdigest()

    def test_200_mib_down_to_a_client_that_pauses_cost_bounded_memory(self):
        origin, proxy = self.pair(serve=self.serve_blocks("length", self.BLOCKS))
        growth = self.watch_memory(proxy)
        self.assertEqual(digest_of(self.BLOCKS), self.download(proxy, origin, pause_after=MIB))
        self.assertLess(growth(), GROWTH)

    def test_chunked_and_until_close_bodies_come_down_whole(self):
        for framing in ("chunked", "close"):
            with self.subTest(framing=framing):
                origin, proxy = self.pair(serve=self.serve_blocks(framing, 320))
                growth = self.watch_memory(proxy)
                self.assertEqual(digest_of(320), self.download(proxy, origin))
                self.assertLess(growth(), GROWTH)

    def test_200_mib_up_to_an_origin_that_pauses_cost_bounded_memory(self):
        for framing in ("length", "chunked"):
            blocks = self.BLOCKS if framing == "length" else 320
            with self.subTest(framing=framing):
                digest, total = hashlib.sha256(), blocks * len(BLOCK)

                def serve(_origin, peer):
                    seen = peer.read_request(body=False)
                    threading.Event().wait(0.5)  # an origin that does not read
                    left = total if seen.get("Content-Length") else None
                    while left != 0:
                        if left is None:
                            size = int(peer.read_until(b"\r\n"), 16)
                            digest.update(peer.read_exactly(size))
                            peer.read_exactly(2)
                            left = 0 if size == 0 else None
                        else:
                            if not peer.buffer:
                                peer.fill()
                            data = peer.take(len(peer.buffer))
                            digest.update(data)
                            left -= len(data)
                    peer.send(reply(b"thanks"))

                origin, proxy = self.pair(serve=serve)
                growth = self.watch_memory(proxy)
                with proxy.connect(timeout=60) as client:
                    if framing == "length":
                        client.send(request("PUT", origin.url(), f"Content-Length: {total}"))
                    else:
                        client.send(request("PUT", origin.url(), "Transfer-Encoding: chunked"))
                    for _ in range(blocks):
                        client.send(BLOCK if framing == "length" else b"10000\r\n%s\r\n" % BLOCK)
                    if framing == "chunked":
                        client.send(b"0\r\n\r\n")
                    self.assertEqual(b"thanks", client.read_response().body)
                self.assertEqual(digest_of(blocks), digest.hexdigest())
                self.assertLess(growth(), GROWTH)

    def test_expect_100_continue_brings_a_100_before_the_body(self):
        def serve(origin, peer):
            seen = peer.read_request(body=False)
            origin.record(seen)
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            peer.read_body(seen, None)
            peer.send(reply(seen.body))

        origin, proxy = self.pair(serve=serve)
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Content-Length: 4", "Expect: 100-continue"))
            self.assertTrue(client.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 100"))
            client.send(b"body")
            self.assertEqual(b"body", client.read_response().body)

    def test_a_refusal_instead_of_100_spares_the_body(self):
        origin, proxy = self.pair(serve=lambda _o, peer: (
            peer.read_request(body=False), peer.send(reply(b"no", "403 Forbidden"))))
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Content-Length: 4", "Expect: 100-continue"))
            answer = client.read_response()
            self.assertEqual((403, []), (answer.status, answer.interim))

    def test_an_answer_while_uploading_arrives_and_ends_the_connection(self):
        release = threading.Event()
        self.addCleanup(release.set)

        def serve(_origin, peer):
            peer.read_request(body=False)
            peer.send(reply(b"too large for me", "413 Content Too Large"))
            release.wait(10)

        origin, proxy = self.pair(serve=serve)
        with proxy.connect() as client:
            client.send(request("PUT", origin.url(), "Content-Length: 1000000") + BLOCK)
            answer = client.read_response()
            self.assertEqual((413, b"too large for me"), (answer.status, answer.body))
            self.assertIn("close", answer.get("Connection", ""))

    def test_an_echo_while_uploading_keeps_the_connection(self):
        def serve(origin, peer):
            while True:
                seen = peer.read_request(body=False)
                if seen is None:
                    return
                origin.record(seen)
                peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in range(4):
                    octets = peer.read_exactly(65536)
                    peer.send(b"10000\r\n" + octets + b"\r\n")
                peer.send(b"0\r\n\r\n")

        origin, proxy = self.pair(serve=serve)
        with proxy.connect() as client:
            for _ in range(3):
                client.send(request("PUT", origin.url(), "Content-Length: 262144"))
                client.send(BLOCK)
                head = client.read_response(body=False)  # the answer begins while three blocks are missing
                self.assertNotIn("close", head.get("Connection", ""))
                client.send(BLOCK * 3)
                echo = b""
                while size := int(client.read_until(b"\r\n"), 16):
                    echo += client.read_exactly(size)
                    client.read_exactly(2)
                client.read_exactly(2)
                self.assertEqual(BLOCK * 4, echo)
        self.assertEqual(1, origin.connections)

    def test_a_long_answer_that_ends_before_the_upload_ends_the_connection(self):
        release = threading.Event()
        self.addCleanup(release.set)
        origin, proxy = self.pair(serve=lambda _o, peer: (
            peer.read_request(body=False), peer.send(reply(b"x" * 100_000)), release.wait(10)))
        with proxy.connect() as client:
            client.send(request("PUT", origin.url(), "Content-Length: 1000000") + BLOCK)
            self.assertEqual(b"x" * 100_000, client.read_response().body)
            self.assertEqual("fin", client.wait_end())

    def test_a_client_that_left_before_the_request_went_out_is_noticed(self):
        held, arrived = threading.Event(), threading.Event()
        self.addCleanup(held.set)

        def serve(_origin, peer):
            peer.read_request()
            arrived.set()
            held.wait(10)  # never answers; what ends the exchange is the client's reset
        origin, proxy = self.pair(serve=serve, config={"workers": 1})
        client = proxy.connect()
        # In one go, so that the reset is there before the request is sent on.
        client.send(request("GET", origin.url()))
        client.reset()
        record = proxy.wait_record()
        self.assertEqual(("client_closed", 0), (record["cause"], record["status"]))

    def test_no_page_follows_half_an_interim_response(self):
        hint = b"HTTP/1.1 103 Early Hints\r\nLink: " + b"x" * 30_000 + b"\r\n\r\n"
        origin, proxy = self.pair(
            serve=lambda _o, peer: (peer.read_request(), [peer.send(hint) for _ in range(400)], peer.wait_end()),
            config={"timeouts": {"idle": "500ms"}, "limits": {"interim_responses": 1000}})
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            record = proxy.wait_record()  # the client has not read, and the proxy has given up
            got = client.read_to_end()
        self.assertEqual("idle_timeout", record["cause"])
        self.assertNotIn(b"Request id", got)

    def test_an_upload_that_breaks_off_is_not_completed_towards_the_origin(self):
        for fields, part in [(["Content-Length: 100"], b"only this"),
                             (["Transfer-Encoding: chunked"], b"4\r\npart\r\n")]:
            with self.subTest(fields=fields):
                origin, proxy = self.pair()
                with proxy.connect() as client:
                    client.send(request("POST", origin.url(), *fields, body=part))
                    client.half_close()
                    client.read_to_end()
                seen = origin.wait_requests(1)[0]
                self.assertFalse(seen.complete)
                record = proxy.wait_record()
                self.assertEqual("client", record["fault"], record)

    def test_a_download_that_breaks_off_is_seen_as_broken_by_every_client(self):
        broken = {"length": b"Content-Length: 100\r\n\r\npart",
                  "chunked": b"Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n"}
        for framing, rest in broken.items():
            for version in ("HTTP/1.1", "HTTP/1.0"):
                with self.subTest(framing=framing, version=version):
                    origin, proxy = self.pair(serve=lambda _o, peer, rest=rest: (
                        peer.read_request(), peer.send(b"HTTP/1.1 200 OK\r\n" + rest)))
                    with proxy.connect() as client:
                        client.send(request("GET", origin.url(), version=version))
                        head = client.read_response(body=False)
                        if head.all("Content-Length") or head.all("Transfer-Encoding"):
                            self.assertFalse(client.read_body(head, "GET").complete)
                        else:  # only a reset can say so to a 1.0 client
                            with self.assertRaises(ConnectionResetError):
                                while client.fill():
                                    pass
                    record = proxy.wait_record()
                    self.assertEqual(("origin_truncated", "origin"), (record["cause"], record["fault"]))

    def test_a_client_that_leaves_a_download_frees_the_origin(self):
        def serve(origin, peer):
            peer.read_request()
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            try:
                while True:
                    peer.send(BLOCK)
            except OSError as error:
                origin.record(error)

        origin, proxy = self.pair(serve=serve)
        with proxy.connect() as client:
            client.send(request("GET", origin.url()))
            client.read_exactly(MIB)
        origin.wait_requests(1)
        self.assertEqual("client", proxy.wait_record()["fault"])

    def test_a_body_over_the_limit_is_413(self):
        origin, proxy = self.pair(config={"limits": {"body_bytes": 1000}})
        with proxy.connect() as client:
            client.send(request("POST", origin.url(), "Content-Length: 1001"))
            self.assertEqual(413, client.read_response().status)
        self.assertEqual(0, origin.connections)


if __name__ == "__main__":
    unittest.main()
