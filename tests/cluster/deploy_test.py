"""deploy/kubernetes, built by kubectl and taken by an API server."""
import json
import unittest

import cluster
import crds
from cluster import container, plane, pod
from leg import REPOSITORY

DEPLOY = REPOSITORY / "deploy/kubernetes"
FOLDERS = ["overlays/aks", "overlays/kind", "check/once", "closed-egress", "monitoring/coreos", "monitoring/azmonitoring"]
KEY = "kubernetes.azure.com/no-http-proxy-vars"
SECONDS = 60
# What the namespace `sluice` asks of pods.
RESTRICTED = {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}
UNABLE = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def setUpModule():
    code, _, err = plane().kubectl("apply", "--server-side", "-f", "-", given=crds.all_of_them())
    assert code == 0, err
    for name in ("sluice", "sluice-check", "sluice-webhook", "egress"):
        plane().kubectl("create", "namespace", name)  # or it is there
    cluster.eventually(lambda: apply(built("monitoring/azmonitoring"), "--dry-run=server")[0] == 0, "the new kinds", SECONDS)
    cluster.eventually(lambda: plane().find("serviceaccounts", "default", "sluice-check"), "an account", SECONDS)


def built(folder):
    """What `kubectl kustomize` makes of it, as YAML."""
    code, out, err = plane().kubectl("kustomize", DEPLOY / folder)
    assert code == 0, err
    return out


def apply(text, *flags):
    return plane().kubectl("apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-", *flags,
                           given=text)


class Deploy(unittest.TestCase):
    maxDiff = 4000

    def applied(self, text, *flags):
        code, out, err = apply(text, *flags)
        self.assertEqual(0, code, err)
        return out

    def test_all_of_it_passes_strict_validation_without_a_warning(self):
        for folder in FOLDERS:
            with self.subTest(folder):
                text = built(folder)
                code, out, err = apply(text, "--dry-run=server")
                self.assertEqual((0, ""), (code, err))
                self.assertEqual(text.count("\nkind: ") + text.startswith("kind: "), len(out.splitlines()))

    def test_a_misspelt_field_of_a_monitor_does_not_pass(self):
        for folder in ("monitoring/coreos", "monitoring/azmonitoring"):
            code, _, err = apply(built(folder).replace("podMetricsEndpoints", "podMetricEndpoints"), "--dry-run=server")
            self.assertNotEqual(0, code)
            self.assertIn("podMetricEndpoints", err)

    def test_the_restricted_profile_admits_the_proxys_pods_and_the_checks(self):
        self.applied(built("overlays/kind"))
        self.applied(built("check/once"))
        self.addCleanup(plane().kubectl, "delete", "validatingadmissionpolicybinding", "proxy-opt-out")
        for namespace, label in (("sluice", "app.kubernetes.io/name=sluice"),
                                 ("sluice-check", "app.kubernetes.io/component=clients"),
                                 ("sluice-check", "app.kubernetes.io/component=endpoints")):
            made = cluster.eventually(lambda n=namespace, l=label: cluster.stored_pods(n, l), f"pods {label}", SECONDS)
            self.assertEqual([], cluster.names(made[0]["spec"]["containers"][0])[1:])
        scaled = plane().find("deployment", "sluice", "sluice")
        self.assertEqual("RollingUpdate", scaled["spec"]["strategy"]["type"])
        stored = plane().find("configmap", "sluice", "sluice")["data"]["sluice.yaml"]
        self.assertEqual((DEPLOY / "base/sluice.yaml").read_text(encoding="utf-8"), stored)

    def test_a_cron_jobs_run_is_the_job_of_once(self):
        self.applied(built("overlays/kind"))
        self.addCleanup(plane().kubectl, "delete", "validatingadmissionpolicybinding", "proxy-opt-out")
        self.applied(built("check/once"))
        for name in ("clients", "endpoints"):
            nightly = plane().find("cronjob", name, "sluice-check")["spec"]["jobTemplate"]["spec"]
            once = plane().find("job", name, "sluice-check")["spec"]
            self.assertEqual(nightly["template"]["spec"]["containers"][0]["args"],
                             once["template"]["spec"]["containers"][0]["args"])
            self.assertEqual(nightly["backoffLimit"], once["backoffLimit"])


