"""sluice aks validate: what people, scripts and pipelines get."""
import base64
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import harness
from harness import run_sluice
from pki import Authority, self_signed

CORPUS = harness.REPOSITORY / "tests/corpus/aks"
GOOD = {"httpProxy": "http://proxy.corp.example:3128", "httpsProxy": "http://proxy.corp.example:3128",
        "noProxy": [".svc", ".cluster.local"]}


class Validate(harness.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.path = self.directory / "config.json"

    def write(self, content, name="config.json"):
        path = self.directory / name
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2))
        return path

    def findings(self, content, *arguments):
        _, out, err = run_sluice("aks", "validate", self.write(content), "--json", *arguments)
        self.assertEqual("", err)
        return json.loads(out)["findings"]

    def rules(self, content, *arguments):
        return {finding["rule"] for finding in self.findings(content, *arguments)}

    def test_a_good_file_is_good(self):
        code, out, err = run_sluice("aks", "validate", self.write(GOOD), "--strict")
        self.assertEqual((0, ""), (code, err), out)
        self.assertIn("no errors, no warnings, no notes", out)

    def test_findings_show_line_column_caret_and_what_to_write(self):
        code, out, _ = run_sluice("aks", "validate", self.write(
            '{\n  "httpProxy": "https://jane:s3cret@proxy.corp.example:3128",\n'
            '  "noProxy": ["*.corp.example"]\n}\n'))
        self.assertEqual(1, code)
        self.assertIn(f"{self.path}:2:16: error: $.httpProxy:", out)
        self.assertIn(f"{self.path}:3:15: error: $.noProxy[0]:", out)
        self.assertIn('      |               ^~~~~~~~~~~~~~~~\n      | write ".corp.example", "corp.example"',
                      out)
        self.assertIn("known from Azure as HTTPProxyWrongUrlError", out)
        self.assertNotIn("s3cret", out)

    def test_warnings_fail_only_when_strict(self):
        path = self.write({**GOOD, "httpsproxy": "x"})
        self.assertEqual(0, run_sluice("aks", "validate", path)[0])
        self.assertEqual(1, run_sluice("aks", "validate", path, "--strict")[0])

    def test_what_cannot_be_read_is_another_matter(self):
        for content in ('{"httpProxy": }', "a: [", "\ufeff{"):
            self.assertEqual(2, run_sluice("aks", "validate", self.write(content))[0], content)
        for path in (self.directory / "missing.json", self.directory):
            code, _, err = run_sluice("aks", "validate", path)
            self.assertEqual(3, code)
            self.assertIn(str(path), err)
            self.assertEqual(3, run_sluice("aks", "validate", self.write(GOOD), "--facts", path)[0])
        self.assertEqual(2, run_sluice("aks", "validate")[0])
        self.assertEqual(2, run_sluice("aks", "validate", self.write(GOOD), "--json", "--sarif")[0])

    def test_standard_input_is_a_file_too(self):
        done = subprocess.run([harness.BINARY, "aks", "validate", "-"], input="httpProxy: ftp://x\n",
                              capture_output=True, text=True, check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("stdin:1:12: error: $.httpProxy:", done.stdout)

    def test_a_whole_template_is_searched(self):
        cluster = {"type": "Microsoft.ContainerService/managedClusters"}
        template = {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "parameters": {"proxy": {"type": "string"}},
            "resources": [
                {**cluster, "properties": {"httpProxyConfig": {**GOOD, "noProxy": [*GOOD["noProxy"], "a b"]}}},
                {"type": "Microsoft.Resources/deployments", "properties": {"template": {"resources": [
                    {**cluster, "properties": {
                        "windowsProfile": {"adminUsername": "x"},
                        "agentPoolProfiles": [{"osType": "Windows"}, {"type": "AvailabilitySet"},
                                              {"httpProxyConfig": {}}],
                        "apiServerAccessProfile": {"customCa": "x"},
                        "httpProxyConfig": {**GOOD, "httpProxy": "[parameters('proxy')]"}}}]}}}]}
        found = {(finding["path"].split(".")[-1], finding["rule"]) for finding in self.findings(template)}
        self.assertEqual({("noProxy[2]", "no-proxy-separator"), ("httpProxy", "template-expression"),
                          ("osType", "unsupported-windows"),
                          ("type", "unsupported-availability-set"),
                          ("httpProxyConfig", "unsupported-pool-proxy"),
                          ("customCa", "unsupported-api-server-authority")}, found)

    def test_the_wrapper_is_named_with_the_services_misleading_error(self):
        finding = self.findings({"httpProxyConfig": GOOD})[0]
        self.assertEqual(("error", "config-wrapped", "HTTPProxyConfigInputError"),
                         (finding["severity"], finding["rule"], finding["service_error"]))

    def test_a_wrapper_is_wrong_for_the_cli_and_right_in_a_fragment_of_a_template(self):
        for content in ({"httpProxyConfig": GOOD}, {"properties": {"httpProxyConfig": GOOD}}):
            path = self.write(content)
            self.assertEqual(1, run_sluice("aks", "validate", path)[0])
            self.assertEqual(1, run_sluice("aks", "validate", path, "--for", "cli")[0])
            code, out, _ = run_sluice("aks", "validate", path, "--for", "arm", "--strict")
            self.assertEqual(0, code, out)
            self.assertNotIn("config-wrapped", out)
        template = {"resources": [{"type": "Microsoft.ContainerService/managedClusters",
                                   "properties": {"httpProxyConfig": GOOD}}]}
        for purpose in ("cli", "arm"):
            self.assertEqual([], self.findings(template, "--for", purpose))
        self.assertEqual(2, run_sluice("aks", "validate", self.write(GOOD), "--for", "bicep")[0])

    def test_live_clusters_are_read_as_azure_prints_them(self):
        for name in ("show_overlay", "show_flat", "show_private", "get_private", "graph_rows", "list"):
            code, out, err = run_sluice("aks", "validate", CORPUS / f"{name}.json", "--strict")
            self.assertEqual((0, ""), (code, err), out)
            self.assertIn("no errors, no warnings", out)
        code, out, _ = run_sluice("aks", "validate", CORPUS / "show_isolated.json")
        self.assertEqual(0, code)
        self.assertIn('write "contoso.azurecr.io", "contoso.westeurope.data.azurecr.io"', out)

    def test_facts_come_from_what_azure_prints(self):
        config = self.write({**GOOD, "noProxy": ["10.244.0.0/16"]})
        for name in ("show_overlay", "show_private", "get_private"):
            _, out, err = run_sluice("aks", "validate", config, "--facts", CORPUS / f"{name}.json", "--json")
            self.assertEqual("", err)
            self.assertEqual({"no-proxy-added-anyway", "no-proxy-services"},
                             {each["rule"] for each in json.loads(out)["findings"]})
        code, _, err = run_sluice("aks", "validate", config, "--facts", CORPUS / "graph_rows.json")
        self.assertEqual(2, code)
        self.assertIn("shows 2 clusters", err)

    def test_a_template_gets_its_parameters_from_a_file(self):
        template = self.write({"parameters": {"proxy": {"type": "object"}}, "resources": [{
            "type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2026-01-01",
            "properties": {"httpProxyConfig": "[parameters('proxy')]"}}]}, "template.json")
        code, out, _ = run_sluice("aks", "validate", template)
        self.assertEqual(0, code)
        self.assertIn("[template-expression]", out)
        values = {"proxy": {"value": {**GOOD, "httpProxy": "https://proxy.corp.example:3128"}}}
        schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"
        plain = self.write({"$schema": schema, "parameters": values}, "values.json")
        bicep = self.write({"parametersJson": json.dumps({"$schema": schema, "parameters": values}),
                            "templateJson": template.read_text()}, "params.json")
        for arguments in ((template, "--parameters", plain), (template, "--parameters", bicep), (bicep,),
                          (plain,)):
            code, out, _ = run_sluice("aks", "validate", *arguments)
            self.assertEqual(1, code, arguments)
            self.assertIn("[proxy-scheme]", out)
        for wrong, expected in ((template, 2), (self.write("{", "broken.json"), 2),
                                (self.directory / "missing.json", 3)):
            self.assertEqual(expected, run_sluice("aks", "validate", template, "--parameters", wrong)[0])

    def test_infrastructure_code_is_read_or_named(self):
        plan = {"format_version": "1.2", "resource_changes": [
            {"type": "azurerm_kubernetes_cluster", "change": {"after": {"http_proxy_config": [
                {"http_proxy": "https://proxy.corp.example:3128"}]}, "after_unknown": {}}}]}
        manifest = ("apiVersion: v1\nkind: Namespace\n---\n"
                    "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureManagedControlPlane\n"
                    "spec:\n  httpProxyConfig:\n    httpProxy: https://proxy.corp.example:3128\n")
        for content, path in ((plan, "http_proxy_config[0].http_proxy"),
                              (manifest, "$[1].spec.httpProxyConfig.httpProxy")):
            code, out, _ = run_sluice("aks", "validate", self.write(content))
            self.assertEqual(1, code)
            self.assertRegex(out, rf"error: \S*{re.escape(path)}: the scheme of")
        for content, command in (("resource \"x\" \"y\" {\n}\n", "terraform show -json plan"),
                                 ("param name string\n", "az bicep build --file FILE --stdout"),
                                 ("using 'main.bicep'\n", "az bicep build-params --file FILE --stdout")):
            code, out, _ = run_sluice("aks", "validate", self.write(content))
            self.assertEqual(2, code)
            self.assertIn(command, out)

    def test_what_powershell_writes_is_read(self):
        self.path.write_bytes(json.dumps({**GOOD, "httpProxy": "https://p.example:3128"}).encode("utf-16"))
        code, out, _ = run_sluice("aks", "validate", self.path)
        self.assertEqual(1, code)
        self.assertIn("[config-encoding]", out)
        self.assertIn('{"httpProxy": "https://p.example:3128"', out)

    def test_switched_off_is_valid(self):
        code, out, _ = run_sluice("aks", "validate", self.write({"enabled": False}), "--strict")
        self.assertEqual(0, code, out)
        self.assertEqual({"config-disabled", "config-enabled-text"}, self.rules({"enabled": "false"}))
        old, off = self.write(GOOD, "old.json"), self.write({"enabled": False}, "off.json")
        none = run_sluice("aks", "plan", old, "none")
        self.assertEqual(0, none[0], none)
        self.assertEqual(none[:2], run_sluice("aks", "plan", old, off)[:2])

    def test_facts_bring_what_the_cluster_needs(self):
        facts = self.write("fqdn: demo-1.hcp.westeurope.azmk8s.io\nserviceCidrs: [10.0.0.0/16]\n"
                           "privateRegistries: [contoso]\n", "facts.yaml")
        found = self.rules({**GOOD, "noProxy": ["10.0.0.0/16"]}, "--facts", facts)
        self.assertEqual({"no-proxy-added-anyway", "no-proxy-services", "no-proxy-private-registry"}, found)
        code, _, err = run_sluice("aks", "validate", self.write(GOOD), "--facts",
                                  self.write("podCidrs: [10.0.0.1/8]\n", "wrong.yaml"))
        self.assertEqual(2, code)
        self.assertIn("wrong.yaml:1:12: error: $.podCidrs[0]", err)

    def test_certificates_are_opened(self):
        names = ["-addext", "subjectAltName=DNS:proxy.corp.example"]
        authority = ["-addext", "basicConstraints=critical,CA:TRUE",
                     "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        leaf = ["-addext", "basicConstraints=critical,CA:FALSE"]
        strong = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        cases = {
            "fine": ([*strong, "-days", "400", *authority, *names], set()),
            "nameless": ([*strong, "-days", "400", *authority], {"certificate-san"}),
            "leaf": ([*strong, "-days", "400", *leaf], {"certificate-san", "certificate-no-authority"}),
            "soon": ([*strong, "-days", "5", *authority, *names], {"certificate-expires-soon"}),
            "short": (["-newkey", "rsa:1024", "-days", "400", *authority, *names],
                      {"certificate-weak-key"}),
            "sha1": (["-newkey", "rsa:2048", "-sha1", "-days", "400", *authority, *names],
                     {"certificate-weak-signature"}),
        }
        for name, (options, expected) in cases.items():
            pem = self_signed(self.directory, name, *options)
            config = {**GOOD, "trustedCa": base64.b64encode(pem).decode()}
            self.assertEqual(expected, self.rules(config), name)

    def test_a_private_key_is_found_and_never_shown(self):
        key = Authority(self.directory).key.read_text()
        secret = key.splitlines()[1]
        for text in (key, base64.b64encode(key.encode()).decode()):
            path = self.write({**GOOD, "trustedCa": text})
            for form in ((), ("--json",), ("--sarif",)):
                code, out, err = run_sluice("aks", "validate", path, *form)
                self.assertEqual(1, code)
                self.assertIn("trusted-ca-key", out)
                for piece in (secret, text[100:150]):
                    self.assertNotIn(piece, out + err)

    def test_sarif_has_what_the_schema_requires(self):
        code, out, _ = run_sluice("aks", "validate", self.write({"httpProxy": "x"}), "--sarif")
        self.assertEqual(1, code)
        log = json.loads(out)
        self.assertEqual("2.1.0", log["version"])
        run, = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            self.assertEqual(result["ruleId"], rules[result["ruleIndex"]]["id"])
            self.assertIn(result["level"], ("error", "warning", "note"))
            self.assertTrue(result["message"]["text"])
            place = result["locations"][0]["physicalLocation"]
            self.assertTrue(place["artifactLocation"]["uri"].endswith("config.json"))
            self.assertGreaterEqual(place["region"]["startLine"], 1)


if __name__ == "__main__":
    unittest.main()
