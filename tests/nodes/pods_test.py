"""Pods behind the proxy: the variables that the webhook gives them, and where their clients go with these."""
import json
import re
import subprocess
import unittest

import harness
import programs
import world
from docker import docker
from leg import REPOSITORY
from nodes import kubectl, node_is_ready, ready_pod, the_world, until
from plane import ADDRESS, FQDN

IMAGE = f"sluice.example/sluice-check:{world.VERSION}"
FACTS = REPOSITORY / "deploy/kubernetes/webhook/cluster.json"
SHOP = "shop"
# proxy-from-env says where to go, as it says to axios; Node goes there.
NODE = """
const {getProxyForUrl} = require("proxy-from-env"), http = require("http"), https = require("https"), net = require("net");
const url = new URL(process.argv[1]), proxy = getProxyForUrl(url.href);
const options = {rejectUnauthorized: false, timeout: 10000, servername: net.isIP(url.hostname) ? "" : url.hostname};
const get = more => https.get(url, {...options, ...more}, answer => { console.log(answer.statusCode); process.exit(); });
const {hostname, port} = new URL(proxy || "http://none");
if (!proxy) get({});
else http.request({host: hostname, port, method: "CONNECT", path: url.hostname + ":" + (url.port || 443)})
    .on("connect", (answer, socket) => get({createConnection: () => require("tls").connect({...options, socket})})).end();
"""
# What each says of a URL that it can't verify or may not see does not matter: it has been there.
CLIENTS = {
    "curl-7.88": ["curl", "-sk", "-m", "10", "-o", "/dev/null", "{url}"],
    "wget": ["wget", "-q", "--no-check-certificate", "-T", "10", "-t", "1", "-O", "/dev/null", "{url}"],
    "python-urllib": ["python3", "-c", "import ssl,sys,urllib.request as u; "
               "u.urlopen(sys.argv[1],timeout=10,context=ssl._create_unverified_context())", "{url}"],
    "python-requests-2.28": ["python3", "-W", "ignore", "-c",
                      "import requests,sys; requests.get(sys.argv[1],timeout=10,verify=False)", "{url}"],
    "ruby-uri": ["ruby", "-ropen-uri", "-ropenssl", "-e",
             "URI.open(ARGV[0], ssl_verify_mode: OpenSSL::SSL::VERIFY_NONE, read_timeout: 10)", "{url}"],
    "git": ["git", "-c", "http.sslVerify=false", "ls-remote", "{url}"],
    "proxy-from-env": ["node", "-e", NODE, "{url}"],
    "go": ["kubectl", "--token=none", "--insecure-skip-tls-verify", "--request-timeout=10s", "--server={origin}", "get", "--raw", "/"],
}
DESTINATIONS = ["https://mcr.microsoft.com/", "https://kubernetes.default.svc/", f"https://{FQDN}/", "https://10.0.0.1/"]


def in_pod(name, *command, namespace=SHOP):
    """Exit code and all that it said."""
    code, out, err = the_world().plane.kubectl("exec", "-n", namespace, name, "--", *command, timeout=60)
    return code, out + err


def pod_of(name, **spec):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": SHOP, "labels": {"app": name}},
            "spec": {"terminationGracePeriodSeconds": 0, **spec,
                     "containers": [{"name": "app", "image": IMAGE, "command": ["sleep", "1d"]}]}}


def install_webhook():
    """As its page says, for a cluster whose API server is part of the network."""
    here = the_world()
    code, out, err = harness.run_sluice(
        "aks", "webhook", "manifests", "-f", here.proxy_directory / "http-proxy-config.json", "--facts", FACTS,
        "--self-signed", "--image", f"sluice.example/sluice:{world.VERSION}", "--replicas", "1", "--admit",
        f"{ADDRESS}/32")
    assert code == 0, err
    kubectl("apply", "--server-side", "-f", "-", given=out)
    ready_pod("sluice-webhook", "app.kubernetes.io/name=sluice-webhook")


def prepare():
    """The cluster with the webhook and a pod, unless a test was here before."""
    until(node_is_ready, "the node's Ready", world.READY_SECONDS)
    if the_world().plane.find("namespace", SHOP):
        return
    for label in ("k8s-app=kube-dns", "app=network-policies"):
        ready_pod("kube-system", label)
    install_webhook()
    kubectl("create", "namespace", SHOP)
    until(lambda: the_world().plane.find("serviceaccounts", "default", SHOP), "the namespace's account", 30)
    kubectl("create", "-f", "-", given=pod_of("client"))
    ready_pod(SHOP, "client")
    until(lambda: in_pod("client", "getent", "hosts", "kubernetes.default.svc")[0] == 0, "the cluster's names", 60)


