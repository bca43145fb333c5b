"""Certificate authorities that live as long as a comparison: of inspecting peers, and of the origin."""
import atexit
import os
import shutil
import subprocess
import tempfile

KEYS = {"P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "RSA": ["rsa:2048"]}


class Authorities:
    """Files in a directory of their own. The origin's is written by sluice-load."""

    def __init__(self, memory):
        self.directory = tempfile.mkdtemp(prefix="sluice-bench-ca-", dir=memory)
        atexit.register(shutil.rmtree, self.directory, True)
        os.chmod(self.directory, 0o755)  # for peers that drop root
        self.origin = os.path.join(self.directory, "origin.pem")
        for kind, key in KEYS.items():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-keyout", self.key(kind), "-out",
                 self.certificate(kind), "-days", "2", "-subj", f"/CN=sluice-bench {kind}",
                 "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign"],
                check=True, capture_output=True)

    def certificate(self, kind):
        return os.path.join(self.directory, f"{kind}.pem")

    def key(self, kind):
        return os.path.join(self.directory, f"{kind}.key")
