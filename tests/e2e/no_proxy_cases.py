"""Lists and URLs made at random from what clients disagree about, and how a failing one gets small."""
import random

PROXY = "http://192.0.2.200:3128"
OTHER = "http://192.0.2.201:3128"

NAMES = ["example.com", "www.example.com", "a.b.example.com", "notexample.com", "example.org",
         "kubernetes", "api.default.svc", "db.svc.cluster.local", "x-1.example.com", "localhost"]
ADDRESSES = ["10.0.0.5", "10.0.0.15", "10.1.2.3", "192.0.2.7", "172.16.5.1", "127.0.0.1", "127.9.9.9"]
SIXES = ["2001:db8::1", "2001:db8:8000::1", "fd00::5", "::1", "2001:db8::10:1"]
PORTS = [80, 443, 8080]


def name_entry(draw, name):
    parent = name.split(".", 1)[-1]
    name = draw.choice([name, name, parent, name.upper()])
    return draw.choice([name, "." + name, "*." + name, "*" + name, name + ".", name[2:], ".." + name,
                        f"{name}:{draw.choice(PORTS)}", f".{name}:{draw.choice(PORTS)}",
                        f"*.{name}:{draw.choice(PORTS)}", name + "*", f"http://{name}", name + ":"])


def address_entry(draw, address):
    parts = address.split(".")
    bits = draw.choice([0, 1, 8, 12, 16, 24, 27, 30, 31, 32, 33])
    base = draw.choice([address, "10.0.0.0", ".".join([*parts[:3], "0"])])
    return draw.choice([address, f"{address}:{draw.choice(PORTS)}", f"{base}/{bits}", f"{base}/{bits}",
                        f"{base}/{bits}:8080", f"{base}/0{bits}", f"{base}/a8", f"{base}/255.0.0.0",
                        ".".join(parts[1:]), "." + ".".join(parts[2:]), parts[0] + ".*",
                        ".".join(parts[:3]) + ".", f"{address}/", f"10.0.0.1-10.0.0.9"])


def six_entry(draw, address):
    bits = draw.choice([0, 1, 8, 32, 33, 64, 127, 128, 129])
    return draw.choice([address, f"[{address}]", f"[{address}]:{draw.choice(PORTS)}", f"{address}/{bits}",
                        f"[{address}]/{bits}", f"[{address}/{bits}]", address.upper(),
                        address.replace("::", ":0::", 1), "::/0"])


def entry(draw, host):
    if draw.random() < 0.06:
        return draw.choice(["*", "", ".", "*.", ":80", "*:80", "[]", "/8"])
    if draw.random() < 0.4:
        host = draw.choice(NAMES + ADDRESSES + SIXES)
    if ":" in host:
        return six_entry(draw, host)
    return address_entry(draw, host) if host[0].isdigit() else name_entry(draw, host)


def url(draw):
    host = draw.choice(NAMES * 2 + ADDRESSES * 2 + SIXES)
    if ":" in host:
        host = f"[{host}]"
    elif not host[0].isdigit() and draw.random() < 0.2:
        host = draw.choice([host.upper(), host + "."])
    port = draw.choice(["", "", ":80", ":443", ":8080"])
    return f"{draw.choice(['http', 'http', 'https'])}://{host}{port}/"


def host_of(url_text):
    authority = url_text.split("/")[2]
    return authority[1:].split("]")[0] if authority[0] == "[" else authority.split(":")[0].rstrip(".").lower()


def pieces(draw, host, separator):
    """Entries and separators of a list, in turn, so that a shrinker can take them out."""
    out = []
    for index in range(draw.choice([1, 1, 2, 3, 4])):
        if index:
            odd = draw.choice([", ", " ,", " ", ";", "|", ",,", " , ", "\t"])
            out.append(separator if draw.random() < 0.8 else odd)
        out.append(entry(draw, host))
    if draw.random() < 0.05:
        out.insert(draw.choice([0, len(out)]), draw.choice([" ", ",", "  "]))
    return out


def resolved(draw):
    return draw.choice([[], [draw.choice(["10.0.0.5", "10.1.2.3", "192.0.2.7", "127.0.0.1", "fd00::5"])]])


def environment(draw, text):
    """The six variables, mostly as AKS sets them, otherwise some of them, with other or no values."""
    if draw.random() < 0.7:
        names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")
        return {**dict.fromkeys(names, PROXY), "no_proxy": text, "NO_PROXY": text}
    out = {}
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        for spelling in (name, name.upper()):
            if draw.random() < (0.6 if name != "all_proxy" else 0.1):
                out[spelling] = draw.choice([PROXY, OTHER, PROXY, OTHER, ""])
    for spelling in ("no_proxy", "NO_PROXY"):
        if draw.random() < 0.6:
            out[spelling] = draw.choice([text, text, "", "elsewhere.invalid"])
    if draw.random() < 0.1:
        out["REQUEST_METHOD"] = "GET"
    return out


def make(seed, client, count, separator=","):
    """`count` cases for `client`, the same ones for the same seed."""
    draw = random.Random(f"{seed} {client}")
    cases = []
    for _ in range(count):
        asked = url(draw)
        parts = pieces(draw, host_of(asked), separator)
        text = "".join(parts)
        case = {"client": client, "url": asked, "pieces": parts, "env": environment(draw, text)}
        if client.startswith("ruby"):
            case["resolved"] = resolved(draw)
        cases.append(case)
    return cases


def smaller(case):
    """The case with a piece less, with a variable less, or with a shorter piece."""
    old = "".join(case["pieces"])

    def with_pieces(parts):
        text = "".join(parts)
        env = {name: text if value == old else value for name, value in case["env"].items()}
        return {**case, "pieces": parts, "env": env}

    for index, piece in enumerate(case["pieces"]):
        yield with_pieces(case["pieces"][:index] + case["pieces"][index + 1:])
        if len(piece) > 1:
            for cut in (piece[1:], piece[:-1]):
                yield with_pieces([*case["pieces"][:index], cut, *case["pieces"][index + 1:]])
    for name in case["env"]:
        yield {**case, "env": {key: value for key, value in case["env"].items() if key != name}}


def shrink(case, mismatches):
    """The smallest case found that `mismatches`, a function from cases to those that fail, still has."""
    for _ in range(40):
        failing = mismatches(list(smaller(case)))
        if not failing:
            return case
        case = failing[0]
    return case
