"""What tests of inspection share: an authority for origins, the inspection CA, a proxy that has both."""
import pathlib
import signal
import ssl
import subprocess
import tempfile

import harness
from origin import ADDRESS, Origin, reply
from pki import Authority

NAME, OTHER = "origin.test", "other.test"
API_SERVER = "demo.hcp.westeurope.azmk8s.io"


class InspectionCase(harness.TestCase):
    """Origins' certificates come from `origins`, which the proxy believes; `ca` is the proxy's own."""

    names = (NAME, OTHER, API_SERVER)  # those that the proxy finds at the origins' address

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="sluice-inspect-")
        cls.path = path = pathlib.Path(cls.directory.name)
        (path / "origins").mkdir()
        (path / "inspection").mkdir()
        cls.origins, cls.ca = Authority(path / "origins"), Authority(path / "inspection")
        cls.contexts = {name: cls.origins.server_context(name) for name in cls.names}

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def origin(self, name=NAME, respond=None, context=None, **options):
        origin = Origin(respond or (lambda request: reply(b"hello")), tls=context or self.contexts[name], **options)
        self.addCleanup(origin.close)
        return origin

    def inspecting(self, *origins, **config):
        """A proxy that inspects all tunnels to `origins`; `config` is laid over that."""
        tls = {"ca_certificate": str(self.ca.certificate), "ca_key": str(self.ca.key),
               "connect": "inspect", "origin_roots": [str(self.origins.certificate)]}
        hosts = [{"name": name, "addresses": [ADDRESS]} for name in self.names]
        return self.sluice(harness.merge(
            {"tls": tls, "workers": 1, "policy": {"rules": [harness.allow(origins)]},
             "dns": {"hosts": hosts}}, config))

    def start(self, *origins, tls=None, policy=None, workers=1):
        rules = {} if policy is None else {"policy": {"rules": policy}}
        return self.inspecting(*origins, tls=tls or {}, workers=workers, **rules)

    def curl(self, proxy, url, *options, trust=None):
        done = subprocess.run(
            ["curl", "-sS", "-i", "--http1.1", "--max-time", "10", "--cacert", str(trust or self.ca.certificate),
             "-x", "http://%s:%d" % proxy.address, "--suppress-connect-headers", *options, url],
            capture_output=True, text=True, check=False)
        return done

    def trusting(self):
        return ssl.create_default_context(cafile=self.ca.certificate)

    def inside(self, proxy, origin):
        """A client's TLS socket in an inspected tunnel."""
        peer = self.tunnel(proxy, f"{NAME}:{origin.port}")
        secure = self.trusting().wrap_socket(peer.sock, server_hostname=NAME)
        self.addCleanup(secure.close)
        return secure

    def reload(self, proxy, changes):
        done = sum("reload: done" in line for line in proxy.lines)
        proxy.write_config(changes)
        proxy.signal(signal.SIGHUP)
        proxy.wait_line("reload: done", skip=done)
