"""Runs clang-tidy on a file, unless it found nothing in the same octets before.

    tidy.py CLANG_TIDY COMPILER [OPTION…] FILE -- COMPILER [ARGUMENT…]

as CMake calls a linter. What counts is the file as the preprocessor leaves it, with comments (NOLINT is
one), the checks and the version of clang-tidy: never a time or a place, so that checkouts share verdicts.
Only "nothing found" is kept, as an empty file of 64 hex digits' name in $SLUICE_TIDY_CACHE or
~/.cache/sluice-tidy, which may be deleted at any time.
"""

import hashlib
import os
import pathlib
import subprocess
import sys

CACHE = pathlib.Path(os.environ.get("SLUICE_TIDY_CACHE") or "~/.cache/sluice-tidy").expanduser()
CHECKS = pathlib.Path(__file__).resolve().parent.parent / ".clang-tidy"


def content_of(tidy, compiler, file, arguments):
    """What the verdict depends on, as a hash; none where the preprocessor fails, which clang-tidy explains."""
    with_value = {"-o", "-MF", "-MT", "-MQ"}
    kept, skip = [], False
    for argument in arguments:
        if not skip and argument not in with_value and argument not in {"-c", "-MD", "-MMD", file}:
            kept.append(argument)
        skip = argument in with_value
    text = subprocess.run([compiler, *kept, "-E", "-C", "-P", file], capture_output=True, check=False)
    if text.returncode != 0:
        return None
    version = subprocess.run([tidy, "--version"], capture_output=True, check=True).stdout
    warnings = " ".join(argument for argument in kept if argument.startswith(("-W", "-D", "-f", "-std")))
    content = hashlib.sha256()
    for part in (version, CHECKS.read_bytes(), warnings.encode(), text.stdout):
        content.update(hashlib.sha256(part).digest())
    return content.hexdigest()


def main():
    tidy, compiler, *rest = sys.argv[1:]
    split = rest.index("--")
    file, arguments = rest[split - 1], rest[split + 2:]
    key = content_of(tidy, compiler, file, arguments)
    verdict = CACHE / key if key else None
    if verdict and verdict.exists():
        return 0
    done = subprocess.run([tidy, *rest], check=False)
    if verdict and done.returncode == 0:
        CACHE.mkdir(parents=True, exist_ok=True)
        verdict.touch()
    return done.returncode


sys.exit(main())
