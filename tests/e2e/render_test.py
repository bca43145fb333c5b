"""`sluice aks render …`: golden files, and what is refused.

    render_test.py --update     rewrites the golden files; review them against what AKS does
"""
import json
import re
import sys
import tempfile
import unittest

import render
from harness import run_sluice
from render import Case, transcript

CASES = sorted(path for path in render.GOLDEN.glob("*.txt") if path.stem != "pac_routes")


def golden_test(path):
    def test(self):
        case = Case(path)
        case.unpack(self.folder)
        self.assertTrue(case.commands())
        for command in case.commands():
            with self.subTest(command):
                self.assertEqual(case.sections[command], transcript(command, self.folder))
    return test


class Golden(render.TestCase):
    pass


for golden in CASES:
    setattr(Golden, f"test_{golden.stem}", golden_test(golden))


class Usage(render.TestCase):
    def test_every_form_refuses_input_with_errors_and_says_all_of_them(self):
        (self.folder / "config.json").write_text(json.dumps({
            "httpProxy": "https://user:secret@proxy.example.com", "noProxy": ["*.example.com"],
            "trustedCa": "AAAA"}))
        (self.folder / "facts.json").write_text('{"podCidrs": ["10.0.0.1/8"]}')
        code, out, _ = run_sluice("aks", "render", "--help")
        forms = re.findall(r"^  ([a-z-]+)  ", out[out.index("Commands:"):out.index("Options:")], re.M)
        self.assertEqual(12, len(forms))
        for form in forms:
            files = ["config.json", "facts.json"] if form in render.FORMS_WITH_FACTS else ["config.json"]
            code, out, err = run_sluice("aks", "render", form, *files, cwd=self.folder)
            self.assertEqual((2, ""), (code, out), form)
            rules = ["proxy-scheme", "proxy-credentials", "no-proxy-wildcard", "trusted-ca-pem"]
            for rule in rules + (["facts-type"] if len(files) == 2 else []):
                self.assertIn(f"[{rule}]", err)
            self.assertNotIn("secret", err)

    def test_flags_replace_the_facts_of_the_file(self):
        self.unpack("full")
        out = self.render("effective", "--pod-cidr", "10.99.0.0/16", "--fqdn", "other.example")
        self.assertIn("10.99.0.0/16", out)
        self.assertIn("other.example", out)
        self.assertNotIn("10.244.0.0/16", out)
        self.assertIn("10.0.0.0/16", out)

    def test_facts_are_an_argument_or_a_flag(self):
        self.unpack("full")
        code, out, err = run_sluice("aks", "render", "effective", "config.json", "--facts", "facts.json",
                                    cwd=self.folder)
        self.assertEqual((0, self.render("effective")), (code, out), err)
        self.render("effective", "--facts", "facts.json", expected=2)

    def test_wrong_facts_are_refused(self):
        self.unpack("full")
        for arguments in (["--pod-cidr", "10.0.0.1/8"], ["--distro", "debian"], ["--fqdn", "a b"],
                          ["--tar", "a", "--out", "b"], ["--nonsense"]):
            self.assertEqual("", self.render("node", *arguments, expected=2), arguments)

    def test_a_file_that_is_not_there_is_trouble_with_the_environment(self):
        code, _, err = run_sluice("aks", "render", "cli", self.folder / "none.json")
        self.assertEqual((3, True), (code, "none.json" in err), err)


def update():
    for path in CASES:
        case = Case(path)
        with tempfile.TemporaryDirectory() as folder:
            case.unpack(folder)
            for command in case.commands():
                case.sections[command] = transcript(command, folder)
        text = "".join(f"==== {name}\n{body}" for name, body in case.sections.items())
        path.write_text(case.note + text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
