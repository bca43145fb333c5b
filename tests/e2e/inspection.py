"""What tests of inspection begin with: an authority for origins, the inspection CA, a proxy that has it."""
import pathlib
import tempfile

import harness
from origin import ADDRESS
from pki import Authority

NAME = "origin.test"


class InspectionCase(harness.TestCase):
    """Origins' certificates come from `origins`, which the proxy believes; `ca` is the proxy's own."""

    names = (NAME,)  # those that the proxy finds at the origins' address

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="sluice-inspect-")
        path = pathlib.Path(cls.directory.name)
        (path / "origins").mkdir()
        (path / "inspection").mkdir()
        cls.origins, cls.ca = Authority(path / "origins"), Authority(path / "inspection")

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def inspecting(self, *origins, **config):
        """A proxy that inspects all tunnels to `origins`; `config` is laid over that."""
        tls = {"ca_certificate": str(self.ca.certificate), "ca_key": str(self.ca.key),
               "connect": "inspect", "origin_roots": [str(self.origins.certificate)]}
        hosts = [{"name": name, "addresses": [ADDRESS]} for name in self.names]
        return self.sluice(harness.merge(
            {"tls": tls, "workers": 1, "policy": {"rules": [harness.allow(origins)]},
             "dns": {"hosts": hosts}}, config))
