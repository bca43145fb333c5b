"""What a reload changes of inspection, and what it leaves to connections that were there before."""
import unittest

from inspection import NAME, InspectionCase


class InspectionReload(InspectionCase):
    def test_a_tunnel_from_before_is_still_inspected_when_the_ca_is_taken_away(self):
        origin = self.origin()
        proxy = self.start(origin)
        with self.tunnel(proxy, f"{NAME}:{origin.port}") as peer:
            self.reload(proxy, {"tls": {"ca_certificate": "off", "ca_key": "off", "connect": "tunnel"}})
            with self.trusting().wrap_socket(peer.sock, server_hostname=NAME) as secure:
                secure.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}:{origin.port}\r\n\r\n".encode())
                self.assertTrue(secure.recv(4096).startswith(b"HTTP/1.1 200"))
        done = self.curl(proxy, f"https://{NAME}:{origin.port}/", trust=self.origins.certificate)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
