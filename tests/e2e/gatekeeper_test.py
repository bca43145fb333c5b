"""deploy/gatekeeper: the files fit each other and the CRDs of Gatekeeper. `gator verify` evaluates the rule
itself, where gator is installed; its suite is checked for being whole."""
import pathlib
import re
import shutil
import subprocess
import unittest

import yaml

import harness

FOLDER = pathlib.Path(harness.REPOSITORY) / "deploy/gatekeeper"
ANNOTATION = "kubernetes.azure.com/no-http-proxy-vars"


def load(name):
    return yaml.safe_load((FOLDER / name).read_text())


class Gatekeeper(unittest.TestCase):
    def setUp(self):
        self.template, self.constraint, self.suite = (
            load(f"{name}.yaml") for name in ("template", "constraint", "suite"))

    def test_the_template_is_one(self):
        self.assertEqual(("templates.gatekeeper.sh/v1", "ConstraintTemplate"),
                         (self.template["apiVersion"], self.template["kind"]))
        crd = self.template["spec"]["crd"]["spec"]
        # Gatekeeper demands it: the template is named as its kind, in small letters.
        self.assertEqual(crd["names"]["kind"].lower(), self.template["metadata"]["name"])
        (target,) = self.template["spec"]["targets"]
        self.assertEqual({"target", "rego"}, set(target))
        self.assertEqual("admission.k8s.gatekeeper.sh", target["target"])
        self.assertRegex(target["rego"], r"^package \w+\n")
        self.assertRegex(target["rego"], r'(?m)^violation\[\{"msg": msg\}\] \{$')
        self.assertIn(f'"{ANNOTATION}"', target["rego"])

    def structural(self, schema):
        """What a CRD takes: a type everywhere, items in arrays, properties in objects."""
        self.assertIn(schema["type"], ("object", "array", "string"))
        for each in schema.get("properties", {}).values():
            self.structural(each)
        if schema["type"] == "array":
            self.structural(schema["items"])

    def test_the_constraint_fits_the_templates_schema(self):
        crd = self.template["spec"]["crd"]["spec"]
        schema = crd["validation"]["openAPIV3Schema"]
        self.structural(schema)
        self.assertEqual(("constraints.gatekeeper.sh/v1beta1", crd["names"]["kind"]),
                         (self.constraint["apiVersion"], self.constraint["kind"]))
        for name, value in self.constraint["spec"]["parameters"].items():
            self.assertEqual("array", schema["properties"][name]["type"])
            self.assertTrue(all(isinstance(each, str) for each in value))
            self.assertIn(f'"{name}"', self.template["spec"]["targets"][0]["rego"])
        self.assertIn(self.constraint["spec"]["enforcementAction"], ("deny", "dryrun", "warn"))
        kinds = {kind for match in self.constraint["spec"]["match"]["kinds"] for kind in match["kinds"]}
        self.assertTrue({"Pod", "Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob"} <= kinds)

    def test_the_suite_is_whole(self):
        (test,) = self.suite["tests"]
        self.assertEqual((self.template, self.constraint), (load(test["template"]), load(test["constraint"])))
        used = {case["object"] for case in test["cases"]}
        self.assertEqual({f"samples/{path.name}" for path in (FOLDER / "samples").iterdir()}, used)
        rego = self.template["spec"]["targets"][0]["rego"]
        for case in test["cases"]:
            sample = load(case["object"])
            text = (FOLDER / case["object"]).read_text()
            (assertion,) = case["assertions"]
            if assertion["violations"] is False:
                allowed = self.constraint["spec"]["parameters"]["serviceAccounts"]
                account = f"{sample['metadata']['namespace']}/{sample['spec'].get('serviceAccountName')}"
                self.assertTrue(ANNOTATION not in text or account in allowed, case["name"])
            else:
                self.assertIn(ANNOTATION, text, case["name"])
                self.assertTrue(re.search(re.escape(assertion["message"]), rego) or
                                sample["metadata"]["namespace"] in assertion["message"], case["name"])

    @unittest.skipUnless(shutil.which("gator"), "gator is not installed")
    def test_gator_agrees(self):
        done = subprocess.run(["gator", "verify", f"{FOLDER}/..."], capture_output=True, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
