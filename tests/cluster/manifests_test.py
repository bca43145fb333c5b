"""What `sluice aks webhook manifests` prints, as an API server validates it."""
import unittest

import cluster
from cluster import NAME, NAMESPACE, plane

FLAGS = [
    (),
    ("--init-containers", "--ephemeral-containers"),
    ("--ca-configmap", "proxy-ca", "--ca-variable", "SSL_CERT_FILE"),
    ("--kube-system", "--failure-policy", "Ignore", "--timeout", "3"),
    ("--namespace-label", "egress=proxy", "--exclude-namespace", "a", "--exclude-namespace", "b"),
]


class Manifests(unittest.TestCase):
    def validated(self, given, *flags):
        return plane().kubectl("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-", *flags,
                               given=given)

    def test_all_forms_pass_strict_validation(self):
        code, _, err = plane().kubectl("create", "namespace", NAMESPACE)
        self.assertTrue(code == 0 or "already exists" in err, err)
        for flags in FLAGS:
            with self.subTest(flags=flags):
                objects = cluster.manifests("--self-signed", *flags).values()
                code, out, err = self.validated(cluster.listed(objects))
                self.assertEqual(0, code, err)
                self.assertEqual(len(objects), len(out.splitlines()), out)

    def test_a_misspelt_field_does_not_pass(self):
        made = cluster.manifests("--self-signed")["MutatingWebhookConfiguration"]
        made["webhooks"][0]["failurePolicies"] = "Fail"
        code, _, err = self.validated(made)
        self.assertNotEqual(0, code)
        self.assertIn("failurePolicies", err)


class Deployment(cluster.TestCase):
    def test_its_pods_are_let_into_a_namespace_that_enforces_the_restricted_profile(self):
        def both():
            found = cluster.stored_pods(NAMESPACE, f"app.kubernetes.io/name={NAME}")
            return found if len(found) >= 2 else None
        for made in cluster.eventually(both, "the webhook's own pods", 60):
            self.assertEqual([], cluster.names(made["spec"]["containers"][0]))
        label = plane().find("namespace", NAMESPACE)["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        self.assertEqual("restricted", label)
        code, _, err = plane().kubectl("create", "-n", NAMESPACE, "-f", "-", given=cluster.pod("unrestricted"))
        self.assertNotEqual(0, code)
        self.assertIn("violates PodSecurity", err)
