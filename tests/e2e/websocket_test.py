"""Upgrade to WebSocket: relayed when the origin agrees, an ordinary response when it does not."""
import unittest

import harness
from origin import reply
from wire import request

ASK = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
AGREE = (b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")


class WebSocket(harness.TestCase):
    def agreeing_pair(self, early=b""):
        def serve(origin, peer):
            origin.record(peer.read_request())
            peer.send(AGREE + early)
            while data := (peer.take(len(peer.buffer)) or (peer.fill() and peer.take(len(peer.buffer)))):
                peer.send(data[::-1])
        return self.pair(serve=serve)

    def test_frames_pass_both_ways_after_101(self):
        origin, proxy = self.agreeing_pair(early=b"\x81\x02hi")
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/chat"), *ASK))
            answer = client.read_response()
            self.assertEqual((101, "websocket"), (answer.status, answer.get("Upgrade")))
            self.assertEqual("upgrade", answer.get("Connection", "").lower())
            self.assertEqual("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer.get("Sec-WebSocket-Accept"))
            self.assertEqual(b"\x81\x02hi", client.read_exactly(4))
            client.send(b"\x00GET / HTTP/1.1\r\n\r\n\xff")
            self.assertEqual(b"\xff\n\r\n\r1.1/PTTH / TEG\x00", client.read_exactly(20))
            client.half_close()
            self.assertEqual("fin", client.wait_end())
        seen = origin.requests[0]
        self.assertEqual("websocket", seen.get("Upgrade"))
        self.assertEqual("upgrade", seen.get("Connection", "").lower())
        self.assertEqual(101, proxy.wait_record()["status"])

    def test_octets_sent_right_behind_the_request_belong_to_the_socket(self):
        origin, proxy = self.agreeing_pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/chat"), *ASK) + b"early")
            self.assertEqual(101, client.read_response().status)
            self.assertEqual(b"ylrae", client.read_exactly(5))

    def test_browsers_that_list_keep_alive_beside_upgrade_are_understood(self):
        origin, proxy = self.agreeing_pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/chat"), "Connection: keep-alive, Upgrade", *ASK[1:]))
            self.assertEqual(101, client.read_response().status)

    def test_200_instead_of_101_is_a_response_and_no_tunnel(self):
        origin, proxy = self.pair(lambda r: reply(b"not here"))
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/chat"), *ASK))
            answer = client.read_response()
            self.assertEqual((200, b"not here"), (answer.status, answer.body))
            client.send(request("GET", "http://169.254.169.254/metadata"))
            self.assertEqual(403, client.read_response().status)  # judged, not relayed

    def test_a_switch_to_another_protocol_than_asked_is_refused(self):
        other = AGREE.replace(b"Upgrade: websocket", b"Upgrade: h2c")
        origin, proxy = self.pair(lambda r: other)
        with proxy.connect() as client:
            client.send(request("GET", origin.url("/chat"), *ASK))
            self.assertEqual(502, client.read_response().status)

    def test_other_upgrades_are_not_passed_on(self):
        origin, proxy = self.pair()
        with proxy.connect() as client:
            client.send(request("GET", origin.url(), "Connection: Upgrade, HTTP2-Settings",
                                "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"))
            self.assertEqual(200, client.read_response().status)
        seen = origin.requests[0]
        self.assertEqual([], seen.all("Upgrade") + seen.all("HTTP2-Settings"))


if __name__ == "__main__":
    unittest.main()
