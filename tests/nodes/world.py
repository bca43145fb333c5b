"""A cluster with one node in a closed network, and the world behind the proxy.

    nodes' network, internal: 10.224.0.0/16         outside, internal: 172.31.250.0/24
    and fd00:224::/64
      10.224.0.1    the API server (this process)     172.31.250.10   a registry: mcr.microsoft.com, sluice.example
      10.224.0.10   the node ── http://10.224.0.100:3128 ── Sluice ──▶
"""
import base64
import json
import os
import pathlib
import subprocess
import time

import base
import harness
import images
import pki
import privileges
import programs
import root
from docker import NAMES, docker
from harness import BINARY, eventually
from leg import REPOSITORY
from plane import ADDRESS, FQDN, PODS, SERVICES, Plane

HERE = pathlib.Path(__file__).resolve().parent
NODES, OUTSIDE = f"{NAMES}nodes", f"{NAMES}outside"
NODE, PROXY, REGISTRY = f"{NAMES}node", f"{NAMES}proxy", f"{NAMES}registry"
PROXY_ADDRESS, NODE_ADDRESS, REGISTRY_ADDRESS = "10.224.0.100", "10.224.0.10", "172.31.250.10"
REGISTRIES = ["mcr.microsoft.com", "sluice.example"]
READY_SECONDS = 120
TOKEN = "0123456789abcdef"  # of the proxy's metrics
VERSION = "0.1.0"  # deploy/kubernetes/overlays say so too
ENVIRONMENT = {"BUILD_BASE": base.NAME, "RUNTIME_BASE": base.NAME, "BINARY": BINARY}


