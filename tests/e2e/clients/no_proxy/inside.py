"""Runs curl, git and wget inside a network namespace of its own: cases as JSON on stdin, what was seen on
stdout. Every address is this machine's there, so that a direct request reaches a listener and nothing
leaves; names resolve by a hosts file that lies over the real one.
"""
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import threading

PORTS = (80, 443, 8080)


def prepare(hosts):
    """Loopback up, every address local, the hosts file in place of the real one."""
    for command in (["ip", "link", "set", "lo", "up"], ["ip", "route", "add", "local", "0.0.0.0/0", "dev", "lo"],
                    ["ip", "-6", "route", "add", "local", "::/0", "dev", "lo"]):
        subprocess.run(command, check=True)
    lines = "".join(f"{address} {name}\n" for name, address in hosts.items())
    file = tempfile.NamedTemporaryFile("w", prefix="sluice-hosts-", delete=False)
    with file:
        file.write(lines)
    os.chmod(file.name, 0o644)
    subprocess.run(["mount", "--bind", file.name, "/etc/hosts"], check=True)
    os.unlink(file.name)


class Recorder:
    """Counts connections to some ports and closes them at once, with an error for who waits for one."""

    def __init__(self, ports, family=socket.AF_INET6, host="::"):
        self.count, self.selector, self.ports = 0, selectors.DefaultSelector(), []
        for port in ports:
            listener = socket.create_server((host, port), family=family, dualstack_ipv6=family == socket.AF_INET6)
            self.ports.append(listener.getsockname()[1])
            self.selector.register(listener, selectors.EVENT_READ)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            for key, _ in self.selector.select():
                connection, _ = key.fileobj.accept()
                self.count += 1
                with connection:
                    try:
                        connection.settimeout(2)
                        connection.recv(4096)
                        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    except OSError:
                        pass


def command_of(client, url):
    if client.startswith("curl"):
        return ["curl", "-sS", "-q", "-o", "/dev/null", "--max-time", "5", url]
    if client == "wget":
        return ["wget", "-q", "--no-config", "-O", "/dev/null", "--tries=1", "--timeout=5", url]
    return ["git", "ls-remote", url + "x.git"]


class Runner:
    """One client with a proxy of its own; origins are told apart by their count while it runs."""

    def __init__(self, home):
        self.proxy, self.home = Recorder([0], socket.AF_INET, "127.0.0.1"), home

    def run(self, client, url, env, origins):
        own = f"http://127.0.0.1:{self.proxy.ports[0]}"
        given = {name: own if name.lower() in ("http_proxy", "https_proxy", "all_proxy") and value else value
                 for name, value in env.items()}
        before, direct = self.proxy.count, origins.count
        subprocess.run(command_of(client, url), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=20, check=False,
                       env={"PATH": os.environ["PATH"], "HOME": self.home, "GIT_TERMINAL_PROMPT": "0",
                            "GIT_CONFIG_NOSYSTEM": "1", **given})
        if self.proxy.count > before:
            return "proxy"
        return "direct" if origins.count > direct else "neither"


def main():
    asked = json.load(sys.stdin)
    prepare(asked["hosts"])
    origins = Recorder(PORTS)
    controls, results = {}, []
    with tempfile.TemporaryDirectory(prefix="sluice-home-") as home:
        runner = Runner(home)
        told = {name: "x" for name in ("http_proxy", "https_proxy", "HTTPS_PROXY")}
        for case in asked["cases"]:
            control = (case["client"], case["url"])
            if control not in controls:
                controls[control] = runner.run(*control, {**told, "no_proxy": "control.invalid"}, origins)
            results.append({"control": controls[control],
                            "seen": runner.run(*control, case["env"], origins)})
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
