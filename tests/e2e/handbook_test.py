"""Executes docs/handbook/*.md: every command of a page prints what the page says.

    handbook_test.py                    all pages, a test each
    handbook_test.py -k render          one page
    handbook_test.py --update [PAGE…]   rewrites expected output that no longer fits; "…" stays where
                                        it still does. Read the difference before you commit it.
"""
import pathlib
import re
import sys
import tempfile
import unittest

import handbook
import harness

PAGES = sorted((harness.REPOSITORY / "docs/handbook").glob("*.md"))


class Handbook(unittest.TestCase):
    maxDiff = None

    def test_there_are_pages(self):
        self.assertTrue(PAGES)

    def test_every_page_says_which_edition_of_the_articles_it_follows(self):
        for path in PAGES:
            head = path.read_text(encoding="utf-8").split("\n\n")[:3]
            self.assertTrue(path.name == "README.md" or
                            any(re.match(r"Edition: .*\b20\d\d-\d\d-\d\d\b", part, re.DOTALL) for part in head),
                            path.name)


def page_test(path):
    def test(self):
        try:
            wrong = handbook.problems(handbook.Page(path).run())
        except handbook.PageError as error:
            wrong = str(error)
        if wrong:
            self.fail(f"docs/handbook/{path.name}\n{wrong}\n"
                      f"(tests/e2e/handbook_test.py --update {path.name} rewrites the page)")
    return test


for page in PAGES:
    setattr(Handbook, f"test_page_{page.stem}", page_test(page))


class Runner(unittest.TestCase):
    """The runner itself: a page that is wrong has to fail."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name) / "page.md"

    def page(self, text):
        self.path.write_text(text, encoding="utf-8")
        return handbook.Page(self.path)

    def problems(self, *console):
        return handbook.problems(self.page("\n".join(["```console", *console, "```", ""])).run())

    def test_output_as_written_passes(self):
        self.assertEqual("", self.problems("$ printf 'a\\nb\\n'", "a", "b", "$ echo err >&2", "err"))

    def test_other_missing_and_further_output_fails(self):
        for expected in (["a", "c"], ["a"], ["a", "b", "c"], [], ["…", "c"], ["a…b"]):
            self.assertIn("printf", self.problems("$ printf 'a\\nb\\n'", *expected), expected)

    def test_an_ellipsis_matches_lines_and_parts_of_lines(self):
        for expected in (["…"], ["a", "…"], ["…", "b"], ["a", "…", "b"], ["…", "b", "…"], ["…", "…b"]):
            self.assertEqual("", self.problems("$ printf 'a\\nb\\n'", *expected), expected)

    def test_an_ellipsis_is_the_only_special_character(self):
        self.assertIn("- a.*", self.problems("$ echo abc", "a.*"))

    def test_exit_codes_have_to_be_announced(self):
        self.assertIn("exit code 3, expected 0", self.problems("$ exit 3"))
        self.assertEqual("", self.problems("$ exit 3  # exit 3"))
        self.assertIn("exit code 0, expected 3", self.problems("$ true # exit 3"))

    def test_commands_may_go_on_after_a_backslash(self):
        self.assertEqual("", self.problems("$ echo a \\", "  b", "a b"))

    def test_files_are_written_before_the_commands_that_follow(self):
        page = self.page("```json file=in/a.json\n{}\n```\n\n```console\n$ cat in/a.json\n{}\n```\n")
        self.assertEqual("", handbook.problems(page.run()))

    def test_files_outside_of_the_directory_are_refused(self):
        page = self.page("```text file=../a\n```\n```console\n$ true\n```\n")
        with self.assertRaises(handbook.PageError):
            page.run()

    def test_the_environment_has_neither_proxies_nor_a_home(self):
        self.assertEqual("", self.problems("$ env | grep -i _proxy= # exit 1", "$ ls -A ~", "$ ls -A"))

    def test_a_server_in_the_background_ends_with_the_page(self):
        results = self.page("```console\n$ sleep 600 & echo $!\n…\n```\n").run()
        pid = results[0][2][0][1][0]
        state = pathlib.Path(f"/proc/{pid}/stat")
        harness.eventually(lambda: not state.exists() or ") Z" in state.read_text(), "the end")

    def test_pages_that_would_not_be_executed_are_refused(self):
        for text in ("no command\n", "```console\n```\n", "```console\n$ true\n", "  ```console\n$ a\n```\n",
                     "```console\noutput\n$ true\n```\n", "```sh\n$ true\n```\n"):
            with self.assertRaises(handbook.PageError, msg=text):
                self.page(text)

    def test_update_mends_what_changed_and_keeps_ellipses_that_fit(self):
        page = self.page("text\n```console\n$ printf '1\\n2\\n3\\nx=7\\nend\\n'\n1\n…\nx=…\nfin\n```\nmore\n")
        self.assertTrue(page.update())
        self.assertEqual(self.path.read_text().split("\n")[3:8], ["1", "…", "x=…", "end", "```"])
        self.assertEqual("", handbook.problems(handbook.Page(self.path).run()))
        self.assertFalse(handbook.Page(self.path).update())


def update(names):
    for path in PAGES:
        if (not names or path.name in names) and handbook.Page(path).update():
            print(f"{path.name} rewritten")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--update"]:
        update(sys.argv[2:])
    else:
        unittest.main()
