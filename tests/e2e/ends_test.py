"""The program ends as it is told to, whoever holds its files, pipes and standard streams, and says when its
output is lost."""
import fcntl
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import harness
import pki
from harness import BINARY, eventually
from wire import request

GUARD = 5  # seconds that the program gives itself beyond its limits
F_SETPIPE_SZ = 1031


def ended(process, within):
    """The exit code; killed, and None, when it does not end."""
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


class Outputs(unittest.TestCase):
    def run_with(self, command, redirection):
        done = subprocess.run(["/bin/sh", "-c", f'"$0" {command} {redirection}', BINARY], timeout=60,
                              capture_output=True, text=True, check=False, env=harness.environment_without_own())
        return done.returncode, done.stderr

    def test_output_that_is_lost_is_an_error(self):
        for command in ("config schema", "config show --effective", "aks endpoints --region westeurope",
                        "check --simulate --json"):
            for redirection in (">/dev/full", ">&-"):
                code, err = self.run_with(command, redirection)
                self.assertEqual(3, code, (command, redirection, err))
                self.assertIn("standard output", err)

    def test_a_reader_that_has_left_has_what_it_wanted(self):
        for command in (["--version"], ["config", "schema"], ["aks", "endpoints", "--json"]):
            read_end, write_end = os.pipe()
            os.close(read_end)
            with open(write_end, "wb") as output:
                done = subprocess.run([harness.BINARY, *command], stdout=output, stderr=subprocess.PIPE, timeout=20,
                                      check=False)
            self.assertEqual((0, b""), (done.returncode, done.stderr), command)

    def test_wrong_usage_stays_wrong_usage(self):
        self.assertEqual(2, self.run_with("config show --set nothing=1", ">/dev/full")[0])

    def test_closed_streams_end_nothing(self):
        for redirection in ("<&- 2>&-", "<&- >&- 2>&-", "2>/dev/full"):
            for command, expected in (("config check --set workers=1", 0), ("config check --set workers=x", 2)):
                code, err = self.run_with(command, redirection)
                expected = 3 if ">&- 2" in redirection and expected == 0 else expected
                self.assertEqual(expected, code, (command, redirection, err))


class Server(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def start(self, *sets, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close=()):
        settings = ["listen=127.0.0.1:0", "admin.listen=off", "workers=1", "timeouts.drain=1s", *sets]
        flags = [word for each in settings for word in ("--set", each)]

        def prepare():
            harness.LIBC.prctl(harness.PR_SET_PDEATHSIG, signal.SIGKILL)
            for number in close:
                os.close(number)
        process = subprocess.Popen([BINARY, "run", *flags], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                                   preexec_fn=prepare, env=harness.environment_without_own())
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def serving(self, process):
        """Once its worker runs."""
        def named():
            tasks = f"/proc/{process.pid}/task"
            return any(pathlib.Path(tasks, task, "comm").read_text() == "worker-0\n" for task in os.listdir(tasks))
        eventually(named, "a worker")

    def full_pipe(self):
        """The writing end of a pipe that takes no more; nobody reads it."""
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(os.close, writing)
        fcntl.fcntl(writing, F_SETPIPE_SZ, 4096)
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writing, True)
        return writing

    def test_it_ends_while_nobody_reads_its_log(self):
        for streams in ("stdout", "stderr", "both"):
            with self.subTest(streams=streams):
                pipe = self.full_pipe()
                process = self.start(stdout=pipe if streams != "stderr" else subprocess.DEVNULL,
                                     stderr=pipe if streams != "stdout" else subprocess.DEVNULL)
                self.serving(process)
                process.send_signal(signal.SIGHUP)
                process.send_signal(signal.SIGTERM)
                self.assertEqual(0, ended(process, 30))

    def test_records_wait_in_vain_for_a_reader_and_the_end_does_not(self):
        log = self.path / "log"
        os.mkfifo(log)
        reader = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        proxy = harness.Sluice({"access_log": {"path": str(log)}, "timeouts": {"drain": "1s"}})
        for number in range(300):
            with proxy.connect() as client:
                client.send(request("GET", f"http://nobody.localhost/{number}{'x' * 500}"))
                client.read_response()
        self.assertEqual(0, proxy.stop(30))

    def test_a_fifo_in_place_of_a_file_is_an_error_in_time(self):
        fifo = self.path / "fifo"
        os.mkfifo(fifo)
        for sets in ([f"access_log.path={fifo}"], [f"tls.ca_certificate={fifo}", f"tls.ca_key={fifo}"]):
            process = self.start(*sets, stderr=subprocess.PIPE)
            code = ended(process, 30)
            self.assertEqual(3, code, sets)
            self.assertIn(b"FIFO", process.stderr.read())
            process.stderr.close()

    def test_a_certificate_that_becomes_a_fifo_keeps_nobody(self):
        certificate, key = (pki.Authority(self.path).server_context("proxy.test") and
                            (self.path / "proxy.test.pem", self.path / "proxy.test.key"))
        process = self.start("tls.listen=127.0.0.1:0", f'tls.certificates=[{{"certificate": "{certificate}", '
                             f'"key": "{key}"}}]')
        self.serving(process)
        certificate.unlink()
        os.mkfifo(certificate)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        self.assertIn(ended(process, 40), (0, 3))

    def test_a_second_signal_ends_what_hangs(self):
        config = self.path / "sluice.yaml"
        config.write_text("")
        process = subprocess.Popen(
            [BINARY, "run", "-c", config, "--set", "listen=127.0.0.1:0", "--set", "admin.listen=off",
             "--set", "timeouts.drain=1h"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=harness.environment_without_own())
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        eventually(lambda: pathlib.Path(f"/proc/{process.pid}/task").exists() and
                   len(os.listdir(f"/proc/{process.pid}/task")) > 2, "threads")
        config.unlink()
        os.mkfifo(config)
        process.send_signal(signal.SIGHUP)  # reads for as long as it takes
        began = time.monotonic()
        code = None
        # Signals of a kind that wait are one, so that the second is sent until it tells.
        while code is None and time.monotonic() - began < GUARD + 30:
            process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(0.5)
            except subprocess.TimeoutExpired:
                pass
        self.assertEqual(3, code)


if __name__ == "__main__":
    unittest.main()
