"""Reads a handbook page, runs its commands and compares what they print with what the page says.

docs/handbook/README.md describes the form for authors. Every command gets a bash of its own, in the
page's temporary directory, and standard output and error in one stream.
"""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field

import harness

TIMEOUT = 120  # seconds for one command; `check --clients` compiles and runs eleven clients
FENCE = re.compile(r"(`{3,})\s*(\S*)\s*(.*)")
EXIT = re.compile(r"\s+# exit (\d+)$")


class PageError(Exception):
    """The page itself is wrong."""


@dataclass
class Command:
    text: str
    exit_code: int
    line: int  # of the page, from 1
    first: int  # index of the first line of expected output in the page
    expected: list = field(default_factory=list)


@dataclass
class File:
    name: str
    content: str


def parse(lines):
    """The files and commands of a page, in its order."""
    steps, closing, block, opened = [], None, [], (0, "", "")
    for index, line in enumerate(lines):
        fence = FENCE.fullmatch(line)
        if closing is None and fence:
            closing, block, opened = fence.group(1), [], (index, *fence.groups()[1:])
        elif closing is None and re.match(r"\s+`{3,}\s*console|\s+`{3,}.*\bfile=", line):
            raise PageError(f"line {index + 1}: the fence is indented and would not be executed")
        elif closing and fence and len(fence.group(1)) >= len(closing) and not fence.group(2):
            closing = None
            steps += parse_block(opened, block)
        elif closing:
            block.append(line)
    if closing:
        raise PageError(f"line {opened[0] + 1}: the fence is never closed")
    if not any(isinstance(step, Command) for step in steps):
        raise PageError("the page has no command")
    return steps


def parse_block(opened, block):
    start, language, info = opened
    name = re.fullmatch(r"file=(\S+)", info)
    if name:
        return [File(name.group(1), "".join(f"{line}\n" for line in block))]
    return parse_console(start + 1, block) if language == "console" else []


def parse_console(start, block):
    commands, continued = [], False
    for index, line in enumerate(block, start):
        if continued:
            commands[-1].text += "\n" + line
            commands[-1].first = index + 1
        elif line.startswith("$ "):
            commands.append(Command(line[2:], 0, index + 1, index + 1))
        elif not commands:
            raise PageError(f"line {index + 1}: expected a command, which starts with '$ '")
        else:
            commands[-1].expected.append(line)
        continued = line.endswith("\\") and commands[-1].first == index + 1
    for command in commands:
        code = EXIT.search(command.text)
        if code:
            command.text, command.exit_code = command.text[:code.start()], int(code.group(1))
    return commands


def fits(pattern, line):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line) is not None


def align(expected, actual):
    """The cheapest way from the expected lines to the actual ones: pairs (pattern, [lines]), where
    the pattern is None for lines that nothing expected."""
    swallow, replace = 0.001, 0.9  # "…" takes few lines; a changed line is one change, not two
    best = {(0, 0): (0, None, None)}

    def offer(state, cost, before, pair):
        if state not in best or cost < best[state][0]:
            best[state] = (cost, before, pair)

    for i in range(len(expected) + 1):
        for j in range(len(actual) + 1):
            cost, pattern = best[i, j][0], expected[i] if i < len(expected) else None
            if j < len(actual):
                offer((i, j + 1), cost + 1, (i, j), (None, [actual[j]]))
            if pattern == "…":
                for k in range(j, len(actual) + 1):
                    offer((i + 1, k), cost + swallow * (k - j), (i, j), ("…", actual[j:k]))
            elif pattern is not None:
                offer((i + 1, j), cost + 1, (i, j), (pattern, []))
                if j < len(actual):
                    change = 0 if fits(pattern, actual[j]) else replace
                    offer((i + 1, j + 1), cost + change, (i, j), (pattern, [actual[j]]))
    pairs, state = [], (len(expected), len(actual))
    while best[state][1] is not None:
        pairs.insert(0, best[state][2])
        state = best[state][1]
    return pairs


def agrees(pattern, lines):
    return pattern == "…" or (pattern is not None and len(lines) == 1 and fits(pattern, lines[0]))


def diff(pairs):
    """The alignment for people: '-' what the page says, '+' what was printed."""
    out = []
    for pattern, lines in pairs:
        if agrees(pattern, lines):
            out.append(f"  {pattern}")
        else:
            out += [f"- {pattern}"] if pattern is not None else []
            out += [f"+ {line}" for line in lines]
    return "\n".join(out)


def updated(pairs):
    """The expected lines, mended: patterns that still fit stay as the author wrote them."""
    return [line for pattern, lines in pairs
            for line in ([pattern] if agrees(pattern, lines) else lines)]


class Page:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.lines = self.path.read_text(encoding="utf-8").splitlines()
        self.steps = parse(self.lines)

    def run(self):
        """Runs everything; the command, its exit code and the alignment of its output for each."""
        results, groups = [], []
        with tempfile.TemporaryDirectory(prefix="sluice-handbook-") as folder:
            place = pathlib.Path(folder)
            for name in ("page", "bin", "home"):
                (place / name).mkdir()
            (place / "bin/sluice").symlink_to(pathlib.Path(harness.BINARY).resolve())
            try:
                for step in self.steps:
                    if isinstance(step, File):
                        write_file(place / "page", step)
                    else:
                        results.append((step, *execute(step, place, groups)))
            finally:
                for group in groups:
                    end_group(group)
        return results

    def update(self):
        """Rewrites expected output that no longer fits. True when the page changed."""
        lines = list(self.lines)
        for command, code, pairs in reversed(self.run()):
            if code != command.exit_code:
                raise PageError(f"line {command.line}: exit code {code}; mend the command first")
            if not all(agrees(*pair) for pair in pairs):
                lines[command.first:command.first + len(command.expected)] = updated(pairs)
        if lines == self.lines:
            return False
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return True


def write_file(folder, step):
    path = folder / step.name
    if folder.resolve() not in path.resolve().parents:
        raise PageError(f"the file {step.name} lies outside of the page's directory")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step.content, encoding="utf-8")


def clean_environment(place):
    kept = {name: value for name, value in harness.environment_without_own().items()
            if not name.lower().endswith("_proxy")}
    return {**kept, "HOME": str(place / "home"), "LC_ALL": "C.UTF-8", "TERM": "dumb",
            "PATH": f"{place / 'bin'}:{kept.get('PATH', '/usr/bin:/bin')}"}


def execute(command, place, groups):
    """Exit code and alignment. Output goes through a file, so that a server which the command puts
    into the background can't hold the test up; the server ends with the page."""
    with open(place / "output", "w+b") as output:
        process = subprocess.Popen(["bash", "-c", command.text], cwd=place / "page",
                                   env=clean_environment(place), stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        groups.append(process.pid)
        try:
            code = process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            end_group(process.pid)
            process.wait()
            raise PageError(f"line {command.line}: `{command.text}` did not end within "
                            f"{TIMEOUT} s") from None
        output.seek(0)
        actual = output.read().decode("utf-8", "backslashreplace").splitlines()
    return code, align(command.expected, actual)


def end_group(group):
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass  # everything the command started has ended


def problems(results):
    """What did not come out as the page says, for people."""
    found = []
    for command, code, pairs in results:
        where = f"line {command.line}: $ {command.text}"
        if code != command.exit_code:
            printed = "\n".join(f"+ {line}" for _, lines in pairs for line in lines)
            found.append(f"{where}\nexit code {code}, expected {command.exit_code}\n{printed}")
        elif not all(agrees(*pair) for pair in pairs):
            found.append(f"{where}\n{diff(pairs)}")
    return "\n\n".join(found)
