"""Completions in real shells, and the manual pages as man(1) and mandoc read them."""

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import harness

# What is typed, and all that is proposed for the last word.
CASES = [
    ("sluice chec", ["check"]),
    ("sluice aks re", ["render"]),
    ("sluice aks audit ", ["node", "pods"]),
    ("sluice check --os ", ["linux", "windows"]),
    ("sluice check --http-prox", ["--http-proxy-config"]),
    ("sluice check --region westeu", ["westeurope"]),
    ("sluice ca install alp", ["alpine"]),
    ("sluice completion ", ["bash", "fish", "zsh"]),
    ("sluice aks validate http-", ["http-proxy-config.json"]),
    ("sluice check -f http-", ["http-proxy-config.json"]),
]


class Shells(harness.TestCase):
    def setUp(self):
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = Path(directory.name)
        (self.folder / "http-proxy-config.json").write_text("{}")

    def script(self, shell):
        code, out, err = harness.run_sluice("completion", shell)
        self.assertEqual((0, ""), (code, err))
        path = self.folder / f"_sluice.{shell}"
        path.write_text(out)
        return path

    def needs(self, program):
        if shutil.which(program) is None:
            self.skipTest(f"{program} is not installed")

    def run_in(self, *command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        return done.stdout.split("\n")[:-1]

    def test_bash(self):
        complete = ('source "$1"; read -ra COMP_WORDS <<<"$2"; [[ $2 != *" " ]] || COMP_WORDS+=(""); '
                    'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sluice; printf "%s\\n" "${COMPREPLY[@]}"')
        script = self.script("bash")
        for typed, proposed in [*CASES, ("sluice check --os = li", ["linux"])]:
            with self.subTest(typed):
                self.assertEqual(proposed, sorted(self.run_in("bash", "-c", complete, "bash", script, typed)))

    def test_fish(self):
        self.needs("fish")
        script = self.script("fish")
        for typed, proposed in CASES:
            with self.subTest(typed):
                lines = self.run_in("fish", "--no-config", "-c", f"source {script}; complete -C '{typed}'")
                self.assertEqual(proposed, sorted(line.split("\t")[0] for line in lines))

    def test_zsh(self):
        self.needs("zsh")
        self.script("zsh").rename(self.folder / "_sluice")
        (self.folder / ".zshrc").write_text(
            "PS1='ready> '\nfpath=($PWD $fpath)\nautoload -Uz compinit\ncompinit -u -D\nunsetopt LIST_BEEP\nbindkey -e\n"
            "bindkey '^I' complete-word\n")
        with Zsh(self.folder) as shell:
            for typed, proposed in CASES:
                with self.subTest(typed):
                    answer = shell.complete(typed)
                    expected = [typed[:typed.rindex(" ") + 1] + proposed[0]] if len(proposed) == 1 else proposed
                    for text in expected:
                        self.assertIn(text, answer)


class Zsh:
    """An interactive zsh on a terminal of its own."""

    def __init__(self, folder):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-i"], {"PATH": "/usr/bin:/bin", "ZDOTDIR": str(folder), "TERM": "dumb",
                                              "HOME": str(folder), "LC_ALL": "C.UTF-8", "COLUMNS": "200"})
        self.read_until("ready> ")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.write(self.terminal, b"\x15exit\n")
        os.close(self.terminal)
        os.waitpid(self.child, 0)

    def read_until(self, sign, then="", seconds=20):
        text, deadline = "", time.monotonic() + seconds
        while sign not in text or then not in text.partition(sign)[2]:
            if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"zsh has not shown {sign!r}: {text!r}")
            text += os.read(self.terminal, 65536).decode(errors="replace")
        return text

    def complete(self, typed):
        """What stands on the screen after the tab; a command of its own says when that is all."""
        os.write(self.terminal, typed.encode() + b"\t\x15echo done$((1+1))\n")
        text = self.read_until("done2", then="ready> ")
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r|\x08.", "", text)


class Pages(harness.TestCase):
    def setUp(self):
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.folder = Path(directory.name)
        self.assertEqual((0, "", ""), harness.run_sluice("man", "--out", self.folder))
        self.pages = sorted(self.folder.iterdir())

    def test_there_is_one_for_each_command(self):
        names = {page.stem for page in self.pages}
        self.assertLessEqual({"sluice", "sluice-run", "sluice-aks-render-node", "sluice-completion"}, names)
        for page in self.pages:
            others = re.findall(r"^(sluice[a-z\\-]*)\(1\)", page.read_text().partition(".SH SEE ALSO")[2], re.M)
            self.assertTrue({name.replace("\\-", "-") for name in others} <= names, page.name)

    def test_mandoc_and_man_have_nothing_to_warn_of(self):
        for command in (["mandoc", "-T", "lint", "-W", "warning"], ["man", "--warnings", "-l", "-Tutf8"]):
            if shutil.which(command[0]) is None:
                continue
            for page in self.pages:
                done = subprocess.run([*command, page], capture_output=True, text=True, timeout=60, check=False,
                                      env={**os.environ, "LC_ALL": "C.UTF-8"})
                said = done.stderr + (done.stdout if command[0] == "mandoc" else "")
                self.assertEqual("", said, page.name)

    def test_a_page_says_what_the_help_says(self):
        _, text, _ = harness.run_sluice("aks", "diff", "--help")
        _, page, _ = harness.run_sluice("man", "aks", "diff")
        self.assertIn(".SH EXIT STATUS\n0 no difference, 1 differences", page)
        for option in re.findall(r"^  (--[a-z-]+)", text, re.M):
            self.assertIn(option.replace("-", "\\-"), page)
        self.assertEqual(2, harness.run_sluice("man", "aks", "dif")[0])


if __name__ == "__main__":
    unittest.main()
