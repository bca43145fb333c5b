"""A throw-away certificate authority, made with the openssl command."""
import pathlib
import ssl
import subprocess


def self_signed(directory, name, *options):
    """A certificate as openssl makes it with these options of its req command: PEM octets."""
    path = pathlib.Path(directory) / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-keyout", path.with_suffix(".key"), "-out",
                    path, "-subj", f"/CN={name}", *options], check=True, capture_output=True)
    return path.read_bytes()


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")


class Authority:
    """A CA in `directory`; `certificate` is the file that clients are told to trust."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.certificate, self.key = self.directory / "ca.pem", self.directory / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", self.key, "-out", self.certificate, "-days", "2",
                      "-subj", "/CN=Throw-away test CA",
                      "-addext", "basicConstraints=critical,CA:TRUE",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.key.chmod(0o600)

    @classmethod
    def of(cls, directory, certificate, key):
        """The CA of two files that somebody else made."""
        authority = cls.__new__(cls)
        authority.directory = pathlib.Path(directory)
        authority.certificate, authority.key = certificate, key
        return authority

    def server_files(self, name, days=1):
        """The files of a chain and a key for a server called `name`."""
        key, request, chain = (self.directory / f"{name}.{kind}" for kind in ("key", "csr", "pem"))
        extensions = self.directory / f"{name}.ext"
        extensions.write_text(f"subjectAltName=DNS:{name}\nextendedKeyUsage=serverAuth\n"
                              "basicConstraints=critical,CA:FALSE\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                      "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", chain)
        return chain, key

    def server_context(self, name, days=1):
        """An SSLContext for a server called `name`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.server_files(name, days))
        return context
