"""Charts as SVG, with nothing but strings."""
import math
from html import escape

FONT = 'font-family="DejaVu Sans, Helvetica, Arial, sans-serif"'
INK, FAINT, GRID = "#1c2733", "#5b6b7a", "#dfe5ea"
COLOURS = {"Sluice": "#0b6bcb", "limit": "#7a8a99"}
OTHER, FAILING = "#b9c6d2", "#e3b5ae"
LINES = ["#0b6bcb", "#7a8a99", "#c2571a", "#2e8b57", "#8e4fb0", "#b8860b"]


def text(x, y, words, size=12, colour=INK, anchor="start", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def rect(x, y, width, height, colour):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" fill="{colour}"/>'


def line(x1, y1, x2, y2, colour, width=1.0):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width}"/>')


def document(width, height, title, parts):
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" {FONT} role="img">')
    return "\n".join([head, f"<title>{escape(title)}</title>", rect(0, 0, width, height, "#ffffff"), *parts,
                      "</svg>", ""])


PANEL_WIDTH, LABELS, VALUES, ROW = 440, 130, 76, 19


def bars(left, top, figure, cells):
    """One figure: a bar a peer, shorter is better, with a whisker from the least to the most."""
    parts = [text(left, top, f"{figure.title}, {figure.unit}", 13, weight="bold")]
    shown = [(name, of_peer[figure.mode]) for name, of_peer in cells.items()
             if figure.mode in of_peer and of_peer[figure.mode].values]
    if not shown:
        return parts
    shown.sort(key=lambda entry: entry[1].median)
    room = PANEL_WIDTH - LABELS - VALUES
    # A peer far behind the others must not flatten them: its bar is cut, and its number says so.
    medians = sorted(cell.median for _, cell in shown)
    scale = room / min(medians[-1], 4 * medians[len(medians) // 2] or 1)
    for number, (name, cell) in enumerate(shown):
        y = top + 10 + number * ROW
        length = min(cell.median * scale, room)
        colour = COLOURS.get(name, OTHER) if cell.failed == 0 else FAILING
        parts.append(text(left + LABELS - 6, y + 12, name, 11, anchor="end",
                          weight="bold" if name == "Sluice" else "normal"))
        parts.append(rect(left + LABELS, y + 2, length, ROW - 6, colour))
        low, high = (left + LABELS + min(v * scale, room) for v in (min(cell.values), max(cell.values)))
        parts.append(line(low, y + ROW / 2 - 1, high, y + ROW / 2 - 1, INK))
        label = figure.text(cell.median) + (" fails" if cell.failed else "") + (
            " …" if cell.median * scale > room + 1 else "")
        parts.append(text(max(left + LABELS + length, high) + 5, y + 12, label, 11, FAINT))
    return parts


def bar_chart(cells, figures, subtitle):
    rows = max(len(cells), 1)
    panel_height = 40 + rows * ROW
    width, height = 2 * PANEL_WIDTH + 60, 70 + math.ceil(len(figures) / 2) * panel_height
    parts = [text(20, 28, "What a proxy's work costs: less is better", 17, weight="bold"),
             text(20, 48, subtitle, 11, FAINT)]
    for number, figure in enumerate(figures):
        left = 20 + (number % 2) * (PANEL_WIDTH + 20)
        parts += bars(left, 84 + (number // 2) * panel_height, figure, cells)
    return document(width, height, "Cost per operation of Sluice and other proxies", parts)


def nice_top(value):
    """A round number a little above `value`."""
    step = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return next(step * factor for factor in (1, 1.5, 2, 3, 4, 6, 8, 10) if step * factor >= value)


def curve(left, top, width, height, title, series, colours):
    """`series`: {name: [(count, value)]}, on a logarithmic x axis."""
    points = [point for of_peer in series.values() for point in of_peer]
    parts = [text(left, top - 12, title, 13, weight="bold")]
    if not points:
        return parts
    highest = nice_top(max(value for _, value in points))
    first, last = (math.log10(pick(count for count, _ in points)) for pick in (min, max))

    def place(count, value):
        across = (math.log10(count) - first) / (last - first or 1)
        return left + 40 + across * (width - 60), top + height - value / highest * height

    for part in range(5):
        value = highest * part / 4
        y = top + height - height * part / 4
        parts += [line(left + 40, y, left + width - 20, y, GRID), text(left + 34, y + 4, f"{value:g}", 10, FAINT, "end")]
    labelled = math.inf
    for count in sorted({count for count, _ in points}, reverse=True):
        x = place(count, 0)[0]
        if labelled - x > 32:  # else the numbers would run into each other
            parts.append(text(x, top + height + 16, f"{count}", 10, FAINT, "middle"))
            labelled = x
    for name, of_peer in series.items():
        corners = [place(count, value) for count, value in sorted(of_peer)]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colours[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[name]}"/>' for x, y in corners]
    return parts


def growth_chart(panels, subtitle):
    """`panels`: [(title, {peer: [(idle tunnels, value)]})]."""
    names = list(dict.fromkeys(name for _, series in panels for name in series))
    colours = {name: LINES[i % len(LINES)] for i, name in enumerate(names)}
    width, height, panel = 1000, 360, 320
    parts = [text(20, 28, "More idle tunnels beside a constant load", 17, weight="bold"),
             text(20, 48, subtitle, 11, FAINT)]
    for i, name in enumerate(names):
        parts += [rect(20 + i * 130, 60, 10, 10, colours[name]), text(35 + i * 130, 69, name, 11)]
    for i, (title, series) in enumerate(panels):
        parts += curve(20 + i * panel, 120, panel, 190, title, series, colours)
        parts.append(text(20 + i * panel + panel / 2, 345, "idle tunnels", 10, FAINT, "middle"))
    return document(width, height, "Cost per operation and memory per tunnel by number of idle tunnels", parts)
