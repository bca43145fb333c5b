"""What clients in Python share: the task that they are given (tests/world/README.md), and how they tell."""
import concurrent.futures
import hashlib
import importlib.metadata
import json
import platform
import sys
import time


def everything(error):
    """An error with what caused it."""
    texts = []
    while error is not None:
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return "; ".join(texts)


def main(package, make):
    """Does the task of the command line; without one it prints the version."""
    if len(sys.argv) < 2:
        print(f"{package} {importlib.metadata.version(package)}, Python {platform.python_version()}")
        return
    task = json.loads(sys.argv[1])
    deeds = make(task)
    for name in task["deeds"]:
        start = time.monotonic()
        try:
            report = deeds[name]()
        except Exception as error:
            report = {"error": everything(error)}
        print(json.dumps({**report, "deed": name, "seconds": time.monotonic() - start}), flush=True)


def at_once(task, pieces):
    """The sum of each stream, whose octets `pieces(stream)` yields; each in a thread of its own."""
    def one(stream):
        digest = hashlib.sha256()
        for piece in pieces(stream):
            digest.update(piece)
        return digest.hexdigest()

    with concurrent.futures.ThreadPoolExecutor(task["streams"]) as pool:
        return list(pool.map(one, range(task["streams"])))


class Refused(Exception):
    """The other side answered with another status than 200."""


def check(status, body):
    if status != 200:
        raise Refused(f"{status} {body}")
