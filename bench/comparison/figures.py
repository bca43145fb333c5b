"""What is measured, and what becomes of the measurements of several rounds."""
import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    mode: str    # of sluice-load
    title: str
    unit: str
    path: tuple  # where it stands in sluice-load's line
    digits: int

    def of(self, line):
        value = line
        for key in self.path:
            value = value.get(key) if value else None
        return value

    def text(self, value):
        return f"{value:.{self.digits}f}"


FIGURES = [
    Figure("connect", "CONNECT, request, close", "CPU µs/op", ("proxy_cpu", "us_per_op"), 1),
    Figure("forward", "forward, keep-alive", "CPU µs/request", ("proxy_cpu", "us_per_op"), 1),
    Figure("rr", "ping-pong, 64 tunnels", "CPU µs/op", ("proxy_cpu", "us_per_op"), 1),
    Figure("down", "download", "CPU s/GB", ("proxy_cpu", "s_per_gb"), 3),
    Figure("up", "upload", "CPU s/GB", ("proxy_cpu", "s_per_gb"), 3),
    Figure("idle", "idle tunnel", "KiB of PSS", ("idle", "kib_per_tunnel"), 2),
]

# The same operations, and what they cost the whole machine: generator, origin and kernel included.
MACHINE_FIGURES = [
    Figure("connect", "CONNECT, request, close", "µs/op", ("machine_cpu", "us_per_op"), 0),
    Figure("forward", "forward, keep-alive", "µs/request", ("machine_cpu", "us_per_op"), 0),
    Figure("rr", "ping-pong, 64 tunnels", "µs/op", ("machine_cpu", "us_per_op"), 0),
    Figure("down", "download", "s/GB", ("machine_cpu", "s_per_gb"), 2),
    Figure("up", "upload", "s/GB", ("machine_cpu", "s_per_gb"), 2),
]

# Connections to a proxy that looks into their TLS, each with a new one to the origin.
INSPECT_FIGURES = [
    Figure("inspect", "new connection, leaf at hand", "CPU µs", ("proxy_cpu", "us_per_op"), 0),
    Figure("inspect-fresh", "new connection, new name", "CPU µs", ("proxy_cpu", "us_per_op"), 0),
    Figure("inspect-idle", "idle connection", "KiB of PSS", ("idle", "kib_per_tunnel"), 1),
]


@dataclass
class Cell:
    """One figure of one peer over all rounds."""

    values: list = field(default_factory=list)
    failed: int = 0

    def add(self, value, failed):
        self.failed += failed
        if value is not None:
            self.values.append(value)

    @property
    def median(self):
        return statistics.median(self.values) if self.values else None

    @property
    def sound(self):
        """Whether it may be compared: measured, and every operation answered rightly."""
        return bool(self.values) and self.failed == 0


def collect(lines, figures):
    """{peer: {mode: Cell}} of [(peer, line)]."""
    cells = {}
    for peer, line in lines:
        for figure in figures:
            if figure.mode == line["mode"]:
                cell = cells.setdefault(peer, {}).setdefault(figure.mode, Cell())
                cell.add(figure.of(line), line["failed"])
    return cells


def best(cells, kinds, mode):
    """(name, median) of the best proxy that is not Sluice, or None. Relays and the limit are no proxies."""
    rivals = [(of_peer[mode].median, name) for name, of_peer in cells.items()
              if kinds[name] == "proxy" and name != "Sluice" and mode in of_peer and of_peer[mode].sound]
    return min(rivals)[::-1] if rivals else None
