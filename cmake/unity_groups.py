"""Says which files of a target can be compiled as one: `unity_groups.py ROOT SIZE FILE…`.

Prints `FILE;GROUP` lines. In a group no file declares a name in its anonymous namespace that another
file of it, or a header of the project that the other reads, declares as well in that namespace or in one
around it or inside it; the same alias may stand in both. So a file may call its helpers what it likes: files
are compiled together only where that is the same as apart.

The sources are read as clang-format leaves them: what stands in the first column is a declaration of
namespace scope.
"""

import functools
import os
import re
import sys

ROOT, SIZE = sys.argv[1], int(sys.argv[2])

NOISE = re.compile(r'//[^\n]*|R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"')
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
NAMED = re.compile(r"(?:using|struct|class|enum class|enum|union|namespace) (\w+)")
NO_DECLARATION = re.compile(r"[\s#}):]|namespace|template|using namespace|using [\w:]+;|TEST|INSTANTIATE|return")


@functools.cache
def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def declared_by(line):
    """The name that a line of the first column declares, or none."""
    if not line or (NO_DECLARATION.match(line) and not re.match(r"namespace \w+ =|using [\w:]+;", line)):
        return None
    if imported := re.match(r"using [\w:]*?(\w+);", line):
        return imported[1]
    if named := NAMED.match(line):
        return named[1]
    words = re.findall(r"[\w:~]+", re.split(r"[({=;\[]", line)[0])
    return words[-1] if words and "::" not in words[-1] else None  # a member is its class's


@functools.cache
def names_of(path):
    """Two sets: what a file declares in anonymous namespaces, and what elsewhere in its namespaces.

    A declaration is its namespace, its name, and of an alias its text: an alias may be declared again.
    """
    private, shared, spaces, open_body = set(), set(), [], False
    for line in NOISE.sub("", text_of(path)).splitlines():
        if opened := re.match(r"namespace ([\w:]*) ?{", line):
            spaces.append(opened[1])
        elif line.rstrip() == "}" and not open_body and spaces:
            spaces.pop()
        elif name := declared_by(line):
            # An alias at file scope is the file's own, wherever it stands.
            alias = line.startswith(("using ", "namespace "))
            again = line if alias and line.endswith(";") else ""
            space = "::".join(filter(None, spaces))
            (private if "" in spaces or alias else shared).add((space, name, again))
        if line and line[0] not in " #":
            open_body = line.endswith(("{", "(", ",", "=")) and not line.startswith(("namespace", "}"))
    return private, shared


def around(space):
    """The namespace and those that it is in, as far as the project's names go."""
    parts = space.split("::")
    return {"::".join(parts[:count]) for count in range(1, len(parts) + 1)} | {""}


def hides(private, seen):
    """Whether a name of one file could be taken for one that another declares or reads."""
    by_name = {}
    for space, name, again in seen:
        by_name.setdefault(name, []).append((space, again))
    return any(not (again and again == other) and (space in around(elsewhere) or elsewhere in around(space))
               for space, name, again in private for elsewhere, other in by_name.get(name, ()))


@functools.cache
def headers_of(path):
    seen, waiting = set(), [path]
    while waiting:
        for name in INCLUDE.findall(text_of(waiting.pop())):
            header = os.path.join(ROOT, name)
            if header not in seen and os.path.exists(header):
                seen.add(header)
                waiting.append(header)
    return seen


@functools.cache
def visible_names(path):
    private, shared = names_of(path)
    return private | shared | set().union(*(names_of(header)[1] for header in headers_of(path)))


@functools.cache
def fit(one, other):
    return not hides(names_of(one)[0], visible_names(other)) and not hides(names_of(other)[0], visible_names(one))


def fits(file, group):
    return all(fit(file, other) for other in group)


groups = []
for each in sys.argv[3:]:
    home = next((group for group in groups if len(group) < SIZE and fits(each, group)), None)
    if home is None:
        groups.append(home := [])
    home.append(each)
for number, group in enumerate(groups):
    for each in group:
        print(f"{each};{number}")