class OptOut(unittest.TestCase):
    """Who may keep the proxy variables away, as the API server itself decides."""

    @classmethod
    def setUpClass(cls):
        code, _, err = apply(built("opt-out"))
        assert code == 0, err
        cls.addClassCleanup(plane().kubectl, "delete", "validatingadmissionpolicy,validatingadmissionpolicybinding",
                            "proxy-opt-out")
        cluster.eventually(lambda: cls.answer(pod("probe", annotations={KEY: "true"}))[0] != 0, "the policy", SECONDS)

    @staticmethod
    def answer(given, namespace="default"):
        code, _, err = plane().kubectl("create", "-n", namespace, "--dry-run=server", "-f", "-", given=given)
        return code, err

    def allowed(self, given, namespace="default"):
        code, err = self.answer(given, namespace)
        self.assertEqual(0, code, err)

    def denied(self, given, *words, namespace="default"):
        code, err = self.answer(given, namespace)
        self.assertNotEqual(0, code)
        for word in words:
            self.assertIn(word, err)

    @staticmethod
    def asking(value, **fields):
        return pod("quiet", container("app", securityContext=UNABLE), annotations={KEY: value},
                   securityContext=RESTRICTED, **fields)

    @staticmethod
    def template(value):
        return {"metadata": {"labels": {"app": "x"}, "annotations": {KEY: value}},
                "spec": {"containers": [container("app")], "restartPolicy": "Never"}}

    def deployment(self, value, **fields):
        template = self.template(value)
        template["spec"]["restartPolicy"] = "Always"
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "quiet"},
                "spec": {"selector": {"matchLabels": {"app": "x"}}, "template": template, "replicas": 0, **fields}}

    def job(self, value):
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "quiet"},
                "spec": {"template": self.template(value)}}

    def test_pods_without_the_annotation_are_nobodys_business(self):
        self.allowed(pod("plain"))
        self.allowed(pod("other", annotations={"example": "true"}))

    def test_a_namespace_or_account_that_is_named_may(self):
        asking = self.asking("true")
        self.denied(asking, "Forbidden", "default/default may do")
        self.allowed(asking, namespace="sluice")
        plane().kubectl("create", "serviceaccount", "gateway", "-n", "egress")
        self.denied(asking, "egress/default", namespace="egress")
        self.allowed(self.asking("true", serviceAccountName="gateway"), namespace="egress")

    def test_a_value_without_effect_is_refused_to_everybody(self):
        for value in ("false", "True", ""):
            self.denied(self.asking(value), f'"{value}", which has no effect')
            self.denied(self.asking(value), "no effect", namespace="sluice")

    def test_what_makes_pods_is_refused_where_the_pod_would_be(self):
        nightly = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "quiet"},
                   "spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": self.template("true")}}}}
        for made in (self.deployment("true"), self.job("true"), nightly):
            self.denied(made, "default/default may do")
            self.allowed(made, namespace="sluice")

    def test_an_object_from_before_goes_on_to_work_and_may_not_get_worse(self):
        plane().kubectl("delete", "validatingadmissionpolicybinding", "proxy-opt-out")
        cluster.eventually(lambda: self.answer(self.deployment("true"))[0] == 0, "no policy", SECONDS)
        code, _, err = apply(json.dumps(self.deployment("true")))
        self.assertEqual(0, code, err)
        self.addCleanup(plane().kubectl, "delete", "deployment", "quiet")
        apply(built("opt-out"))
        cluster.eventually(lambda: self.answer(pod("probe", annotations={KEY: "true"}))[0] != 0, "the policy", SECONDS)
        code, _, err = apply(json.dumps(self.deployment("true", minReadySeconds=5)))
        self.assertEqual(0, code, err)
        code, _, err = apply(json.dumps(self.deployment("yes")))
        self.assertNotEqual(0, code)
        self.assertIn("no effect", err)
