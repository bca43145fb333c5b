"""What the tests of `sluice aks render` share: golden files as cases, and their inputs in a directory."""
import json
import pathlib
import re
import tempfile
import unittest

import harness
from harness import run_sluice

GOLDEN = harness.REPOSITORY / "tests/golden/render"
FORMS_WITH_FACTS = ("effective", "node", "cse", "pod", "monitoring", "pac")


class Case:
    """A golden file: a sentence, then sections. config.json and facts.json are input; the others are
    command lines with their output. "? " marks a finding (severity, path and rule; the words are free
    to improve), "! " the exit code."""

    def __init__(self, path):
        self.path = path
        self.note, *sections = re.split(r"^==== (.*)\n", path.read_text(encoding="utf-8"), flags=re.M)
        self.sections = dict(zip(sections[::2], sections[1::2]))

    def inputs(self):
        return {name: text for name, text in self.sections.items() if name.endswith(".json")
                and " " not in name}

    def commands(self):
        return [name for name in self.sections if name not in self.inputs()]

    def unpack(self, folder):
        for name, text in self.inputs().items():
            (pathlib.Path(folder) / name).write_text(text, encoding="utf-8")


def transcript(command, folder):
    code, out, err = run_sluice("aks", "render", *command.split(), cwd=folder)
    findings = "".join("? " + re.sub(r"^(\w+: [^ ]+): .* (\[[a-z-]+\])$", r"\1 \2", line) + "\n"
                       for line in err.splitlines())
    return out + findings + (f"! {code}\n" if code else "")


class TestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = pathlib.Path(directory.name)

    def unpack(self, name):
        case = Case(GOLDEN / f"{name}.txt")
        case.unpack(self.folder)
        return json.loads(case.inputs()["config.json"])

    def render(self, form, *arguments, expected=0):
        files = ["config.json", "facts.json"] if form in FORMS_WITH_FACTS else ["config.json"]
        code, out, err = run_sluice("aks", "render", form, *files, *arguments, cwd=self.folder)
        self.assertEqual(expected, code, err)
        return out
