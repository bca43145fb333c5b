"""Upgrades inside inspected tunnels: what a tunnel would carry, an inspected one carries too."""
import os
import unittest

from inspection import NAME, InspectionCase
from origin import reply

WEBSOCKET = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"


class Upgrades(InspectionCase):
    def switching(self, protocol):
        """An origin that agrees to the protocol, and echoes what follows."""
        def serve(origin, peer):
            origin.record(peer.read_request())
            peer.send(f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: {protocol}\r\n"
                      "Connection: Upgrade\r\n\r\n".encode())
            while data := peer.sock.recv(65536):
                peer.send(data)
        return self.origin(serve=serve)

    def ask(self, origin, protocols, method="GET", fields="", **config):
        """The client's socket, with the request on its way, and the proxy."""
        proxy = self.start(origin, **config)
        secure = self.inside(proxy, origin)
        secure.sendall(f"{method} /exec HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\nUpgrade: {protocols}\r\n"
                       f"Connection: Upgrade\r\n{fields}\r\n".encode())
        return secure, proxy

    def assert_echoes(self, secure):
        message = os.urandom(100_000)
        secure.sendall(message)
        echoed = b""
        while len(echoed) < len(message):
            echoed += secure.recv(65536)
        self.assertEqual(echoed, message)

    def test_a_websocket_goes_through(self):
        secure, _ = self.ask(self.switching("websocket"), "websocket", fields=WEBSOCKET)
        self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 101"))
        self.assert_echoes(secure)

    def test_so_do_other_protocols(self):
        # As kubectl exec and docker attach ask for them.
        for protocol, fields in (("SPDY/3.1", "Content-Length: 0\r\n"), ("tcp", "")):
            with self.subTest(protocol=protocol):
                origin = self.switching(protocol)
                secure, proxy = self.ask(origin, protocol, "POST", fields)
                answer = secure.recv(4096)
                self.assertTrue(answer.startswith(b"HTTP/1.1 101"), answer)
                self.assertIn(f"Upgrade: {protocol}\r\n".encode(), answer)
                self.assert_echoes(secure)
                self.assertEqual(origin.requests[0].get("Upgrade"), protocol)
                secure.close()
                record = proxy.wait_record(lambda r: r["method"] == "POST")
                self.assertEqual((record["status"], record["inspection"]), (101, "inspected"))

    def test_http_in_disguise_is_not_asked_for(self):
        for protocols in ("h2c", "HTTP/2.0", "TLS/1.3"):
            with self.subTest(protocols=protocols):
                origin = self.origin(respond=lambda request: reply(b"plain"))
                secure, _ = self.ask(origin, protocols, fields="HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n")
                self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 200"))
                self.assertIsNone(origin.requests[0].get("Upgrade"))
                self.assertIsNone(origin.requests[0].get("HTTP2-Settings"))

    def test_a_switch_to_something_else_than_was_asked_for_is_refused(self):
        secure, proxy = self.ask(self.switching("h2c"), "tcp, h2c", "POST")
        self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 502"))
        self.assertEqual(proxy.wait_record(lambda r: r["method"] == "POST")["cause"], "bad_response")


if __name__ == "__main__":
    unittest.main()
