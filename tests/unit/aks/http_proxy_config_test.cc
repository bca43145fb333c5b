#include "aks/http_proxy_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kCa[] =
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBRUMKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";
constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";

std::vector<std::string> rules(const ParsedConfig& parsed) {
  std::vector<std::string> out;
  for (const Finding& finding : parsed.findings) {
    out.push_back(finding.path + " " + finding.rule);
  }
  return out;
}

bool has_rule(const ParsedConfig& parsed, std::string_view rule) {
  return std::any_of(parsed.findings.begin(), parsed.findings.end(),
                     [rule](const Finding& finding) { return finding.rule == rule; });
}

TEST(HttpProxyConfig, ReadsTheDocumentsExample) {
  const auto parsed =
      parse_http_proxy_config(std::string(R"({"httpProxy": "http://myproxy.server.com:8080/",
                      "httpsProxy": "https://myproxy.server.com:8080/",
                      "noProxy": ["localhost", "127.0.0.1"], "trustedCa": ")") +
                              kCa + "\"}");
  ASSERT_TRUE(parsed.config);
  EXPECT_THAT(rules(parsed), IsEmpty());
  EXPECT_TRUE(parsed.config->enabled);
  EXPECT_EQ(parsed.config->http_proxy->to_string(), "http://myproxy.server.com:8080");
  EXPECT_EQ(parsed.config->https_proxy->to_string(), "https://myproxy.server.com:8080");
  EXPECT_THAT(parsed.config->no_proxy, ElementsAre("localhost", "127.0.0.1"));
  EXPECT_EQ(parsed.config->trusted_ca_pem, kPem);
}

TEST(HttpProxyConfig, UsesHttpProxyForBothWhenHttpsProxyIsAbsent) {
  const auto parsed = parse_http_proxy_config(R"({"httpProxy": "http://p.example:3128"})");
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->https_proxy, parsed.config->http_proxy);
}

TEST(HttpProxyConfig, KeepsValuesAsWrittenForThoseWhoHandThemOn) {
  const std::string ca = std::string(kCa).insert(20, "\\n");
  const auto parsed = parse_http_proxy_config(
      R"({"httpProxy": " http://P.example:3128/ ", "trustedCa": ")" + ca + "\"}");
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->written.http_proxy, "http://P.example:3128/");
  EXPECT_EQ(parsed.config->written.https_proxy, "http://P.example:3128/");
  EXPECT_EQ(parsed.config->written.trusted_ca, kCa);
}

TEST(HttpProxyConfig, AllowsHttpsProxyAlone) {
  const auto parsed =
      parse_http_proxy_config(R"({"httpProxy": "", "httpsProxy": "https://p.example:3129"})");
  ASSERT_TRUE(parsed.config);
  EXPECT_FALSE(parsed.config->http_proxy);
  EXPECT_TRUE(parsed.config->https_proxy);
}

TEST(HttpProxyConfig, TreatsAbsentAndNullTrustedCaAlikeAndRefusesAnEmptyOne) {
  for (const char* ca : {"", R"(, "trustedCa": null)"}) {
    const auto parsed =
        parse_http_proxy_config(std::string(R"({"httpProxy": "http://p.example:3128")") + ca + "}");
    ASSERT_TRUE(parsed.config) << ca;
    EXPECT_EQ(parsed.config->trusted_ca_pem, "") << ca;
  }
  const auto parsed =
      parse_http_proxy_config(R"({"httpProxy": "http://p.example:3128", "trustedCa": ""})");
  EXPECT_FALSE(parsed.config) << "the service answers HTTPProxyTrustedCAPEMDecodeFailure";
  EXPECT_THAT(rules(parsed), ElementsAre("$.trustedCa trusted-ca-empty"));
}

TEST(HttpProxyConfig, ReadsTheOldSpellingOfTrustedCaWithAWarning) {
  const auto parsed = parse_http_proxy_config(
      std::string(R"({"httpProxy": "http://p.example:3128", "trustedCA": ")") + kCa + "\"}");
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->trusted_ca_pem, kPem);
  EXPECT_THAT(rules(parsed), ElementsAre("$.trustedCA trusted-ca-spelling"));
}

TEST(HttpProxyConfig, ComparesKeysWithoutRegardToCaseAsTheServiceDoes) {
  const auto parsed = parse_http_proxy_config(
      std::string(R"({"HTTPProxy": "http://p.example:3128", "NOPROXY": [".a.example"],
                      "TrustedCA": ")") +
      kCa + R"(", "Enabled": true})");
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->http_proxy->to_string(), "http://p.example:3128");
  EXPECT_THAT(parsed.config->no_proxy, ElementsAre(".a.example"));
  EXPECT_EQ(parsed.config->trusted_ca_pem, kPem);
  EXPECT_THAT(rules(parsed),
              ElementsAre("$.HTTPProxy config-key-case", "$.NOPROXY config-key-case",
                          "$.TrustedCA config-key-case", "$.Enabled config-key-case"));
  EXPECT_EQ(parsed.findings[0].fix, "\"httpProxy\"");
  EXPECT_EQ(parsed.findings[2].fix, "\"trustedCa\"");
}

TEST(HttpProxyConfig, StepsIntoWrappersAndNamesTheServicesError) {
  for (const char* text : {R"({"httpProxyConfig": {"httpProxy": "http://p.example:3128"}})",
                           R"({"properties": {"httpProxyConfig":
                               {"httpProxy": "http://p.example:3128"}}})"}) {
    const auto parsed = parse_http_proxy_config(text);
    ASSERT_TRUE(parsed.config) << text;
    ASSERT_EQ(parsed.findings.size(), 1U);
    EXPECT_EQ(parsed.findings[0].rule, "config-wrapped");
    EXPECT_THAT(parsed.findings[0].message, HasSubstr("HTTPProxyConfigInputError"));
  }
}

TEST(HttpProxyConfig, ReportsEverythingAtOnceWithPaths) {
  const auto parsed = parse_http_proxy_config(R"({
    "htpsProxy": "x",
    "httpProxy": "https://u:p@p.example:3128",
    "noProxy": ["ok.example", "*.bad.example", 7, "10.0.0.1/8"],
    "trustedCa": "!", "enabled": "yes"})");
  EXPECT_FALSE(parsed.config);
  EXPECT_THAT(rules(parsed),
              ElementsAre("$.htpsProxy config-unknown-key", "$.enabled config-type",
                          "$.httpProxy proxy-scheme", "$.httpProxy proxy-credentials",
                          "$.noProxy[1] no-proxy-wildcard", "$.noProxy[2] config-type",
                          "$.noProxy[3] no-proxy-host-bits", "$.trustedCa trusted-ca-base64"));
  EXPECT_THAT(parsed.findings[0].message, HasSubstr("write httpsProxy"));
}

