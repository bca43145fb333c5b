"""The table of docs/clients.md, which a run of all clients writes."""
import re

import clients
import world

PAGE = world.REPOSITORY / "docs/clients.md"
BEGIN, END = "<!-- by make world ARGS=--write, from here -->", "<!-- to here -->"


def cell(client, way, reports, notes):
    """What came of the client's deeds on the way."""
    if way in client.cannot:
        return f"– {note(client.cannot[way], notes)}"
    failed = [deed for deed in client.deeds if "problem" in reports[way, deed]]
    done = reports[way, "download"]
    text = "fails" if "problem" in done else f"{client.download_mib[way]} MiB in {done['seconds']:.1f} s"
    for deed in failed:
        reason = client.known.get((way, deed), reports[way, deed]["problem"])
        text += f"; {deed} fails {note(reason, notes)}"
    return text


def note(text, notes):
    if text not in notes:
        notes.append(text)
    return f"[{notes.index(text) + 1}]"


def rows(versions, reports):
    """Markdown: a row for each client, and the notes."""
    notes = []
    lines = ["| client | " + " | ".join(world.WAYS.values()) + " |", "|---" * (len(world.WAYS) + 1) + "|"]
    for client in clients.CLIENTS:
        cells = [cell(client, way, reports[client.name], notes) for way in world.WAYS]
        lines.append(" | ".join([f"| {versions[client.name]}", *cells]) + " |")
    return "\n".join([*lines, "", *(f"{number}. {text}" for number, text in enumerate(notes, 1))])


def written(page):
    return page.split(BEGIN)[1].split(END)[0].strip()


def structure(text):
    """The same without what differs from run to run, and the versions that no lock file pins."""
    return re.sub(r"in \d+\.\d s|(?:Java|Python|Go 1\.19)[ .\d]*\d", "…", text)


def write(text):
    page = PAGE.read_text()
    PAGE.write_text(page.replace(written(page), text))


def difference(text):
    """What the page should say, or nothing."""
    here, there = (structure(each).splitlines() for each in (text, written(PAGE.read_text())))
    missing = [line for line in here if line not in there] + [f"(not) {line}" for line in there if line not in here]
    return f"run make world ARGS=--write: {missing[:3]}" if missing else ""
