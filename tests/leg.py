"""Runs the tests of a folder as a leg of CI; the last line counts them as ctest does, for .ci/run."""
import pathlib
import sys
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parent
REPOSITORY = TESTS.parent


class _Result(unittest.TextTestResult):
    """Says how long each test took."""

    def startTest(self, test):
        self._from = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        self.stream.write(f"      {time.monotonic() - self._from:.1f} s\n")
        self.stream.flush()


def run(folder, arguments=()):
    """Runs FOLDER/*_test.py; `arguments` are substrings, one of which a test's name has to have.

    Returns the exit code: 0 when all passed and there was one at all. A skipped test did not pass."""
    suite = unittest.TestSuite(_chosen(unittest.TestLoader().discover(str(folder), "*_test.py"), arguments))
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=_Result).run(suite)
    # What setUpClass raises counts as an error without a test of its own.
    bad = len(result.failures) + len(result.errors) + len(result.skipped) + len(result.unexpectedSuccesses)
    total = max(result.testsRun, bad)
    print(last_line(bad, total))
    return 0 if total and not bad else 1


def last_line(bad, total):
    return f"{100 * (total - bad) // max(total, 1)}% tests passed, {bad} tests failed out of {total}"


def _chosen(suite, arguments):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from _chosen(each, arguments)
        elif not arguments or any(argument in each.id() for argument in arguments):
            yield each
