"""A node in a closed network boots through Sluice, and pulls images through it with inspection."""
import re
import time
import unittest

import world
from docker import docker
from nodes import events_of, kubectl, node_is_ready, ready_pod, the_world, until

MIB = 1024 * 1024
BALLAST_MIB = 200
TIMES, SLACK_SECONDS = 4, 3  # what an inspected pull may take, of a tunnelled one in the same run


class Boot(unittest.TestCase):
    def test_1_the_node_is_ready_within_two_minutes(self):
        here = the_world()
        until(node_is_ready, "the node's Ready", world.READY_SECONDS)
        print(f"Ready {time.monotonic() - here.node_started:.1f} s after the container's start")
        print(kubectl("get", "nodes", "-o", "wide"))

    def test_2_its_container_runtime_has_the_proxy_of_the_rendered_files(self):
        here = the_world()
        process = here.on_node("systemctl", "show", "--property=MainPID", "--value", "containerd")
        variables = here.on_node("cat", f"/proc/{process}/environ").split("\0")
        self.assertIn(f"HTTPS_PROXY=http://{world.PROXY_ADDRESS}:3128/", variables)
        self.assertTrue(any(each.startswith("NO_PROXY=") and world.FQDN in each for each in variables), variables)
        trusted = here.on_node("openssl", "verify", "-CApath", "/etc/ssl/certs", "/usr/local/share/ca-certificates/proxyCA.crt")
        self.assertIn("OK", trusted)

    def test_3_it_has_no_other_way_out(self):
        here = the_world()
        said = here.on_node("curl", "--noproxy", "*", "-sS", "-m", "5", f"https://{world.REGISTRY_ADDRESS}/v2/", check=False)
        self.assertRegex(said, "unreachable|Couldn't connect|Failed to connect|timed out")
        answer = here.on_node("sh", "-c", ". /etc/environment; export HTTPS_PROXY; "
                                          "curl -sS -m 10 -o /dev/null -w '%{http_code}' https://mcr.microsoft.com/v2/")
        self.assertEqual("200", answer)


class Pull(unittest.TestCase):
    def pull(self, name):
        """Starts a pod of an image of BALLAST_MIB; the seconds that kubelet says its pull took."""
        image = f"mcr.microsoft.com/ballast/{name}:1"
        kubectl("create", "-f", "-", given={
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"pull-{name}"},
            "spec": {"containers": [{"name": "ballast", "image": image}], "terminationGracePeriodSeconds": 0}})
        self.addCleanup(kubectl, "delete", "pod", f"pull-{name}", "--now")
        ready_pod("default", f"pull-{name}")
        pulled = next(message for message in events_of("default", f"pull-{name}") if "Successfully pulled" in message)
        print(pulled)
        octets = int(re.search(r"Image size: (\d+)", pulled).group(1))
        self.assertGreater(octets, BALLAST_MIB * MIB)
        took = re.search(r" in (?:(\d+)m)?([\d.]+)(ms|s)", pulled)
        return int(took.group(1) or 0) * 60 + float(took.group(2)) * (0.001 if took.group(3) == "ms" else 1)

    def records(self, repository):
        """What the proxy wrote of requests for it, and of tunnels to the registry."""
        return [each for each in the_world().proxy_records() if repository in each["target"]]

    def test_an_inspected_pull_takes_little_longer_than_a_tunnelled_one(self):
        here = the_world()
        until(node_is_ready, "the node's Ready", world.READY_SECONDS)
        inspected = self.pull("inspected")
        layers = [each for each in self.records("/v2/ballast/inspected/blobs/") if each["bytes_out"] > BALLAST_MIB * MIB]
        self.assertEqual([("GET", 200, "inspected", "registry")],
                         [(each["method"], each["status"], each["inspection"], each["rule"]) for each in layers])
        print(f"its layer: {layers[0]['bytes_out']} octets in {layers[0]['total_us'] / 1e6:.2f} s, seen as "
              f"{layers[0]['method']} {layers[0]['target'][:60]}…")
        self.switch(here, "tunnel")
        self.addCleanup(self.switch, here, "inspect")
        tunnelled = self.pull("tunnelled")
        self.assertEqual([], self.records("/v2/ballast/tunnelled"))
        print(f"{BALLAST_MIB} MiB: inspected {inspected:.2f} s, tunnelled {tunnelled:.2f} s")
        self.assertLess(inspected, TIMES * tunnelled + SLACK_SECONDS)

    def switch(self, here, connect):
        """By the configuration's file alone, as a ConfigMap would be."""
        before = docker("logs", world.PROXY, check=False).count("reload: done")
        here.write_proxy_config(connect)
        until(lambda: docker("logs", world.PROXY, check=False).count("reload: done") > before, "the reload", 30)