TEST(HttpProxyConfig, NeedsAProxy) {
  for (const char* text :
       {"{}", R"({"noProxy": []})", R"({"httpProxy": null, "httpsProxy": ""})"}) {
    const auto parsed = parse_http_proxy_config(text);
    EXPECT_FALSE(parsed.config) << text;
    EXPECT_THAT(rules(parsed), ElementsAre("$ config-no-proxy-url")) << text;
  }
}

TEST(HttpProxyConfig, RefusesWhatIsNoObjectOrNoArray) {
  EXPECT_THAT(rules(parse_http_proxy_config("[]")), ElementsAre("$ config-object"));
  EXPECT_THAT(rules(parse_http_proxy_config(R"({"httpProxyConfig": 1})")),
              ElementsAre("$.httpProxyConfig config-object"));
  EXPECT_THAT(
      rules(parse_http_proxy_config(R"({"httpProxy": "http://p.example:1", "noProxy": "a,b"})")),
      ElementsAre("$.noProxy config-type"));
}

TEST(HttpProxyConfig, SaysWhereEachFindingIsAndWhatToWrite) {
  const auto parsed = parse_http_proxy_config(
      "{\n  \"httpProxy\": \"http://jane:pw@p.example:3128/\",\n  \"noProxy\": [\"a\",\n    "
      "\"*.b.example\"]\n}");
  ASSERT_EQ(parsed.findings.size(), 2U);
  EXPECT_EQ(parsed.findings[0].line, 2);
  EXPECT_EQ(parsed.findings[0].column, 16);
  EXPECT_EQ(parsed.findings[0].fix, R"("http://p.example:3128/")") << "the slash may stay";
  EXPECT_EQ(parsed.findings[1].line, 4);
  EXPECT_EQ(parsed.findings[1].column, 5);
  EXPECT_EQ(parsed.findings[1].fix, R"(".b.example", "b.example")");
}

TEST(HttpProxyConfig, ReadsYamlAsTheSameThing) {
  const auto parsed = parse_http_proxy_config(
      "httpProxy: http://p.example:3128\nnoProxy:\n  - 10.0.0.0/16\n  - .svc\n");
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->http_proxy->to_string(), "http://p.example:3128");
  EXPECT_THAT(parsed.config->no_proxy, ElementsAre("10.0.0.0/16", ".svc"));
}

TEST(HttpProxyConfig, SuggestsTheElementsOfAListInOneString) {
  const auto parsed =
      parse_http_proxy_config(R"({"httpProxy": "http://p.example:1", "noProxy": "a, b"})");
  ASSERT_EQ(parsed.findings.size(), 1U);
  EXPECT_EQ(parsed.findings[0].fix, R"(["a", "b"])");
}

TEST(HttpProxyConfig, RefusesWhatOnlyArmCanCompute) {
  const std::string text = R"({"resources": [{"type": "Microsoft.ContainerService/managedClusters",
      "properties": {"httpProxyConfig": {"httpProxy": "[parameters('proxy')]"}}}],
      "parameters": {"proxy": {"type": "string")";
  const auto unknown = parse_http_proxy_config(text + "}}}");
  EXPECT_FALSE(unknown.config);
  EXPECT_TRUE(has_rule(unknown, "template-expression"));
  // What fills in a manifest is another tool.
  const auto manifest = parse_http_proxy_config(
      "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureManagedControlPlane\n"
      "spec: {httpProxyConfig: {httpProxy: \"${PROXY}\"}}\n");
  EXPECT_THAT(aks_test::messages(manifest.findings),
              ::testing::HasSubstr("\"${PROXY}\" is filled in later"));
  const auto known =
      parse_http_proxy_config(text + R"(, "defaultValue": "http://p.example:3128"}}})");
  ASSERT_TRUE(known.config);
  EXPECT_EQ(known.config->http_proxy->to_string(), "http://p.example:3128");
}

TEST(HttpProxyConfig, SaysWhereTheJsonBreaks) {
  const auto parsed = parse_http_proxy_config("{\n  \"httpProxy\": x\n}");
  ASSERT_EQ(parsed.findings.size(), 1U);
  EXPECT_EQ(parsed.findings[0].rule, "config-json");
  EXPECT_THAT(parsed.findings[0].message, HasSubstr("line 2, column 16"));
}

TEST(HttpProxyConfig, TakesDisabledAloneAsTheArticleDoes) {
  for (const char* text : {R"({"enabled": false})", R"({"httpProxyConfig": {"enabled": false}})",
                           R"({"enabled": "false"})", R"({"enabled": "False"})"}) {
    const auto parsed = parse_http_proxy_config(text);
    ASSERT_TRUE(parsed.config) << text;
    EXPECT_FALSE(parsed.config->enabled) << text;
    EXPECT_FALSE(parsed.config->http_proxy) << text;
    EXPECT_EQ(has_rule(parsed, "config-enabled-text"), std::string_view(text).ends_with("e\"}"))
        << text;
  }
  EXPECT_FALSE(parse_http_proxy_config(R"({"enabled": "true"})").config) << "there is no proxy";
  EXPECT_FALSE(parse_http_proxy_config(R"({"enabled": "no"})").config);
}

TEST(HttpProxyConfig, ReadsADocumentOfALiveClusterWithoutItsWrapper) {
  std::vector<Finding> findings;
  const auto document = parse_document(
      R"({"id": "/subscriptions/x/providers/Microsoft.ContainerService/managedClusters/demo",
          "httpProxyConfig": {"httpProxy": "http://p.example:3128", "effectiveNoProxy": ["a"]}})",
      findings);
  const Sites sites = find_sites(*document, findings);
  const auto parsed = read_http_proxy_config(sites.configs.at(0));
  EXPECT_TRUE(parsed.config);
  EXPECT_THAT(rules(parsed), IsEmpty());
}

TEST(HttpProxyConfig, ReadsTerraformsNames) {
  const auto parsed = parse_http_proxy_config(R"({"format_version": "1.0", "values": {"root_module":
    {"resources": [{"type": "azurerm_kubernetes_cluster", "values": {"http_proxy_config": [{
      "http_proxy": "http://p.example:3128", "https_proxy": "", "no_proxy": [".a.example"],
      "trusted_ca": ""}]}}]}}})");
  ASSERT_TRUE(parsed.config);
  EXPECT_EQ(parsed.config->https_proxy->to_string(), "http://p.example:3128");
  EXPECT_THAT(parsed.config->no_proxy, ElementsAre(".a.example"));
}

