"""grpcio. The proxy is what https_proxy says; one with an https:// URL it doesn't know."""
import json
import os

import deeds

SERVICE = "/world.World"


def make(task):
    os.environ["https_proxy"] = task["proxy"]
    import grpc  # which reads it

    with open(task["roots"], "rb") as roots:
        credentials = grpc.ssl_channel_credentials(roots.read())

    def connect(url):
        return grpc.secure_channel(url.removeprefix("https://").split("/")[0], credentials)

    channel = connect(task["origin"])

    def ask(name, **asked):
        return channel.unary_stream(f"{SERVICE}/{name}")(json.dumps(asked).encode())

    def pieces(stream):
        return ask("Download", stream=stream, bytes=task["bytes"], size=task["read"])

    def upload():
        octets = list(ask("Download", stream=0, bytes=task["upload"], size=16 << 10))
        return json.loads(channel.stream_unary(f"{SERVICE}/Upload")(iter(octets)))

    def silence():
        return {"said": b"".join(ask("Silence", seconds=task["silence"])).decode()}

    def refusal():
        try:
            connect(task["refused"]).unary_unary("/denied/Ask")(b"", timeout=20)
        except grpc.RpcError as error:
            return {"said": str(error.details())}
        return {"said": "answered"}

    return {"download": lambda: {"sums": deeds.at_once(task, pieces), "protocol": "gRPC"},
            "upload": upload, "silence": silence, "refusal": refusal}


deeds.main("grpcio", make)
