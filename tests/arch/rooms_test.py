"""The house rules: which room may include what, and how long a file may be.

The table of rooms is read from CMakeLists.txt, so that it exists once. `sluice_room(NAME ROOMS …
LIBS …)` says what the room may use; this test holds every #include against it, and then shows with
the compiler that the build itself refuses a wrong one.
"""

import functools
import graphlib
import os
import re
import statistics
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONG = 300  # lines; a longer file states its reason in a comment
LONG_REASON = "// Over 300 lines because"
MEDIAN = 150  # lines

# Headers of third parties, and the CMake library that a room needs to include them.
THIRD_PARTIES = {
    r"uv\.h$": "PkgConfig::libuv",
    r"ares(_.*)?\.h$": "PkgConfig::cares",
    r"openssl/": "OpenSSL::SSL",
    r"llhttp\.h$": "llhttp",
    r"nghttp2/": "PkgConfig::nghttp2",
    r"(spdlog|fmt)/": "spdlog::spdlog",
    r"yaml-cpp/": "yaml-cpp",
    r"nlohmann/": "nlohmann_json::nlohmann_json",
    r"CLI/": "CLI11::CLI11",
}

# Within its room, a third party may be confined to folders, or to a file.
CONFINED = {
    r"nghttp2/": ("http/h2/",),
}

# Likewise another room: all of aks/ but the webhook's server is values.
CONFINED_ROOMS = {("aks", "net"): "aks/webhook/", ("aks", "http1"): "aks/webhook/"}

# What glibc and the kernel bring. Everything else in <…> with a slash or `.h` is a third party, and
# a new third party is a decision: name it above and in docs/design/README.md.
SYSTEM = re.compile(
    r"(sys|netinet|arpa|net|linux|asm)/|"
    r"(dirent|dlfcn|endian|errno|fcntl|getopt|grp|ifaddrs|malloc|netdb|poll|pthread|pwd|resolv|sched|"
    r"signal|spawn|stdint|syslog|termios|time|unistd)\.h$"
)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


@functools.cache
def rooms():
    """{room: (rooms it may use, libraries it links)}, in the order of CMakeLists.txt."""
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    table = {}
    for body in re.findall(r"^sluice_room\(([^)]*)\)", text, re.MULTILINE):
        name, *words = body.split()
        lists = {"ROOMS": [], "LIBS": [], "EMBED": []}
        current = None
        for word in words:
            if word in lists:
                current = lists[word]
            else:
                current.append(word)
        table[name] = (lists["ROOMS"], lists["LIBS"])
    return table


@functools.cache
def sources(*folders):
    files = [f for folder in folders for end in ("*.h", "*.cc") for f in (ROOT / folder).rglob(end)]
    return sorted(files)


@functools.cache
def includes(path):
    """[(line number, "<" or '"', header)] of a file."""
    text = path.read_text(encoding="utf-8")
    return [
        (text.count("\n", 0, m.start(1)) + 1, m.group(1), m.group(2)) for m in INCLUDE.finditer(text)
    ]


def inner_includes():
    """(file, place for messages, header) of every "…" include of the rooms."""
    for path in sources(*rooms()):
        for line, kind, header in includes(path):
            if kind == '"':
                yield path, f"{path.relative_to(ROOT)}:{line}", header


class Rooms(unittest.TestCase):
    def assertNothing(self, problems):
        self.assertFalse(problems, "\n" + "\n".join(problems))

    def test_the_table_is_found_and_has_no_cycle(self):
        self.assertGreaterEqual(len(rooms()), 9)
        graph = {room: set(uses) for room, (uses, _) in rooms().items()}
        order = list(graphlib.TopologicalSorter(graph).static_order())
        self.assertEqual(set(order), set(rooms()), "a room uses one that CMakeLists.txt does not have")

    def test_the_table_is_in_order_from_the_bottom_up(self):
        seen = set()
        for room, (uses, _) in rooms().items():
            self.assertLessEqual(set(uses), seen, f"{room} uses a room that stands below it")
            seen.add(room)

    def test_a_room_reaches_other_rooms_by_the_table_alone(self):
        for room, (_, libraries) in rooms().items():
            for library in libraries:
                self.assertNotIn("sluice", library, f"{room}: name rooms after ROOMS, not LIBS")

    def test_includes_name_a_room_and_an_existing_file(self):
        problems = []
        for _, place, header in inner_includes():
            if ".." in header or header.split("/")[0] not in rooms() or header.endswith(".cc"):
                problems.append(f'{place}: "{header}" must be written "room/file.h"')
            elif not (ROOT / header).exists():
                problems.append(f'{place}: "{header}" does not exist')
        self.assertNothing(problems)

    def test_rooms_include_only_what_the_table_allows(self):
        problems = []
        for path, place, header in inner_includes():
            here, there = path.relative_to(ROOT).parts[0], header.split("/")[0]
            allowed = [here, *rooms()[here][0]]
            if there in rooms() and there not in allowed:
                problems.append(f'{place}: "{header}": {here} may use {", ".join(allowed)} only')
        self.assertNothing(problems)

    def test_a_room_that_a_table_row_confines_is_used_in_its_folder_alone(self):
        problems = []
        for path, place, header in inner_includes():
            inside = path.relative_to(ROOT).as_posix()
            folder = CONFINED_ROOMS.get((inside.split("/")[0], header.split("/")[0]))
            if folder is not None and not inside.startswith(folder):
                problems.append(f'{place}: "{header}" only in {folder}')
        self.assertNothing(problems)

    def test_each_room_is_in_the_build_of_the_image(self):
        sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
        self.assertNothing([f".dockerignore: !{room} is missing" for room in rooms() if f"!{room}" not in sent])

    def test_headers_do_not_include_each_other_in_a_circle(self):
        graph = {}
        for path, _, header in inner_includes():
            graph.setdefault(str(path.relative_to(ROOT)), set()).add(header)
        graphlib.TopologicalSorter(graph).prepare()  # raises CycleError with the circle