class World:
    def __init__(self):
        self.plane = Plane()
        self.directory = self.plane.directory / "world"
        self.cluster = self.directory / "cluster"  # what the node gets
        self.proxy_directory = self.directory / "proxy"
        for path in (self.directory, self.cluster, self.proxy_directory):
            path.mkdir()
        self.directory.chmod(0o755)
        self.plane.directory.chmod(0o755)
        self.ca = self.proxy_directory / "sluice-ca.pem"

    # Each step prints how long it took.

    def start(self):
        for step in (self.make_images, self.make_networks, self.start_registry, self.start_proxy, self.start_plane,
                     self.start_node, self.install):
            begin = time.monotonic()
            step()
            print(f"{step.__name__.replace('_', ' ')}: {time.monotonic() - begin:.1f} s", flush=True)

    def stop(self):
        for name in docker("ps", "--all", "--quiet", "--filter", f"name=^{NAMES}").split():
            docker("rm", "--force", "--volumes", name, check=False)
        for name in (NODES, OUTSIDE):
            docker("network", "rm", name, check=False)
        self.plane.stop()

    def make_images(self):
        root.load(base.ROOT, base.NAME)
        root.load(root.ROOT, root.NAME)
        done = subprocess.run(["deploy/lab/run.sh", "image"], cwd=REPOSITORY, env={**os.environ, **ENVIRONMENT},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stdout
        store = images.Store(REPOSITORY / "build/cluster/registry")
        pause = images.pause(self.directory)
        for name, program, repository in (("pause", pause, images.PAUSE),
                                          ("coredns", programs.PROGRAMS / "coredns", "oss/v2/kubernetes/coredns:1"),
                                          ("policies", programs.PROGRAMS / "kube-network-policies",
                                           "oss/kubernetes/policies:1")):
            if not store.has(repository, key := images.key_of(program)):
                images.make(name, {f"/{name}": program}, [f"/{name}"])
                store.push(name, repository, key)
        docker("tag", "sluice:latest", "sluice-to-push")
        store.push("sluice-to-push", f"sluice:{VERSION}", "always")
        kubectl = programs.PROGRAMS / "kubectl"
        if not store.has(f"sluice-check:{VERSION}", key := images.key_of(root.PODS_ROOT, BINARY, kubectl)):
            root.load(root.PODS_ROOT, root.PODS_NAME)
            images.with_program("check", root.PODS_NAME, {"/usr/local/bin/sluice": BINARY,
                                                          "/usr/local/bin/kubectl": kubectl}, 65532)
            store.push("check", f"sluice-check:{VERSION}", key)
        for name in ("inspected", "tunnelled"):
            if not store.has(f"ballast/{name}:1", "200"):
                images.make("ballast", {"/ballast": images.ballast(200), "/pause": pause}, ["/pause"])
                store.push("ballast", f"ballast/{name}:1", "200")
        store.close()

    def make_networks(self):
        docker("network", "create", "--internal", "--subnet", "10.224.0.0/16", "--gateway", ADDRESS,
               "--ipv6", "--subnet", "fd00:224::/64", NODES)
        docker("network", "create", "--internal", "--subnet", "172.31.250.0/24", OUTSIDE)

    def start_registry(self):
        """With a certificate of the root that stands for the public ones."""
        self.public = pki.Authority(self.directory)
        sans = ",".join(f"DNS:{name}" for name in REGISTRIES)
        self.plane.authority.issue.__func__(self.public, "registry-leaf", "/CN=mcr.microsoft.com",
                                            f"subjectAltName={sans}", "extendedKeyUsage=serverAuth")
        config = self.directory / "registry.yml"
        config.write_text("\n".join([
            "version: 0.1", "log: {level: info}",
            "storage: {filesystem: {rootdirectory: /registry/data}, cache: {blobdescriptor: inmemory}}",
            "http: {addr: '0.0.0.0:443', tls: {certificate: /world/registry-leaf.pem, key: /world/registry-leaf.key}}"]),
            encoding="utf-8")
        aliases = [word for name in REGISTRIES for word in ("--network-alias", name)]
        docker("run", "--detach", "--name", REGISTRY, "--network", OUTSIDE, "--ip", REGISTRY_ADDRESS, *aliases,
               "--volume", f"{self.directory}:/world", "--volume", f"{REPOSITORY}/build/cluster/registry:/registry", root.NAME, "docker-registry", "serve", "/world/registry.yml")

    def start_proxy(self):
        code, _, err = harness.run_sluice("ca", "init", "--dir", self.proxy_directory)
        assert code == 0, err
        (self.proxy_directory / "roots.pem").write_bytes(self.public.certificate.read_bytes())
        for path in self.proxy_directory.iterdir():
            os.chown(path, 65532, 65532)
        self.node_script()
        self.write_proxy_config("inspect")
        docker("create", "--name", PROXY, "--network", OUTSIDE, "--read-only", "--cap-drop", "ALL",
               "--volume", f"{self.proxy_directory}:/etc/sluice:ro", "sluice:latest",
               "run", "--watch", "-c", "/etc/sluice/sluice.yaml")
        docker("network", "connect", "--ip", PROXY_ADDRESS, NODES, PROXY)
        docker("start", PROXY)
        eventually(lambda: "is ready" in docker("logs", PROXY, check=False), "the proxy", 30)

    def write_proxy_config(self, connect):
        """How it treats a CONNECT that it allows. The proxy follows by itself."""
        config = {
            "listen": ["0.0.0.0:3128"],
            "policy": {"default_action": "deny", "clients": ["10.224.0.0/16"], "rules": [
                {"name": "registry", "action": "allow", "hosts": REGISTRIES, "addresses": [f"{REGISTRY_ADDRESS}/32"],
                 "ports": [443]}]},
            "tls": {"ca_certificate": "/etc/sluice/sluice-ca.pem", "ca_key": "/etc/sluice/sluice-ca.key",
                    "connect": connect, "origin_roots": ["/etc/sluice/roots.pem"]},
            "misroutes": {"http_proxy_config": "/etc/sluice/http-proxy-config.json", "fqdn": FQDN,
                          "pod_cidrs": [PODS], "service_cidrs": [SERVICES], "vnet_cidrs": ["10.224.0.0/12"]},
            "admin": {"listen": "0.0.0.0:3129", "token": TOKEN, "probes": "0.0.0.0:3130"}}
        fresh = self.proxy_directory / "sluice.new"
        fresh.write_text(json.dumps(config), encoding="utf-8")
        fresh.rename(self.proxy_directory / "sluice.yaml")

    def proxy_records(self):
        """The access log so far."""
        return [json.loads(line) for line in docker("logs", PROXY).splitlines() if line.startswith("{")]

    def start_plane(self):
        self.plane.start()

    def start_node(self):
        self.node_started = time.monotonic()
        authority = self.plane.authority
        authority.issue("node", "/O=system:nodes/CN=system:node:node", "extendedKeyUsage=clientAuth")
        authority.issue("kube-proxy", "/CN=system:kube-proxy", "extendedKeyUsage=clientAuth")
        (self.cluster / "ca.pem").write_bytes(authority.certificate.read_bytes())
        (self.cluster / "public.pem").write_bytes(self.public.certificate.read_bytes())
        for name in ("node", "kube-proxy"):
            (self.cluster / f"{name}.kubeconfig").write_text(self.plane.kubeconfig_of(name, f"https://{FQDN}"),
                                                             encoding="utf-8")
        (self.cluster / "proxy.sh").write_text(self.node_script(), encoding="utf-8")
        docker("run", "--detach", "--name", NODE, "--hostname", "node", *privileges.of_a_node(), "--cgroupns=private",
               "--tmpfs", "/tmp", "--tmpfs", "/run", "--volume", "/var", "--tty",
               "--network", NODES, "--ip", NODE_ADDRESS, "--ip6", "fd00:224::10", "--add-host", f"{FQDN}:{ADDRESS}",
               "--env", f"IPTABLES={os.environ.get('SLUICE_IPTABLES', 'nft')}",
               "--volume", f"{HERE}/node:/node:ro", "--volume", f"{self.cluster}:/cluster:ro",
               "--volume", f"{programs.PROGRAMS}:/programs:ro", root.NAME, "/bin/sh", "/node/boot.sh")

    def install(self):
        """CoreDNS and the engine for NetworkPolicies; a way to the pods for the API server, which konnectivity is on
        AKS."""
        subprocess.run(["ip", "route", "replace", PODS, "via", NODE_ADDRESS], check=True)
        code, _, err = self.plane.kubectl("apply", "-f", HERE / "addons.yaml")
        assert code == 0, err

    def node_script(self):
        """What `sluice aks render node --script` prints for this cluster."""
        config = {"httpProxy": f"http://{PROXY_ADDRESS}:3128/", "httpsProxy": f"http://{PROXY_ADDRESS}:3128/",
                  "noProxy": [".svc", ".cluster.local"], "trustedCa": base64_of(self.ca)}
        path = self.proxy_directory / "http-proxy-config.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        code, out, err = harness.run_sluice("aks", "render", "node", path, "--script", "--facts",
                                            REPOSITORY / "deploy/kubernetes/webhook/cluster.json")
        assert code == 0, err
        return out

    def on_node(self, *command, check=True, timeout=120):
        return docker("exec", NODE, *command, check=check, timeout=timeout)

    def check_node(self):
        """An error with all that its first process said, when it has ended."""
        if docker("inspect", "--format", "{{.State.Running}}", NODE) != "true":
            raise AssertionError(f"the node's container ended; it said:\n{docker('logs', '--tail', 60, NODE, check=False)}")

    def journal(self, unit, lines=40):
        return self.on_node("journalctl", "--no-pager", "-n", lines, "-u", unit, check=False)


def base64_of(path):
    return base64.b64encode(path.read_bytes()).decode()
