"""One control plane for all tests of a run, and `sluice aks webhook` installed in it as a user would."""
import base64
import json
import subprocess
import tempfile
import unittest

import control_plane
import harness
from harness import eventually, run_sluice

CONFIG = {"httpProxy": "http://proxy.example:3128/", "httpsProxy": "http://proxy.example:3128/",
          "noProxy": ["localhost", "registry.example"]}
FACTS = ["--fqdn", "demo-1a2b.hcp.westeurope.azmk8s.io", "--vnet-cidr", "10.224.0.0/12",
         "--subnet-cidr", "10.224.0.0/16", "--pod-cidr", "10.244.0.0/16", "--service-cidr", "10.96.0.0/16"]
# AKS's order of entries: the user's own, then those of every node, then the cluster's.
NO_PROXY = ("localhost,registry.example,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,"
            "demo-1a2b.hcp.westeurope.azmk8s.io,10.224.0.0/12,10.244.0.0/16,10.96.0.0/16")
SIX = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"]
NAMESPACE = NAME = "sluice-webhook"

_plane = None


def plane():
    """Started at the first call; stop() ends it."""
    global _plane
    if _plane is None:
        made = control_plane.ControlPlane()
        try:
            _plane = made.start()
        except BaseException:
            made.stop()
            raise
    return _plane


def stop():
    if _plane is not None:
        _plane.stop()


def manifests(*flags):
    """What `sluice aks webhook manifests` prints: objects by kind."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump(CONFIG, config)
        config.flush()
        code, out, err = run_sluice("aks", "webhook", "manifests", "-f", config.name, "--json", *FACTS, *flags)
    assert code == 0, err
    return {item["kind"]: item for item in json.loads(out)["items"]}


def listed(objects):
    return {"apiVersion": "v1", "kind": "List", "items": list(objects)}


def pod(name, *containers, **fields):
    """A pod; containers default to one without variables."""
    annotations, spec = fields.pop("annotations", {}), fields
    spec["containers"] = list(containers) or [container("app")]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "annotations": annotations}, "spec": spec}


def container(name, *env, **fields):
    """`env` are pairs of name and value."""
    listed_env = [{"name": key, "value": value} for key, value in env]
    return {"name": name, "image": "registry.example/app:1", **({"env": listed_env} if env else {}), **fields}


def names(stored_container):
    return [each["name"] for each in stored_container.get("env", [])]


def values(stored_container):
    return {each["name"]: each.get("value") for each in stored_container.get("env", [])}


def stored_pods(namespace, selector=""):
    code, out, err = plane().kubectl("get", "pods", "-n", namespace, "-l", selector, "-o", "json")
    assert code == 0, err
    return json.loads(out)["items"]


class Installed(harness.Process):
    """The manifests, applied unchanged, and the webhook run as their Deployment says.

    A node's part is played here: the Service's address is put on lo (as kube-proxy would make it lead to the
    pod), and ConfigMap and Secret, as the API server has them, become files (as kubelet would mount them)."""

    def __init__(self, *flags):
        super().__init__()
        self.objects = manifests(*flags)
        self.apply(*self.objects.values())
        # The registration is stored at once, and asked a moment later.
        self.service = plane().find("service", NAME, NAMESPACE)["spec"]["clusterIP"]
        subprocess.run(["ip", "addr", "replace", f"{self.service}/32", "dev", "lo"], check=True)
        self.mount()

    def apply(self, *objects):
        code, _, err = plane().kubectl("apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-",
                                       given=listed(objects))
        assert code == 0, err

    def mount(self):
        """Writes the files of the volumes, each whole or not at all."""
        stored = plane().find("secret", f"{NAME}-tls", NAMESPACE)["data"]
        files = {f"tls/{key}": base64.b64decode(text) for key, text in stored.items()}
        config = plane().find("configmap", NAME, NAMESPACE)["data"]
        files.update({f"webhook/{key}": text.encode() for key, text in config.items()})
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.rename(path)

    def arguments(self):
        """The container's, with the mounts and the port where they are here."""
        made = self.objects["Deployment"]["spec"]["template"]["spec"]["containers"][0]["args"]
        made = [word.replace("/etc/sluice/", f"{self.path}/") for word in made]
        made[made.index("--listen") + 1] = f"{self.service}:443"
        return made

    def run(self, *more):
        self.start(*self.arguments(), "--drain", "0s", *more)
        return self

    def registration(self, **changes):
        """Applies the registration anew with these fields of its one webhook."""
        made = json.loads(json.dumps(self.objects["MutatingWebhookConfiguration"]))
        made["webhooks"][0].update(changes)
        self.apply(made)

    def remove(self):
        code, _, err = plane().kubectl("delete", "mutatingwebhookconfiguration", NAME, "--ignore-not-found")
        assert code == 0, err


class TestCase(unittest.TestCase):
    """`flags` are what `sluice aks webhook manifests` is given."""

    flags = ()
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.webhook = Installed("--self-signed", *cls.flags)
        cls.addClassCleanup(cls.webhook.remove)
        cls.webhook.run()
        cls.addClassCleanup(cls.webhook.stop)
        cls.namespace = cls.__name__.lower()
        code, _, err = plane().kubectl("create", "namespace", cls.namespace)
        assert code == 0, err
        eventually(lambda: plane().find("serviceaccounts", "default", cls.namespace), "the namespace's account")
        # A registration takes effect within a moment of being stored.
        eventually(lambda: names(cls.dry_run(pod("probe"))["spec"]["containers"][0]), "the registration")

    @classmethod
    def dry_run(cls, given):
        code, out, err = plane().kubectl("create", "-n", cls.namespace, "--dry-run=server", "-o", "json", "-f", "-",
                                         given=given)
        assert code == 0, err
        return json.loads(out)

    def create(self, given, namespace=None):
        """The pod as the API server stored it."""
        namespace = namespace or self.namespace
        code, out, err = plane().kubectl("create", "-n", namespace, "-o", "json", "-f", "-", given=given)
        self.assertEqual(0, code, f"{err}\n{self.webhook.output()}")
        stored = plane().find("pod", given["metadata"]["name"], namespace)
        self.assertEqual(json.loads(out)["spec"], stored["spec"])
        return stored["spec"]

    def refused(self, given):
        """The reason why the API server does not take it."""
        code, out, err = plane().kubectl("create", "-n", self.namespace, "-f", "-", given=given)
        self.assertNotEqual(0, code, out)
        return err
