"""The figures as a Markdown table, which is as good to read in a terminal."""
from figures import best


def cell_text(figure, cell):
    if cell is None or not cell.values:
        return f"fails {cell.failed}" if cell and cell.failed else "–"
    text = figure.text(cell.median)
    if len(cell.values) > 1:
        text += f" ({figure.text(min(cell.values))}..{figure.text(max(cell.values))})"
    return text + (f", fails {cell.failed}" if cell.failed else "")


def ratio(of_sluice, other):
    if of_sluice is None or not of_sluice.sound or not other:
        return "–"
    return f"{of_sluice.median / other:.2f}"


def render(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def table(cells, kinds, figures):
    """Median (min..max) of every peer, then Sluice as a multiple of the best proxy and of the limit."""
    rows = [["", *(f"{figure.title}, {figure.unit}" for figure in figures)]]
    for name, of_peer in cells.items():
        rows.append([name, *(cell_text(figure, of_peer.get(figure.mode)) for figure in figures)])
    sluice, limit = cells.get("Sluice", {}), cells.get("limit", {})
    if sluice:
        winners = [best(cells, kinds, figure.mode) for figure in figures]
        rows.append(["Sluice ÷ best proxy", *(
            f"{ratio(sluice.get(figure.mode), winner[1])} ({winner[0]})" if winner else "–"
            for figure, winner in zip(figures, winners))])
        rows.append(["Sluice ÷ limit", *(
            ratio(sluice.get(figure.mode), limit[figure.mode].median if figure.mode in limit else None)
            for figure in figures)])
    return render(rows)