class ThirdParties(unittest.TestCase):
    def test_each_is_included_only_where_its_library_is_linked(self):
        problems = []
        for path in sources(*rooms()):
            inside = path.relative_to(ROOT).as_posix()
            room = inside.split("/")[0]
            for line, kind, header in includes(path):
                if kind != "<" or SYSTEM.match(header) or not re.search(r"[/.]", header):
                    continue
                library = next((lib for p, lib in THIRD_PARTIES.items() if re.match(p, header)), None)
                if library is None:
                    problems.append(f"{inside}:{line}: <{header}> is unknown; see SYSTEM in {__file__}")
                elif library not in rooms()[room][1]:
                    problems.append(f"{inside}:{line}: <{header}> needs {library}, which {room} does not link")
                for pattern, folders in CONFINED.items():
                    if re.match(pattern, header) and not inside.startswith(folders):
                        problems.append(f"{inside}:{line}: <{header}> only in {' and '.join(folders)}")
        self.assertFalse(problems, "\n" + "\n".join(problems))


class Lengths(unittest.TestCase):
    def lines(self, path):
        return path.read_text(encoding="utf-8").count("\n")

    def test_no_file_is_over_300_lines_without_a_reason(self):
        long = [
            f"{path.relative_to(ROOT)}: {self.lines(path)} lines and no comment `{LONG_REASON} …`"
            for path in sources(*rooms(), "tests", "bench")
            if self.lines(path) > LONG and LONG_REASON not in path.read_text(encoding="utf-8")
        ]
        self.assertFalse(long, "\n" + "\n".join(long))

    def test_the_median_file_is_short(self):
        median = statistics.median(self.lines(path) for path in sources(*rooms()))
        self.assertLessEqual(median, MEDIAN)


@unittest.skipUnless("SLUICE_ROOM_VIEWS" in os.environ, "needs a build directory; ctest gives it")
class Compiler(unittest.TestCase):
    """The include directory of a room, as the build uses it."""

    def compiles(self, room, header):
        view = Path(os.environ["SLUICE_ROOM_VIEWS"]) / f"sluice_{room}"
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder) / "probe.cc"
            probe.write_text(f'#include "{header}"\nint main() {{}}\n', encoding="utf-8")
            command = [os.environ["SLUICE_CXX"], "-std=c++20", "-E", "-I", view, probe]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode != 0:
            self.assertRegex(done.stderr, "No such file|file not found")
        return done.returncode == 0

    def first_header(self, room):
        """A header of the room that includes nothing of another, so that its failure is its own."""
        headers = [f for f in sources(room) if f.suffix == ".h"]
        return min(headers, key=lambda f: len(includes(f))).relative_to(ROOT).as_posix()

    def test_a_room_sees_its_own_headers_and_not_those_of_other_rooms(self):
        built = [room for room in rooms() if sources(room) and any(f.suffix == ".h" for f in sources(room))]
        wrong = 0
        for room in built:
            if not any(f.suffix == ".cc" for f in sources(room)):
                continue
            self.assertTrue(self.compiles(room, self.first_header(room)), f"{room} can't see itself")
            for other in set(built) - {room, *rooms()[room][0]}:
                header = self.first_header(other)
                self.assertFalse(self.compiles(room, header), f'{room} can include "{header}"')
                wrong += 1
        self.assertGreater(wrong, 0, "no wrong include was tried")


if __name__ == "__main__":
    unittest.main()
