"""Wrong uses of the commands, one after the other as in wrong_uses.txt: each ends with the exit code that scripts
rely on, and with a sentence that says what is wrong and where help is."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import harness

TRANSCRIPT = Path(__file__).with_name("wrong_uses.txt")
CONFIG = '{"httpProxy": "http://10.1.0.4:3128/", "httpsProxy": "http://10.1.0.4:3128/", "noProxy": [".corp.example"]}\n'


def cases():
    """(command, exit code, standard error) of each."""
    for block in re.split(r"^\$ ", TRANSCRIPT.read_text(encoding="utf-8"), flags=re.M)[1:]:
        command, answer = block.split("\n", 1)
        code, text = re.fullmatch(r"\[(\d)\] ?(.*)", answer.rstrip("\n"), re.S).groups()
        yield command, int(code), text


def pattern(text):
    """Matches the text, with anything for "…"."""
    return ".*".join(re.escape(part) for part in text.split("…"))


class WrongUses(harness.TestCase):
    def setUp(self):
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        folder = Path(directory.name)
        (folder / "bin").mkdir()
        (folder / "bin" / "sluice").symlink_to(harness.BINARY)
        (folder / "sluice.yaml").write_text("timeouts: {idle: 5s}\n")
        (folder / "aks.json").write_text(CONFIG)
        (folder / "empty.json").write_text("{}\n")
        self.folder = folder

    def run_shell(self, command):
        environment = {**harness.environment_without_own(), "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin"}
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        return done.returncode, done.stderr.rstrip("\n"), done.stdout.rstrip("\n")

    def test_each_is_answered_as_written(self):
        for command, code, err in cases():
            with self.subTest(command):
                got_code, got_err, got_out = self.run_shell(command)
                self.assertEqual(code, got_code, got_err)
                self.assertRegex(got_err, re.compile(f"^{pattern(err)}$", re.S))
                self.assertEqual("", got_out)

    def test_there_are_sixty_and_none_ends_well(self):
        all_cases = list(cases())
        self.assertGreaterEqual(len(all_cases), 60)
        self.assertEqual({2, 3}, {code for _, code, _ in all_cases})

    def test_every_sentence_of_the_parser_names_a_help_that_is_there(self):
        helps = {match.group(1) for _, _, err in cases()
                 if (match := re.search(r"[Ss]ee (sluice[a-z ]*) --help$", err))}
        self.assertGreater(len(helps), 20)
        for path in sorted(helps):
            with self.subTest(path):
                code, err, out = self.run_shell(f"{path} --help")
                self.assertEqual((0, ""), (code, err))
                self.assertTrue(out.startswith(f"Usage: {path}"), out)


if __name__ == "__main__":
    unittest.main()