class Pods(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        prepare()
        print(kubectl("get", "pods", "-A", "-o", "wide"))

    def seen(self, host):
        """How many requests for it the proxy has written down."""
        return sum(1 for each in the_world().proxy_records() if re.search(rf"(^|/){re.escape(host)}[:/]", each["target"]))

    def test_1_the_webhook_gave_them_the_variables_of_the_effective_list(self):
        code, said = in_pod("client", "env")
        self.assertEqual(0, code, said)
        variables = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        self.assertEqual(f"http://{world.PROXY_ADDRESS}:3128/", variables["HTTPS_PROXY"])
        self.assertEqual(variables["NO_PROXY"], variables["no_proxy"])
        self.assertIn(FQDN, variables["NO_PROXY"].split(","))

    def test_2_each_client_goes_where_the_matrix_says(self):
        _, said = in_pod("client", "sh", "-c", "echo $NO_PROXY")
        config = the_world().proxy_directory / "http-proxy-config.json"
        code, out, err = harness.run_sluice("noproxy", "explain", "-f", config, "--facts", FACTS, "--json", "--resolved",
                                            "kubernetes.default.svc=10.0.0.1", "--resolved", f"{FQDN}={ADDRESS}", *DESTINATIONS)
        self.assertEqual(0, code, err)
        predicted = {(verdict["client"], each["url"]): verdict["outcome"]
                     for each in json.loads(out)["destinations"] for verdict in each["verdicts"]}
        wrong, rows = [], []
        for client, command in CLIENTS.items():
            for url in DESTINATIONS:
                host = url.split("/")[2]
                before = self.seen(host)
                words = [word.replace("{url}", url).replace("{origin}", url.rstrip("/")) for word in command]
                code, said = in_pod("client", *words)
                route = self.route(host, before, predicted[client, url])
                rows.append(f"{client:20} {url:52} predicted {predicted[client, url]:7} seen {route}")
                if route != predicted[client, url]:
                    wrong.append(f"{rows[-1]}: exit {code}, {said[-300:]}")
        print("\n".join(rows))
        self.assertEqual([], wrong)

    def route(self, host, before, expected):
        """The proxy writes of a tunnel when it ends, so what is expected there is waited for."""
        if expected == "proxy":
            try:
                harness.eventually(lambda: self.seen(host) > before, f"{host} at the proxy", 10)
            except AssertionError:
                pass
        return "proxy" if self.seen(host) > before else "direct"

    def test_3_what_should_have_stayed_inside_is_seen_as_a_misroute(self):
        """wget knows no prefixes, so a service's address comes to the proxy, which names client and entry."""
        here = the_world()
        in_pod("client", "wget", "-q", "-T", "5", "-t", "1", "-O", "/dev/null", "https://10.0.0.1/")
        answer = json.loads(subprocess.run(
            ["curl", "-sS", "--fail", "-H", f"Authorization: Bearer {world.TOKEN}",
             f"http://{world.PROXY_ADDRESS}:3129/misroutes"], capture_output=True, text=True, check=True, timeout=20).stdout)
        self.assertIn("10.0.0.1", json.dumps(answer))
        records = [each for each in here.proxy_records() if each["target"].startswith("10.0.0.1:")]
        print("misroute:", json.dumps(answer)[:600])
        self.assertTrue(records and all(each["misroute"] for each in records), records)

    def test_4_logs_exec_and_port_forward(self):
        made = pod_of("server")
        made["spec"]["containers"][0]["command"] = ["python3", "-u", "-c",
                                                    "import http.server as h; print('serving'); "
                                                    "h.test(h.SimpleHTTPRequestHandler, port=8000)"]
        kubectl("create", "-f", "-", given=made)
        ready_pod(SHOP, "server")
        until(lambda: "serving" in kubectl("logs", "-n", SHOP, "server"), "its log", 30)
        self.assertEqual((0, "here\n"), in_pod("server", "echo", "here"))
        forward = subprocess.Popen([programs.PROGRAMS / "kubectl", "--kubeconfig", the_world().plane.kubeconfig,
                                    "port-forward", "-n", SHOP, "pod/server", "18000:8000"], stdout=subprocess.PIPE, text=True)
        try:
            self.assertIn("Forwarding from", forward.stdout.readline())
            done = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:18000/"],
                                  capture_output=True, text=True, timeout=20, check=False)
            self.assertEqual("200", done.stdout, done.stderr)
        finally:
            forward.terminate()
            forward.wait(20)
            forward.stdout.close()

    def test_6_both_families_of_addresses_lead_to_a_service(self):
        self.assertEqual(2, len(the_world().plane.find("pod", "client", SHOP)["status"]["podIPs"]))
        made = pod_of("twofold")
        made["spec"]["containers"][0]["command"] = ["python3", "-m", "http.server", "--bind", "::", "8000"]
        kubectl("create", "-f", "-", given=made)
        kubectl("create", "-f", "-", given={
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "twofold", "namespace": SHOP},
            "spec": {"ipFamilyPolicy": "RequireDualStack", "selector": {"app": "twofold"}, "ports": [{"port": 8000}]}})
        ready_pod(SHOP, "twofold")
        addresses = the_world().plane.find("service", "twofold", SHOP)["spec"]["clusterIPs"]
        for address in (addresses[0], f"[{addresses[1]}]"):
            until(lambda to=address: in_pod("client", "curl", "-sS", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}", "-g",
                                            "--noproxy", "*", f"http://{to}:8000/")[1] == "200", f"{address} answers", 20)

    def test_5_closed_egress_leaves_the_cluster_and_its_names(self):
        folder = REPOSITORY / "deploy/kubernetes/closed-egress"
        code, said = in_pod("client", "curl", "-sS", "-m", "5", "--noproxy", "*", f"http://{world.PROXY_ADDRESS}:3130/livez")
        self.assertEqual((0, "ok"), (code, said.strip()))
        policy = kubectl("kustomize", folder).replace("namespace: default", f"namespace: {SHOP}")
        kubectl("apply", "-f", "-", given=policy)
        self.addCleanup(kubectl, "delete", "networkpolicy", "closed-egress", "-n", SHOP)

        def closed():
            return in_pod("client", "curl", "-sS", "-m", "2", "--noproxy", "*",
                          f"http://{world.PROXY_ADDRESS}:3130/livez")[0] == 28
        until(closed, "no way out of the namespace", 60)
        until(lambda: in_pod("client", "getent", "hosts", "kubernetes.default.svc")[0] == 0, "the cluster's names", 30)
        code, said = in_pod("client", "curl", "-sS", "-m", "5", "--noproxy", "*", "http://10.0.0.10:53/")
        self.assertNotEqual(28, code, said)  # 28: nobody answers. A name server does, if not in HTTP.


