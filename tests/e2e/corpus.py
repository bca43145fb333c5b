"""Reads the hostile corpora in tests/corpus (docs/design/testing.md describes the format).

A file holds blocks. A block starts with "== name", then come "key: value" lines, an empty line, and the
message. Line breaks of the file are not part of the message: every octet that matters is written as an
escape (\\r \\n \\t \\\\ \\xHH) or as itself. {origin}, {proxy} and {via} are filled in per run;
{repeat:COUNT:TEXT}, {number:COUNT:TEXT} (# counts from 0) and {noise:COUNT} make long messages.
"""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent / "corpus"

REQUEST_OUTCOMES = {"400", "4xx", "error", "accept", "close"}
RESPONSE_OUTCOMES = {"forward", "bad-gateway", "truncated"}
KEYS = {
    "requests": {"expect", "or", "origin-max", "never-reaches", "client", "origin", "origin-sees",
                 "origin-lacks", "because"},
    "responses": {"expect", "or", "origin", "body", "client-sees", "client-lacks", "because"},
}
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
TOKEN = re.compile(
    r"\\x(?P<hex>[0-9a-f]{2})|\\(?P<escape>[rnt\\])|\{(?P<name>origin|proxy|via)\}"
    r"|\{(?P<macro>repeat|number):(?P<count>\d+):(?P<text>(?:[^{}]|\{origin\})*)\}"
    r"|\{noise:(?P<noise>\d+)\}|(?P<plain>[^\\{}])")


class CorpusError(ValueError):
    """A corpus file that does not follow the format; names file and line."""


@dataclasses.dataclass
class Case:
    name: str    # "file/block"
    attributes: dict[str, list[str]]
    text: str    # the message with escapes, before substitution

    def get(self, key, default=None):
        return self.attributes.get(key, [default])[0]

    def all(self, key):
        return [octets(value, {}) for value in self.attributes.get(key, [])]

    @property
    def outcomes(self):
        """The outcomes that are right, the preferred one first."""
        others = [part.strip() for part in (self.get("or") or "").split(",") if part.strip()]
        return [self.get("expect"), *others]

    def message(self, **names):
        return octets(self.text, names)

    @property
    def origin_max(self):
        """Most requests the origin may see: unless stated, 0 for refusals and 1 otherwise."""
        stated = self.get("origin-max")
        if stated is not None:
            return int(stated)
        return 1 if {"accept", "close"} & set(self.outcomes) or self.get("origin") else 0


def octets(text, names):
    """`text` with its escapes and substitutions resolved, as bytes."""
    out = bytearray()
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise CorpusError(f"cannot read {text[at:at + 40]!r}; expected an escape or a substitution")
        at = match.end()
        if match["hex"]:
            out.append(int(match["hex"], 16))
        elif match["escape"]:
            out += ESCAPES[match["escape"]]
        elif match["name"]:
            out += names[match["name"]].encode("ascii")
        elif match["macro"]:
            inner = octets(match["text"], names)
            for index in range(int(match["count"])):
                out += inner.replace(b"#", b"%d" % index) if match["macro"] == "number" else inner
        elif match["noise"]:
            # Every octet value, none near its neighbour; starts with one that begins no token.
            out += bytes((41 + 73 * index) % 256 for index in range(int(match["noise"])))
        else:
            out += match["plain"].encode("ascii")
    return bytes(out)


def load(kind):
    """All cases of "requests" or "responses", in file order."""
    cases = []
    for path in sorted((ROOT / kind).glob("*.txt")):
        cases += _parse(path, kind)
    names = [case.name for case in cases]
    if len(set(names)) != len(names):
        raise CorpusError(f"{kind}: a name is used twice in one file")
    return cases


def _parse(path, kind):
    cases, case, in_message = [], None, False
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        where = f"{path.name}:{number}"
        if line.startswith("== "):
            case, in_message = Case(f"{path.stem}/{line[3:].strip()}", {}, ""), False
            cases.append(case)
        elif case is None:
            if line and not line.startswith("#"):
                raise CorpusError(f"{where}: expected a comment or '== name'")
        elif in_message:
            case.text += line
        elif not line:
            in_message = True
        else:
            key, colon, value = line.partition(":")
            if not colon or key not in KEYS[kind]:
                raise CorpusError(f"{where}: unknown key {key!r}; known: {sorted(KEYS[kind])}")
            case.attributes.setdefault(key, []).append(value.strip())
    known = REQUEST_OUTCOMES if kind == "requests" else RESPONSE_OUTCOMES
    for case in cases:
        unknown = set(case.outcomes) - known
        if unknown or not case.get("because"):
            raise CorpusError(f"{case.name}: needs 'because' and outcomes of {sorted(known)}")
    return cases
