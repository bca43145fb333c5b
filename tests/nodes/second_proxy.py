"""deploy/kubernetes' proxy in the cluster, reached by a port of the node, with a CA of its own."""
import base64
import json
import pathlib
import subprocess

import yaml

import harness
import world
from docker import docker
from leg import REPOSITORY
from nodes import kubectl, ready_pod, the_world

PORT = 30128  # overlays/kind/service.yaml
ADDRESS = f"{world.NODE_ADDRESS}:{PORT}"
LABEL = "app.kubernetes.io/name=sluice"


def open_a_way():
    """To the world, for the proxy's pods: the node itself has none, and others' NetworkPolicies keep them in."""
    docker("network", "connect", world.OUTSIDE, world.NODE)
    the_world().on_node("iptables", "-A", "OUTPUT", "-d", "172.31.250.0/24", "-j", "REJECT")


def make_ca(directory):
    """Its files, made by the program."""
    code, _, err = harness.run_sluice("ca", "init", "--dir", directory, "--name", "Second inspection CA")
    assert code == 0, err
    return pathlib.Path(directory) / "sluice-ca.pem", pathlib.Path(directory) / "sluice-ca.key"


def configuration():
    """sluice.yaml of this world, in place of the one for AKS."""
    return json.dumps({
        "listen": ["0.0.0.0:3128"],
        "policy": {"default_action": "deny", "clients": ["10.0.0.0/8"], "rules": [
            {"name": "registry", "action": "allow", "hosts": world.REGISTRIES, "ports": [443],
             "addresses": [f"{world.REGISTRY_ADDRESS}/32"]}]},
        "dns": {"hosts": [{"name": name, "addresses": [world.REGISTRY_ADDRESS]} for name in world.REGISTRIES]},
        "tls": {"ca_certificate": "/etc/sluice/ca/tls.crt", "ca_key": "/etc/sluice/ca/tls.key", "connect": "inspect",
                "passthrough": ["sluice.example"], "origin_roots": ["/etc/sluice/config/roots.pem"]},
        "timeouts": {"drain": "5m"},
        "admin": {"listen": "0.0.0.0:3129", "probes": "0.0.0.0:3130"}}, indent=1)


def objects():
    """The overlay for kind, with what this world is in place of the one that AKS is in."""
    built = [each for each in yaml.safe_load_all(kubectl("kustomize", REPOSITORY / "deploy/kubernetes/overlays/kind"))
             if "sluice" in (each["metadata"].get("namespace"), each["metadata"]["name"])]
    for each in built:
        if each["kind"] == "ConfigMap":
            each["data"] = {"sluice.yaml": configuration(),
                            "roots.pem": the_world().public.certificate.read_text(encoding="ascii")}
        if each["kind"] == "NetworkPolicy":
            each["spec"]["egress"].append({"to": [{"ipBlock": {"cidr": f"{world.REGISTRY_ADDRESS}/32"}}],
                                           "ports": [{"protocol": "TCP", "port": 443}]})
    return built


def install(certificate, key):
    def secret(name, **data):
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "sluice"},
                "data": {name.replace("_", "."): base64.b64encode(value).decode() for name, value in data.items()}}
    made = objects()
    made[1:1] = [secret("sluice-admin", token=world.TOKEN.encode()),
                 secret("sluice-ca", tls_crt=certificate.read_bytes(), tls_key=key.read_bytes())]
    kubectl("apply", "--server-side", "-f", "-", given={"apiVersion": "v1", "kind": "List", "items": made})
    ready_pod("sluice", LABEL)
    kubectl("rollout", "status", "-n", "sluice", "deployment/sluice", "--timeout=100s")


def answers():
    """Whether nodes reach it."""
    done = subprocess.run(["curl", "-sS", "-m", "3", "-o", "/dev/null", "-w", "%{http_code}", f"http://{ADDRESS}/"],
                          capture_output=True, text=True, check=False)
    return done.stdout == "400"  # an origin-form request, which it refuses


def records():
    """The access log of all its pods that are there."""
    said = kubectl("logs", "-n", "sluice", "-l", LABEL, "--tail=-1", "--prefix=false")
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]
