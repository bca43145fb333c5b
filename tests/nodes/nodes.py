"""One world for all tests of a run."""
import json

import harness
import world

POD_SECONDS = 120

_world = None


def the_world():
    """Started at the first call; stop() ends it."""
    global _world
    if _world is None:
        made = world.World()
        try:
            made.start()
        except BaseException:
            made.stop()
            raise
        _world = made
    return _world


def stop():
    if _world is not None:
        _world.stop()


def kubectl(*arguments, given=None):
    """Standard output of a command that has to succeed."""
    code, out, err = the_world().plane.kubectl(*arguments, given=given, timeout=150)
    if code:
        raise AssertionError(f"kubectl {' '.join(map(str, arguments))}: {err or out}")
    return out


def node_is_ready():
    the_world().check_node()
    found = the_world().plane.find("node", "node")
    return found and is_true(found, "Ready")


def is_true(thing, condition):
    return any(each["type"] == condition and each["status"] == "True"
               for each in thing.get("status", {}).get("conditions", []))


def until(probe, what, seconds=POD_SECONDS):
    """Waits; when that takes too long, says what the cluster and the node say."""
    try:
        return harness.eventually(probe, what, seconds)
    except AssertionError as error:
        here = the_world()
        raise AssertionError("\n".join([
            str(error), here.plane.kubectl("get", "pods", "-A", "-o", "wide")[1],
            here.plane.kubectl("get", "events", "-A", "--sort-by=.lastTimestamp")[1][-6000:],
            *(here.journal(unit, 15) for unit in ("kubelet", "containerd", "kube-proxy"))])) from None


def ready_pod(namespace, name):
    """The pod, when it is ready; also by a label, as KEY=VALUE."""
    def found():
        if "=" not in name:
            pod = the_world().plane.find("pod", name, namespace)
            return pod if pod and is_true(pod, "Ready") else None
        pods = json.loads(kubectl("get", "pods", "-n", namespace, "-l", name, "-o", "json"))["items"]
        return next((pod for pod in pods if is_true(pod, "Ready") and "deletionTimestamp" not in pod["metadata"]), None)
    return until(found, f"pod {name} ready")


def events_of(namespace, pod):
    return [event["message"] for event in json.loads(kubectl(
        "get", "events", "-n", namespace, "--field-selector", f"involvedObject.name={pod}", "-o", "json"))["items"]]
