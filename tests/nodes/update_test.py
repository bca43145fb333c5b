"""The steps of `sluice aks plan` from one proxy to another, with another CA, under requests whose fate is counted; and
what a rollout does to a tunnel."""
import base64
import collections
import json
import pathlib
import socket
import ssl
import tempfile
import threading
import time
import unittest

import harness
import second_proxy
import world
from docker import docker
from nodes import events_of, kubectl, node_is_ready, ready_pod, the_world, until
from pods_test import FACTS, IMAGE, SHOP, prepare

QUIET_SECONDS = 5
CONNECTIONS = 60
FATES = "/var/log/fates"
# A line for each request: the proxy that the variables name, and curl's verdict. TERM ends it after a request.
WORK = r"""
trap 'ended=yes' TERM
while [ -z "$ended" ]; do
  code=$(curl -sS -m 20 --cacert /etc/cas/cas.pem -o /dev/null -w '%{http_code}' https://mcr.microsoft.com/v2/ 2>/tmp/error)
  echo "$HTTPS_PROXY $? $code $(cat /tmp/error)" >>/fates/$HOSTNAME
  sleep 0.1
done
"""


def tunnel(host="sluice.example"):
    """TLS with it through the second proxy, which does not look into sluice.example, and into mcr.microsoft.com."""
    raw = socket.create_connection((world.NODE_ADDRESS, second_proxy.PORT), 10)
    raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    assert b" 200 " in raw.recv(4096)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(raw, server_hostname=host)