TEST(HttpProxyConfig, KeepsADisabledConfigurationWithANote) {
  const auto parsed =
      parse_http_proxy_config(R"({"httpProxy": "http://p.example:3128", "enabled": false})");
  ASSERT_TRUE(parsed.config);
  EXPECT_FALSE(parsed.config->enabled);
  EXPECT_THAT(rules(parsed), ElementsAre("$.enabled config-disabled"));
}

TEST(HttpProxyConfig, SurvivesTruncationDepthAndSize) {
  const std::string whole = std::string(R"({"httpProxy": "http://p.example:3128/",
      "noProxy": ["a.example", "10.0.0.0/8"], "trustedCa": ")") +
                            kCa + "\"}";
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(parse_http_proxy_config(whole.substr(0, length)).config) << length;
  }
  EXPECT_FALSE(parse_http_proxy_config(std::string(20'000, '[')).config);
  const std::string deep = std::string(20'000, '[') + std::string(20'000, ']');
  EXPECT_FALSE(parse_http_proxy_config(deep).config);
  EXPECT_THAT(rules(parse_http_proxy_config(std::string(kMaxConfigBytes + 1, ' '))),
              ElementsAre("$ config-size"));
}

TEST(HttpProxyConfig, SurvivesEveryChangedOctet) {
  const std::string whole = R"({"httpProxy":"http://p:1","noProxy":["a",".b"],"trustedCa":"QQ=="})";
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char octet : {'\0', '"', '\\', '[', '}', '\xff', '9'}) {
      std::string changed = whole;
      changed[at] = octet;
      const auto parsed = parse_http_proxy_config(changed);
      EXPECT_EQ(parsed.config.has_value(), !has_errors(parsed.findings)) << changed;
    }
  }
}

}  // namespace
}  // namespace aks