class Check(unittest.TestCase):
    """deploy/kubernetes/check/once, in a namespace like any other."""

    @classmethod
    def setUpClass(cls):
        prepare()
        kubectl("apply", "-k", REPOSITORY / "deploy/kubernetes/check")
        made = kubectl("kustomize", REPOSITORY / "deploy/kubernetes/check/once").replace(
            "image: sluice.example/sluice-check", f"image: {IMAGE}").replace(
            "image: sluice.example/sluice\n", f"image: sluice.example/sluice:{world.VERSION}\n")
        kubectl("apply", "-f", "-", given=made)

    def ended(self, name):
        def done():
            job = the_world().plane.find("job", name, "sluice-check")
            return job if job["status"].get("succeeded") or job["status"].get("failed") else None
        until(done, f"the job {name}", 150)
        said = kubectl("logs", "-n", "sluice-check", f"job/{name}")
        print("\n".join(said.splitlines()[-60:]))
        return said

    def test_the_clients_of_a_pod_go_where_they_are_predicted(self):
        said = self.ended("clients")
        self.assertRegex(said, r"curl")
        self.assertRegex(said.splitlines()[-1], r" 0 failed")

    def test_nothing_gets_out_past_the_proxy(self):
        """The world here has one registry and no other endpoint, so that the check as a whole fails; what it says of
        direct ways must not."""
        said = self.ended("endpoints")
        self.assertIn("mcr.microsoft.com", said)
        self.assertRegex(said, r"pass  8 in at most .*: closed: ")
        # The API server is reached directly, and its certificate is the cluster's.
        self.assertIn("10.0.0.1:443", said)
        self.assertNotRegex(said, rf"FAIL  ({re.escape(FQDN)}|10\.0\.0\.1):443")
