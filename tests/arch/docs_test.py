"""The documents: every link leads somewhere, and every page can be reached from README.md."""

import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages():
    """The pages of the repository; of a copy without one, those that lie in its rooms."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT,
                            capture_output=True, text=True, check=False)
    names = listed.stdout.split() if listed.returncode == 0 else [
        str(path.relative_to(ROOT)) for top in ("*.md", "docs/**/*.md", "tests/**/*.md") for path in ROOT.glob(top)]
    return [ROOT / name for name in names if (ROOT / name).exists()]


def anchors(page):
    """The names by which a page's headings can be linked to, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
            for heading in headings}


def links(page):
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            yield target, (page.parent / file).resolve() if file else page, anchor


class Documents(unittest.TestCase):
    def test_each_link_leads_somewhere(self):
        wrong = []
        for page in pages():
            for text, target, anchor in links(page):
                if not target.exists():
                    wrong.append(f"{page.relative_to(ROOT)}: {text}: no such file")
                elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                    wrong.append(f"{page.relative_to(ROOT)}: {text}: no such heading")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_each_page_can_be_reached_from_the_first(self):
        reached, waiting = set(), [ROOT / "README.md"]
        while waiting:
            page = waiting.pop()
            if page in reached or page.suffix != ".md" or not page.exists():
                continue
            reached.add(page)
            waiting += [target for _, target, _ in links(page)]
        lost = [str(page.relative_to(ROOT)) for page in pages() if page not in reached]
        self.assertFalse(lost, "nobody links " + ", ".join(lost))


if __name__ == "__main__":
    unittest.main()
