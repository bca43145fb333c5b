#include "aks/render/ca_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) out.push_back(finding.rule);
  return out;
}

TEST(CaBundle, ConfigMapHasTheCaAndWithRootsABundle) {
  std::vector<Finding> findings;
  CaBundleOptions options;
  options.name_space = "shop";
  options.roots_pem = std::string("# a comment\n") + kPem;
  const auto text = ca_config_map(example(), options, Format::kJson, findings);
  ASSERT_TRUE(text);
  const json map = json::parse(*text);
  EXPECT_EQ(map["kind"], "ConfigMap");
  EXPECT_EQ(map["metadata"], (json{{"name", "proxy-ca"}, {"namespace", "shop"}}));
  EXPECT_EQ(map["data"],
            (json{{"proxy-ca.crt", kPem}, {"ca-bundle.crt", std::string(kPem) + kPem}}));
}

TEST(CaBundle, MayBeASecret) {
  std::vector<Finding> findings;
  CaBundleOptions options;
  options.kind = CaBundleOptions::Kind::kSecret;
  const auto text = ca_config_map(example(), options, Format::kJson, findings);
  ASSERT_TRUE(text);
  const json secret = json::parse(*text);
  EXPECT_EQ(secret["kind"], "Secret");
  EXPECT_EQ(secret["stringData"], (json{{"proxy-ca.crt", kPem}}));
}

TEST(CaBundle, RefusesWhatIsNoBundle) {
  const auto refused = [](const std::string& config, std::string roots) {
    std::vector<Finding> findings;
    CaBundleOptions options;
    options.roots_pem = std::move(roots);
    const auto text = ca_config_map(parse(config), options, Format::kJson, findings);
    return !text && has_errors(findings) ? findings.back().rule : "";
  };
  const std::string with_ca =
      R"({"httpProxy": "http://p.example:1", "trustedCa": ")" + encode_base64(kPem) + "\"}";
  EXPECT_EQ(refused(R"({"httpProxy": "http://p.example:1"})", ""), "ca-bundle-empty");
  EXPECT_EQ(refused(with_ca, "no pem"), "ca-bundle-roots");
  EXPECT_EQ(refused(with_ca, "-----BEGIN PRIVATE KEY-----\nAAEC\n-----END PRIVATE KEY-----\n"),
            "ca-bundle-roots");
  std::string many;
  while (many.size() < 1024 * 1024) many += kPem;
  EXPECT_EQ(refused(with_ca, many), "ca-bundle-size");
  EXPECT_EQ(refused(with_ca, kPem), "");
}

TEST(CaBundle, PatchReplacesRootsOnlyWhereTheBundleHasThem) {
  CaBundleOptions options;
  options.containers = {"app", "sidecar"};
  std::vector<Finding> findings;
  const auto variables = [](const json& container) {
    std::vector<std::string> out;
    for (const json& variable : container["env"]) {
      out.push_back(variable["name"].get<std::string>() + "=" +
                    variable["value"].get<std::string>());
    }
    return out;
  };
  json spec =
      json::parse(*ca_mount_patch(options, Format::kJson, findings))["spec"]["template"]["spec"];
  EXPECT_THAT(rules(findings), ElementsAre("ca-bundle-roots"));
  ASSERT_EQ(spec["containers"].size(), 2U);
  EXPECT_THAT(variables(spec["containers"][1]),
              ElementsAre("NODE_EXTRA_CA_CERTS=/etc/proxy-ca/proxy-ca.crt"));
  EXPECT_EQ(
      spec["containers"][0]["volumeMounts"],
      json::parse(R"([{"name": "proxy-ca", "mountPath": "/etc/proxy-ca", "readOnly": true}])"));
  EXPECT_EQ(spec["volumes"],
            json::parse(R"([{"name": "proxy-ca", "configMap": {"name": "proxy-ca"}}])"));
  options.roots_pem = kPem;
  spec = json::parse(*ca_mount_patch(options, Format::kJson, findings))["spec"]["template"]["spec"];
  EXPECT_THAT(variables(spec["containers"][0]),
              ElementsAre("NODE_EXTRA_CA_CERTS=/etc/proxy-ca/proxy-ca.crt",
                          "SSL_CERT_FILE=/etc/proxy-ca/ca-bundle.crt",
                          "REQUESTS_CA_BUNDLE=/etc/proxy-ca/ca-bundle.crt"));
}

TEST(CaBundle, PatchNeedsAContainer) {
  std::vector<Finding> findings;
  EXPECT_FALSE(ca_mount_patch({}, Format::kYaml, findings));
  EXPECT_THAT(rules(findings), ElementsAre("ca-bundle-container"));
}

}  // namespace
}  // namespace aks::render