def ask(connection, host="sluice.example"):
    """The status of one request."""
    connection.sendall(f"GET /v2/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection.recv(65536).split(b" ")[1]


class Visitor(threading.Thread):
    """Comes again and again, each time with a connection of its own, and counts what becomes of that."""

    def __init__(self):
        super().__init__(daemon=True)
        self.fates = collections.Counter()
        self._over = threading.Event()

    def run(self):
        while not self._over.wait(0.05):
            try:
                with tunnel() as connection:
                    self.fates[ask(connection).decode()] += 1
            except (OSError, AssertionError, IndexError) as error:
                self.fates[repr(error)] += 1

    def leave(self):
        self._over.set()
        self.join()
        return self.fates


class Update(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        prepare()
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.path = pathlib.Path(directory.name)
        cls.certificate, cls.key = second_proxy.make_ca(cls.path)
        second_proxy.open_a_way()

    def workers(self):
        """Pods that ask all the time; they know both CAs, as pods have to before the CA changes."""
        bundle = the_world().ca.read_text(encoding="ascii") + self.certificate.read_text(encoding="ascii")
        kubectl("create", "configmap", "cas", "-n", SHOP, f"--from-literal=cas.pem={bundle}")
        container = {"name": "work", "image": IMAGE, "command": ["bash", "-c", WORK],
                     "securityContext": {"runAsUser": 0},
                     "volumeMounts": [{"name": "fates", "mountPath": "/fates"}, {"name": "cas", "mountPath": "/etc/cas"}]}
        volumes = [{"name": "fates", "hostPath": {"path": FATES, "type": "DirectoryOrCreate"}},
                   {"name": "cas", "configMap": {"name": "cas"}}]
        kubectl("create", "-f", "-", given={
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "worker", "namespace": SHOP},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "worker"}}, "template": {
                "metadata": {"labels": {"app": "worker"}}, "spec": {"containers": [container], "volumes": volumes}}}})
        kubectl("rollout", "status", "-n", SHOP, "deployment/worker", "--timeout=100s")

    def fates(self):
        """How often which proxy led to what."""
        said = the_world().on_node("sh", "-c", f"cat {FATES}/* 2>/dev/null || true")
        return collections.Counter(tuple(line.split(" ", 1)) for line in said.splitlines())

    def asked(self, proxy):
        return sum(count for (name, _), count in self.fates().items() if proxy in name)

    def test_1_every_request_survives_the_update(self):
        here = the_world()
        old, new = f"{world.PROXY_ADDRESS}:3128", second_proxy.ADDRESS
        first = here.proxy_directory / "http-proxy-config.json"
        before = json.loads(first.read_text(encoding="utf-8"))
        moved = {"httpProxy": f"http://{new}/", "httpsProxy": f"http://{new}/"}
        both = base64.b64encode(here.ca.read_bytes() + self.certificate.read_bytes()).decode()
        after = self.written({**before, **moved, "trustedCa": world.base64_of(self.certificate)}, "new")
        print(harness.run_sluice("aks", "plan", first, after, "--facts", FACTS)[1])
        self.workers()
        until(lambda: self.asked(old) > 20, "requests through the first proxy")
        print("1. the second proxy is at work")
        second_proxy.install(self.certificate, self.key)
        until(second_proxy.answers, "the second proxy at the node's port", 60)
        print("2. and 3. the old configuration with the certificates of both")
        self.send(self.written({**before, "trustedCa": both}, "both"))
        print("4. and 5. the new configuration with the certificates of both")
        moving = self.written({**before, **moved, "trustedCa": both}, "moving")
        self.send(moving)
        print("6. every pod with old variables is created anew")
        self.assertIn("deployment/worker", self.audit(moving))
        kubectl("rollout", "restart", "-n", SHOP, "deployment/worker")
        kubectl("rollout", "status", "-n", SHOP, "deployment/worker", "--timeout=140s")
        until(lambda: self.asked(new) > 20, "requests through the second proxy")
        self.assertNotIn("deployment/worker", self.audit(moving))
        print("7. the first proxy goes when nobody asks it")
        self.wait_for_silence(here)
        docker("stop", "--time", "20", world.PROXY)
        more = self.asked(new)
        until(lambda: self.asked(new) > more + 20, "requests without the first proxy")
        print("8. and 9. the new configuration as it is")
        self.send(after)
        kubectl("create", "-f", "-", given={
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pulled-anew", "namespace": SHOP},
            "spec": {"containers": [{"name": "a", "image": "mcr.microsoft.com/ballast/inspected:1",
                                     "imagePullPolicy": "Always"}]}})
        ready_pod(SHOP, "pulled-anew")
        print(next(each for each in events_of(SHOP, "pulled-anew") if "image" in each))
        fates = self.fates()
        for (proxy, fate), count in sorted(fates.items()):
            print(f"{count:6} by {proxy}: exit and status {fate}")
        self.assertEqual([], [fate for _, fate in fates if fate.strip() != "0 200"])

    def written(self, config, name):
        path = self.path / f"{name}.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    @staticmethod
    def send(config):
        """What AKS does with a new configuration: its webhook has it, and then the nodes' files, and what runs there."""
        here = the_world()
        kubectl("patch", "configmap", "sluice-webhook", "-n", "sluice-webhook", "--type=merge", "-p",
                json.dumps({"data": {"http-proxy-config.json": config.read_text(encoding="utf-8")}}))
        kubectl("rollout", "restart", "-n", "sluice-webhook", "deployment/sluice-webhook")
        kubectl("rollout", "status", "-n", "sluice-webhook", "deployment/sluice-webhook", "--timeout=100s")
        # The one of before answers until it is gone.
        until(lambda: kubectl("get", "pods", "-n", "sluice-webhook", "-o", "name").count("pod/") == 1, "one webhook", 60)
        code, script, err = harness.run_sluice("aks", "render", "node", config, "--script", "--facts", FACTS)
        assert code == 0, err
        (here.cluster / "proxy.sh").write_text(script, encoding="utf-8")
        print(here.on_node("sh", "/cluster/proxy.sh"))
        here.on_node("systemctl", "daemon-reexec")
        here.on_node("systemctl", "restart", "containerd", "kubelet")
        until(node_is_ready, "the node's Ready", 60)

    def audit(self, config):
        """What `sluice aks audit pods` says of the pods of SHOP."""
        listed = self.path / "pods.json"
        listed.write_text(kubectl("get", "pods", "-n", SHOP, "-o", "json"), encoding="utf-8")
        code, out, err = harness.run_sluice("aks", "audit", "pods", "-f", config, "--facts", FACTS, listed)
        self.assertIn(code, (0, 1), err)
        print(out[:1500])
        return out

    @staticmethod
    def wait_for_silence(here):
        """Until the log of the first proxy has not grown for some seconds."""
        counts = []

        def silent():
            counts.append((time.monotonic(), len(here.proxy_records())))
            return any(then < counts[-1][0] - QUIET_SECONDS and number == counts[-1][1] for then, number in counts)
        try:
            until(silent, "nobody at the first proxy", 60)
        except AssertionError as error:
            raise AssertionError(f"{error}\nlast: {here.proxy_records()[-5:]}") from None

    def test_2_a_rollout_leaves_a_tunnel_where_it_is_and_refuses_nobody(self):
        connection, inspected = tunnel(), tunnel("mcr.microsoft.com")
        self.addCleanup(connection.close)
        self.addCleanup(inspected.close)
        self.assertEqual((b"200", b"200"), (ask(connection), ask(inspected, "mcr.microsoft.com")))
        visitor = Visitor()
        visitor.start()
        kubectl("rollout", "restart", "-n", "sluice", "deployment/sluice")
        kubectl("rollout", "status", "-n", "sluice", "deployment/sluice", "--timeout=140s")
        inspected.settimeout(30)
        self.assertEqual(b"", inspected.recv(1))  # idle between requests: it ends when its pod drains
        self.assertEqual(b"200", ask(connection))
        fates = visitor.leave()
        print(f"new connections while pods were replaced: {dict(fates)}")
        self.assertEqual(["200"], list(fates))
        print(kubectl("get", "pods", "-n", "sluice", "-o", "wide"))
        self.assertEqual(b"200", ask(connection))
        connection.close()

        def gone():
            pods = json.loads(kubectl("get", "pods", "-n", "sluice", "-l", second_proxy.LABEL, "-o", "json"))["items"]
            return all("deletionTimestamp" not in pod["metadata"] for pod in pods)
        until(gone, "the end of the pods that drained", 60)

    def test_3_new_connections_are_spread_over_the_replicas(self):
        def counts():
            return collections.Counter(
                line.split("]")[0] for line in kubectl("logs", "-n", "sluice", "-l", second_proxy.LABEL, "--tail=-1",
                                                       "--prefix").splitlines() if '"GET"' in line)
        before = counts()
        for _ in range(CONNECTIONS):
            self.assertTrue(second_proxy.answers())
        until(lambda: sum((counts() - before).values()) >= CONNECTIONS, "all in the records", 20)
        spread = sorted((counts() - before).values())
        print(f"{CONNECTIONS} connections over {len(spread)} replicas: {spread}")
        self.assertEqual(2, len(spread))
        self.assertGreater(spread[0], CONNECTIONS // 5)
