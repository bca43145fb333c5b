"""bench/compare: what it makes of measurements, and one short run with Sluice and the limit program."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
BUILD = pathlib.Path(os.environ.get("SLUICE_BUILD", BENCH.parent / "build/release"))
sys.path.insert(0, str(BENCH / "comparison"))

import chart  # noqa: E402
import figures  # noqa: E402
import processes  # noqa: E402
import rounds  # noqa: E402
import table  # noqa: E402

CONNECT = figures.FIGURES[0]
KINDS = {"Sluice": "proxy", "limit": "limit", "Quick": "proxy", "Slow": "proxy", "Relay": "relay"}


def line(value, failed=0, mode="connect"):
    return {"mode": mode, "failed": failed, "proxy_cpu": {"us_per_op": value, "s_per_gb": value}}


def cells(**values):
    return figures.collect([(name, measured) for name, lines in values.items() for measured in lines], figures.FIGURES)


class Figures(unittest.TestCase):
    def test_the_median_of_the_rounds_counts(self):
        self.assertEqual(20, cells(Sluice=[line(10), line(90), line(20)])["Sluice"]["connect"].median)

    def test_a_missing_measurement_is_no_zero(self):
        of_sluice = cells(Sluice=[{"mode": "connect", "failed": 3, "proxy_cpu": None}])["Sluice"]["connect"]
        self.assertEqual((None, False), (of_sluice.median, of_sluice.sound))

    def test_the_best_proxy_is_sound_no_relay_and_not_sluice(self):
        measured = cells(Sluice=[line(1)], Relay=[line(2)], limit=[line(2)], Quick=[line(3, failed=1)], Slow=[line(9)])
        self.assertEqual(("Slow", 9), figures.best(measured, KINDS, "connect"))

    def test_nobody_is_best_when_all_fail(self):
        self.assertIsNone(figures.best(cells(Quick=[line(3, failed=1)]), KINDS, "connect"))


class Table(unittest.TestCase):
    def test_shows_median_range_failures_and_ratios(self):
        measured = cells(Sluice=[line(10), line(12), line(11)], limit=[line(10)], Quick=[line(22)], Slow=[line(99, 7)])
        text = table.table(measured, KINDS, [CONNECT])
        for words in ("11.0 (10.0..12.0)", "99.0, fails 7", "0.50 (Quick)", "1.10"):
            self.assertIn(words, text)

    def test_a_sluice_that_fails_gets_no_ratio(self):
        text = table.table(cells(Sluice=[line(10, 1)], Quick=[line(22)]), KINDS, [CONNECT])
        self.assertNotIn("0.45", text)


class Rounds(unittest.TestCase):
    def test_every_peer_comes_first_once(self):
        peers = ["A", "B", "C"]
        self.assertEqual(["ABC", "BCA", "CAB", "ABC"], ["".join(rounds.rotated(peers, n)) for n in range(4)])


class Processes(unittest.TestCase):
    def test_a_cpu_is_kept_awake_by_what_gives_way_to_everyone(self):
        cpu = max(os.sched_getaffinity(0))
        process = processes.keep_awake(cpu)
        try:
            stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            self.assertEqual(os.SCHED_IDLE, os.sched_getscheduler(process.pid))
            self.assertEqual({cpu}, os.sched_getaffinity(process.pid))
            self.assertEqual("19", stat[16], "its nice value")
        finally:
            process.stop()
        self.assertIsNotNone(process.child.returncode)


class Charts(unittest.TestCase):
    def words(self, picture):
        root = xml.etree.ElementTree.fromstring(picture)
        return [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]

    def test_bars_escape_names_and_tell_values(self):
        measured = cells(**{"A & B <x>": [line(10), line(30)], "Sluice": [line(5)]})
        words = self.words(chart.bar_chart(measured, figures.FIGURES, "two rounds"))
        self.assertIn("A & B <x>", words)
        self.assertIn("20.0", words)

    def test_curves_draw_one_point_and_none(self):
        words = self.words(chart.growth_chart([("one", {"Sluice": [(100, 2.0)]}), ("none", {})], "x"))
        self.assertIn("100", words)


class Run(unittest.TestCase):
    def test_a_short_run_measures_everything(self):
        with tempfile.TemporaryDirectory() as output:
            done = subprocess.run([sys.executable, "-B", BENCH / "compare", "--quick", "--only", "sluice,limit", "--build",
                                   BUILD, "--output", output, "--seconds", "0.5"], capture_output=True, text=True,
                                  timeout=200, check=False)
            self.assertEqual(0, done.returncode, done.stderr)
            document = json.loads((pathlib.Path(output) / "compare.json").read_text())
            words = Charts().words((pathlib.Path(output) / "compare.svg").read_text())
        measured = {(entry["peer"], entry["mode"]): entry for entry in document["measurements"]}
        expected = {("Sluice", mode) for mode in ("idle", "connect", "forward", "rr", "down", "up")}
        self.assertEqual(expected | {("limit", mode) for mode in ("idle", "connect", "rr", "down", "up")}, set(measured))
        for entry in measured.values():
            self.assertEqual(0, entry["failed"], entry)
        self.assertIn("Sluice ÷ limit", done.stdout)
        self.assertIn("Sluice", words)

    def test_a_short_run_measures_inspection(self):
        with tempfile.TemporaryDirectory() as output:
            done = subprocess.run([sys.executable, "-B", BENCH / "compare", "--inspect", "--quick", "--only", "sluice",
                                   "--idle", "50", "--build", BUILD, "--output", output], capture_output=True, text=True,
                                  timeout=200, check=False)
            self.assertEqual(0, done.returncode, done.stderr)
            document = json.loads((pathlib.Path(output) / "inspect.json").read_text())
        measured = {entry["mode"]: entry for entry in document["measurements"]}
        self.assertEqual({"inspect-idle", "inspect", "inspect-fresh"}, set(measured))
        for entry in measured.values():
            self.assertEqual(0, entry["failed"], entry)
        self.assertGreater(measured["inspect"]["ops"], 0)
        self.assertGreater(measured["inspect-idle"]["idle"]["kib_per_tunnel"], 0)

    def test_a_peer_that_nobody_knows_is_wrong_usage(self):
        done = subprocess.run([sys.executable, "-B", BENCH / "compare", "--only", "nobody", "--build", BUILD],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(2, done.returncode, done.stderr)
        self.assertIn("nobody", done.stderr)


if __name__ == "__main__":
    unittest.main()
