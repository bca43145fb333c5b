"""Definitions of the kinds that deploy/kubernetes uses and Kubernetes doesn't have, from their makers' Go modules."""
import json
import pathlib
import shutil
import subprocess

import go_toolchain
from leg import REPOSITORY

MODULE = REPOSITORY / "tests/cluster/crds"
DEFINITIONS = REPOSITORY / "build/kubernetes/crds"
FILES = {
    "github.com/prometheus-operator/prometheus-operator": [
        "example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml"],
    "github.com/cert-manager/cert-manager": [
        "deploy/crds/crd-certificates.yaml", "deploy/crds/crd-issuers.yaml"],
}
FETCH_SECONDS = 300


def fetch():
    """Puts them into DEFINITIONS; needs a network unless Go's cache has the modules."""
    done = subprocess.run([go_toolchain.find(), "mod", "download", "-json", *FILES], cwd=MODULE,
                          env=go_toolchain.environment(), capture_output=True, text=True, timeout=FETCH_SECONDS,
                          check=True)
    DEFINITIONS.mkdir(parents=True, exist_ok=True)
    decoder, text = json.JSONDecoder(), done.stdout.strip()
    while text:
        module, end = decoder.raw_decode(text)
        text = text[end:].lstrip()
        for name in FILES[module["Path"]]:
            path = pathlib.Path(module["Dir"]) / name
            shutil.copyfile(path, DEFINITIONS / path.name)


def all_of_them():
    """As one YAML text. Azure Monitor's are the Prometheus operator's, but for the group."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(DEFINITIONS.glob("*.yaml"))}
    texts["azmonitoring"] = texts["monitoring.coreos.com_podmonitors.yaml"].replace(
        "monitoring.coreos.com", "azmonitoring.coreos.com")
    # cert-manager's are templates of Helm in two places: what stands between {{ and }} is left out.
    return "\n---\n".join("\n".join(line for line in text.splitlines() if "{{" not in line) for text in texts.values())
