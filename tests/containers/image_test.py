"""The image: what is in it, and that it runs as a strict orchestrator would have it."""
import concurrent.futures
import io
import ipaddress
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

import base
from harness import BINARY, eventually
from leg import REPOSITORY
from origin import Origin
from wire import Peer

MIB = 1024 * 1024
MAX_BYTES = 30 * MIB
ENVIRONMENT = {"BUILD_BASE": base.NAME, "RUNTIME_BASE": base.NAME, "BINARY": BINARY}
# Read-only, a user that the image does not know, nothing to write to, little of everything.
STRICT = ["--read-only", "--user", "54321:54321", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
          "--memory", "64m", "--memory-swap", "64m", "--pids-limit", "32", "--ulimit", "nofile=256:256",
          "--health-interval", "1s"]
TUNNELS = 50
CROWD = 400  # more than STRICT has descriptors


def docker(*arguments, check=True):
    done = subprocess.run(["docker", *map(str, arguments)], capture_output=True, check=False, timeout=120)
    if check and done.returncode:
        raise AssertionError(f"docker {' '.join(map(str, arguments))}: {done.stderr.decode()}")
    return done


class Image(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        for stage in ("sluice", "load", "clients"):
            done = subprocess.run(["deploy/lab/run.sh", "image", stage], cwd=REPOSITORY, timeout=240, check=False,
                                  env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True)
            if done.returncode:
                raise AssertionError(done.stdout)

    def start(self, *options, image="sluice:latest", command=()):
        name = docker("run", "--detach", *options, image, *command).stdout.decode().strip()
        self.addCleanup(docker, "rm", "--force", name)
        return name

    def state(self, name):
        return json.loads(docker("inspect", name).stdout)[0]["State"]

    def test_it_is_small_and_has_no_shell_and_no_package_manager(self):
        self.assertLess(json.loads(docker("image", "inspect", "sluice:latest").stdout)[0]["Size"], MAX_BYTES)
        name = docker("create", "sluice:latest").stdout.decode().strip()
        self.addCleanup(docker, "rm", name)
        with tarfile.open(fileobj=io.BytesIO(docker("export", name).stdout)) as archive:
            members = {member.name: member for member in archive.getmembers()}
        # What else can be executed are libraries, and empty files of the engine's.
        programs = [each for each, member in members.items()
                    if member.isfile() and member.size and member.mode & 0o111 and ".so" not in each]
        self.assertEqual(["usr/local/bin/sluice"], programs)
        self.assertEqual([], [each for each, member in members.items() if member.mode & 0o6000])
        status = {pathlib.PurePath(each).name for each in members if each.startswith("var/lib/dpkg/status.d/")}
        self.assertLessEqual({"libc6", "libssl3", "libstdc++6", "ca-certificates", "libnghttp2-14"}, status)
        self.assertIn("etc/ssl/certs/ca-certificates.crt", members)

    def test_its_labels_say_version_and_commit(self):
        labels = json.loads(docker("image", "inspect", "sluice:latest").stdout)[0]["Config"]["Labels"]
        version = docker("run", "--rm", "sluice:latest", "--version").stdout.decode()
        self.assertTrue(version.startswith(f"sluice {labels['org.opencontainers.image.version']} ("), version)
        self.assertRegex(labels["org.opencontainers.image.revision"], "^([0-9a-f]{40}|unknown)$")

    def test_it_simulates_with_a_directory_for_its_files_alone(self):
        done = docker("run", "--rm", "--network", "none", "--tmpfs", "/tmp", *STRICT[:-2], "sluice:latest", "check",
                      "--simulate", check=False)
        self.assertEqual(0, done.returncode, done.stdout.decode()[-2000:] + done.stderr.decode())

    def test_a_name_in_its_hosts_file_has_all_its_addresses(self):
        # At the first of them nobody listens.
        hosts = ["--add-host=proxy.example:127.0.0.2", "--add-host=proxy.example:127.0.0.1"]
        name = self.start("--network", "none", *hosts, "--health-interval", "1s",
                          command=["run", "--listen", "127.0.0.1:3128"])
        eventually(lambda: self.state(name)["Health"]["Status"] == "healthy", "healthy", 60)
        docker("exec", "--env", "HTTPS_PROXY=http://proxy.example:3128/", name, "sluice", "check", "--region",
               "westeurope", "--elsewhere", "--timeout", "5s", check=False)
        self.assertIn('"target":"mcr.microsoft.com:443"', docker("logs", name).stdout.decode())

    def test_the_load_generator_and_the_clients_are_images_too(self):
        size = json.loads(docker("image", "inspect", "sluice-load:latest").stdout)[0]["Size"]
        self.assertLess(size, MAX_BYTES)
        strict = [*STRICT[:-2], "--network", "none"]
        self.assertIn(b"Usage: sluice-load", docker("run", "--rm", *strict, "sluice-load:latest", "--help").stdout)
        # Their variables lead to a proxy that is not there, so each of them fails, and is listed.
        done = docker("run", "--rm", "--network", "none", "--tmpfs", "/tmp", "--env", "HTTPS_PROXY=http://127.0.0.1:9/",
                      "sluice-clients:latest", "check", "--clients", "here", "--region", "westeurope", "--json",
                      check=False)
        ran = {each["program"].rpartition(" ")[0] for each in json.loads(done.stdout)["clients"] if not each["skipped"]}
        self.assertEqual({"curl", "git", "wget", "Python urllib", "Python requests", "Ruby Net::HTTP"}, ran)

    def test_its_health_is_that_of_the_proxy(self):
        healthy = self.start(*STRICT)
        eventually(lambda: self.state(healthy)["Health"]["Status"] == "healthy", "healthy", 60)
        idle = self.start(*STRICT, "--health-retries", "1",
                          command=["lab", "origins", "--tls-port=1443", "--http-port=1080"])
        eventually(lambda: self.state(idle)["Health"]["Status"] == "unhealthy", "unhealthy", 60)
        self.assertTrue(self.state(idle)["Running"], docker("logs", idle).stderr)

    def test_sigterm_under_load_loses_no_octet(self):
        # The engine names the gateway only where it was told one; it is the first address otherwise.
        network = json.loads(docker("network", "inspect", "bridge").stdout)[0]["IPAM"]["Config"][0]
        gateway = network.get("Gateway") or str(next(ipaddress.ip_network(network["Subnet"]).hosts()))
        origin = Origin(address=gateway)
        self.addCleanup(origin.close)
        rule = {"name": "origin", "action": "allow", "addresses": [gateway], "ports": [origin.port]}
        with tempfile.TemporaryDirectory() as directory:
            config = pathlib.Path(directory) / "sluice.yaml"
            config.write_text(json.dumps({"listen": ["0.0.0.0:3128"], "admin": {"probes": "0.0.0.0:3130"},
                                          "policy": {"rules": [rule]}, "timeouts": {"drain": "20s"}}))
            os.chmod(directory, 0o755)
            name = self.start(*STRICT, "--volume", f"{config}:/etc/sluice/sluice.yaml:ro")
            eventually(lambda: self.state(name)["Health"]["Status"] == "healthy", "healthy", 60)
            address = json.loads(docker("inspect", name).stdout)[0]["NetworkSettings"]["IPAddress"]
            tunnels = [self.tunnel((address, 3128), origin.authority) for _ in range(TUNNELS)]
            docker("kill", "--signal", "TERM", name)
            eventually(lambda: self.refuses((address, 3128)), "no new connections")
            with concurrent.futures.ThreadPoolExecutor(TUNNELS) as pool:
                answers = list(pool.map(self.ask, tunnels))
            self.assertEqual([(200, b"hello")] * TUNNELS, answers)
            eventually(lambda: not self.state(name)["Running"], "the end", 30)
        self.assertEqual((0, False), (self.state(name)["ExitCode"], self.state(name)["OOMKilled"]),
                         docker("logs", name).stderr.decode())

    def test_more_clients_than_descriptors_do_not_end_it(self):
        name = self.start(*STRICT)
        eventually(lambda: self.state(name)["Health"]["Status"] == "healthy", "healthy", 60)
        address = json.loads(docker("inspect", name).stdout)[0]["NetworkSettings"]["IPAddress"]
        peers = [Peer.connect((address, 3128)) for _ in range(CROWD)]
        for peer in peers:
            peer.close()
        eventually(lambda: self.answers_after_all((address, 3128)), "an answer", 30)
        state = self.state(name)
        self.assertEqual((True, False), (state["Running"], state["OOMKilled"]), docker("logs", name).stderr.decode())

    def answers_after_all(self, address):
        """Whether somebody new is told that loopback is denied."""
        try:
            peer = Peer.connect(address)
            try:
                peer.send(b"CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n")
                return peer.read_response("CONNECT").status == 403
            finally:
                peer.close()
        except (OSError, AssertionError, EOFError):
            return False

    def tunnel(self, address, authority):
        peer = Peer.connect(address)
        self.addCleanup(peer.close)
        peer.send(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
        self.assertEqual(200, peer.read_response("CONNECT").status)
        return peer

    def ask(self, peer):
        peer.send(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = peer.read_response()
        peer.close()
        return answer.status, answer.body

    def refuses(self, address):
        try:
            Peer.connect(address).close()
        except OSError:
            return True
        return False
