"""The clients: what builds them, what they are asked to do, and what is known to fail."""
import dataclasses

MIB = 1 << 20
STREAMS, READ_BYTES, UPLOAD_BYTES, SILENCE_SECONDS = 30, 4096, 8 * MIB, 120
DEEDS = ("download", "upload", "refusal", "silence")


@dataclasses.dataclass(frozen=True)
class Client:
    name: str                      # of the test; the program tells its versions itself
    toolchain: str                 # in toolchains.py
    command: tuple                 # below build/world, or an absolute path
    download_mib: dict             # by way, in all streams together; a way that is not here it can't go
    deeds: tuple = DEEDS
    server: str = "http"           # in toolchains.py as well
    cannot: dict = dataclasses.field(default_factory=dict)  # way: why that is nothing of ours
    known: dict = dataclasses.field(default_factory=dict)  # (way, deed): why it is expected to fail


def mib(tunnel, inspected, **others):
    return {"tunnel": tunnel, **{way.replace("_", "+"): amount for way, amount in others.items()},
            "inspected": inspected}


FLOOD = "WINDOW_UPDATE counts as a flood, however many octets it stands for"
GO_H2 = "takes the HTTP/2 that the listener offers, and then speaks HTTP/1.1"
SILENT = "a response may be silent for timeouts.idle and no longer"

CLIENTS = (
    Client("go", "go", ("go/nethttp",), mib(1024, 1024, tls=256), cannot={"tls+h2": GO_H2},
           known={("inspected", "download"): FLOOD, ("inspected", "silence"): SILENT}),
    Client("go-debian", "go-debian", ("go/nethttp-debian",), mib(1024, 1024, tls=256),
           cannot={"tls+h2": GO_H2}, known={("inspected", "download"): FLOOD, ("inspected", "silence"): SILENT}),
)
