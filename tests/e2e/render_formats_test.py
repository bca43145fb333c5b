"""Templates and Kubernetes objects of `sluice aks render`, read by something other than their writer."""
import base64
import json
import pathlib
import re
import unittest

import yaml

import render


def literals(text, quote, escapes):
    """The string literals of HCL or Bicep in `text`, read by the language's own rules."""
    out, rest = [], text
    while True:
        start = rest.find(quote)
        if start < 0:
            return out
        rest, value = rest[start + 1:], ""
        while not rest.startswith(quote):
            for escape, meaning in escapes.items():
                if rest.startswith(escape):
                    value, rest = value + meaning, rest[len(escape):]
                    break
            else:
                assert not rest.startswith(("\\", "${", "\n")), rest[:20]
                value, rest = value + rest[0], rest[1:]
        out.append(value)
        rest = rest[1:]


HCL = {"$${": "${", "%%{": "%{", '\\"': '"', "\\\\": "\\", "\\n": "\n"}
BICEP = {"\\$": "$", "\\'": "'", "\\\\": "\\", "\\n": "\n"}


class Templates(render.TestCase):
    def expected(self, config):
        texts = [config["httpProxy"], config.get("httpsProxy", config["httpProxy"]), *config["noProxy"]]
        return texts + ([config["trustedCa"]] if "trustedCa" in config else [])

    def test_cli_and_arm_are_the_configuration_with_httpsProxy_filled_in(self):
        for name in ("full", "unquoted"):
            config = self.unpack(name)
            config.setdefault("httpsProxy", config["httpProxy"])
            self.assertEqual(config, json.loads(self.render("cli")))
            self.assertEqual({"properties": {"httpProxyConfig": config}}, json.loads(self.render("arm")))

    def test_terraform_and_bicep_hold_the_same_strings(self):
        for name in ("full", "unquoted"):
            expected = self.expected(self.unpack(name))
            self.assertEqual(expected, literals(self.render("terraform"), '"', HCL))
            self.assertEqual(expected, literals(self.render("bicep"), "'", BICEP))

    def test_terraform_blocks_are_closed(self):
        self.unpack("full")
        text = re.sub(r'"[^"]*"|#.*', "", self.render("terraform"))
        for opening, closing in ("{}", "[]"):
            self.assertEqual(text.count(opening), text.count(closing))
        self.assertRegex(text, r"(?s)^http_proxy_config \{.*\}\n\nlifecycle \{.*\}\n$")


class Kubernetes(render.TestCase):
    def documents(self, form, *arguments):
        """The YAML, which has to say what the JSON says."""
        documents = list(yaml.safe_load_all(self.render(form, *arguments)))
        other = json.loads(self.render(form, *arguments, "--json"))
        listed = isinstance(other, dict) and other.get("kind") == "List"
        self.assertEqual(documents, other["items"] if listed else [other])
        return documents

    def test_yaml_and_json_agree_and_objects_have_what_the_api_asks_for(self):
        self.unpack("full")
        for form, arguments, kind in (("istio", ["--proxy-address", "10.1.0.4"], "ServiceEntry"),
                                      ("istio", ["--namespace", "mesh"], "ServiceEntry"),
                                      ("monitoring", [], "Secret"), ("ca-bundle", [], "ConfigMap")):
            for document in self.documents(form, *arguments):
                self.assertEqual(kind, document["kind"])
                self.assertTrue(document["apiVersion"])
                self.assertRegex(document["metadata"]["name"], r"^[a-z][a-z-]*$")

    def test_service_entry_has_the_fields_that_istio_validates(self):
        self.unpack("full")
        spec = self.documents("istio", "--proxy-address", "10.10.1.4")[0]["spec"]
        self.assertEqual((["proxy.example.com"], ["10.10.1.4/32"], "MESH_EXTERNAL", "NONE"),
                         tuple(spec[key] for key in ("hosts", "addresses", "location", "resolution")))
        self.assertEqual([3128, 3129], [port["number"] for port in spec["ports"]])
        self.assertEqual({"TCP"}, {port["protocol"] for port in spec["ports"]})

    def test_patches_fit_a_pod_template(self):
        self.unpack("full")
        patch = self.documents("ca-bundle", "--part", "patch", "--container", "app")[0]
        spec = patch["spec"]["template"]["spec"]
        self.assertEqual({spec["volumes"][0]["name"]},
                         {mount["name"] for mount in spec["containers"][0]["volumeMounts"]})
        patch = self.documents("istio", "--part", "annotation")[0]
        value = patch["spec"]["template"]["metadata"]["annotations"]
        self.assertEqual({"traffic.sidecar.istio.io/excludeOutboundPorts": "3128,3129"}, value)

    def test_pod_env_is_six_variables_after_kubernetes_expansion(self):
        config = self.unpack("unquoted")
        env = {entry["name"]: entry["value"].replace("$$", "$") for entry in self.documents("pod")[0]}
        self.assertEqual(config["httpProxy"], env["http_proxy"])
        self.assertEqual(6, len(env))
        for name, value in env.items():
            self.assertEqual(value, env[name.swapcase()])

    def test_the_bundle_has_the_roots_and_the_ca(self):
        config = self.unpack("full")
        roots = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
        data = self.documents("ca-bundle", "--roots", roots)[0]["data"]
        ca = base64.b64decode(config["trustedCa"]).decode()
        self.assertEqual(ca, data["proxy-ca.crt"])
        self.assertEqual(roots.read_text() + ca, data["ca-bundle.crt"])

    def test_credentials_come_from_a_file_and_are_percent_encoded(self):
        self.unpack("https_only")
        (self.folder / "password").write_text("p@ss:w/rd%\n")
        secret = self.documents("monitoring", "--proxy-user", "logs", "--proxy-password-file", "password")[0]
        self.assertEqual({"PROXY": "http://logs:p%40ss%3Aw%2Frd%25@10.10.1.4:8888"}, secret["stringData"])
        self.render("monitoring", "--proxy-user", "logs", expected=2)


if __name__ == "__main__":
    unittest.main()
