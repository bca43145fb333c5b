#include "aks/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"
#include "tls/authority.h"

namespace aks {
namespace {

using namespace std::chrono_literals;
using aks_test::brief;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

Validation run(std::string_view text) { return validate(text, {base::wall_now(), {}}); }

// RFC 4648 §4.
std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) out += kDigits[bits >> (held - 6) & 63];
  }
  if (held > 0) out += kDigits[bits << (6 - held) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

TEST(Validate, SaysLittleAboutAGoodFile) {
  const Validation good =
      run(R"({"httpProxy": "http://p.example:3128", "httpsProxy": "http://p.example:3128",
              "noProxy": [".svc", ".cluster.local", ".corp.example"]})");
  EXPECT_THAT(brief(good.findings), IsEmpty());
  EXPECT_EQ(good.configs.size(), 1U);
}

TEST(Validate, NotesDefaultsAndSlashes) {
  EXPECT_THAT(
      brief(run(R"({"httpProxy": "http://p.example:3128/", "noProxy": [".svc", ".cluster.local"]})")
                .findings),
      ElementsAre("note $.httpProxy proxy-trailing-slash", "note $.httpProxy proxy-https-default"));
  for (const Finding& each : run(R"({"httpProxy": "http://p.example:3128/"})").findings)
    EXPECT_TRUE(each.rule != "proxy-trailing-slash" || each.fix.empty()) << "it may stay";
}

// The findings but those about what is missing from noProxy.
std::vector<std::string> about(std::string_view text, const ValidateOptions& options) {
  Validation out = validate(text, options);
  std::erase_if(out.findings, [](const Finding& each) {
    return each.rule == "no-proxy-services" || each.rule == "proxy-https-default";
  });
  return brief(out.findings);
}
std::vector<std::string> about(std::string_view text) {
  return about(text, {base::wall_now(), {}});
}

std::string in_cluster(const std::string& config, const std::string& head = "") {
  return "{" + head + R"("resources": [{"type": "Microsoft.ContainerService/managedClusters",
      "apiVersion": "2025-05-01", "properties": {"httpProxyConfig": )" +
         config + "}}]}";
}

TEST(Validate, JudgesTheDefaultOfAWholeConfiguration) {
  const Validation out =
      run(in_cluster("\"[parameters('p')]\"", R"("parameters": {"p": {"defaultValue":
      {"httpProxy": "https://p.example:3128", "noProxy": ["*.a.example"]}}}, )"));
  EXPECT_THAT(brief(out.findings),
              Contains("error $.resources[0].properties.httpProxyConfig.httpProxy proxy-scheme"));
  EXPECT_THAT(
      brief(out.findings),
      Contains("error $.resources[0].properties.httpProxyConfig.noProxy[0] no-proxy-wildcard"));
  EXPECT_THAT(brief(out.findings),
              Contains("note $.resources[0].properties.httpProxyConfig template-default"));
  EXPECT_THAT(
      about(in_cluster("\"[parameters('p')]\"", R"("parameters": {"p": {"type": "object"}}, )")),
      ElementsAre("note $.resources[0].properties.httpProxyConfig template-expression"));
}

TEST(Validate, LooksAtTheVersionForEnabled) {
  const auto found = [](const std::string& version) {
    std::string text = in_cluster(R"({"httpProxy": "http://p.example:3128", "enabled": true})");
    text.replace(text.find("2025-05-01"), 10, version);
    return about(text).size();
  };
  for (const char* version : {"2025-05-01", "2025-10-01", "2025-02-02-preview", "2021-01-01"})
    EXPECT_EQ(found(version), 1U) << version;
  for (const char* version :
       {"2026-01-01", "2026-05-01", "2025-03-02-preview", "2025-10-02-preview"})
    EXPECT_EQ(found(version), 0U) << version;
}

TEST(Validate, TakesNullAndDisabledForValid) {
  EXPECT_THAT(about(R"({"httpProxyConfig": null})"),
              ElementsAre("note $.httpProxyConfig config-none"));
  EXPECT_THAT(about(R"({"enabled": false})"), ElementsAre("note $.enabled config-disabled"));
  EXPECT_THAT(about(""), ElementsAre("error $ config-object"));
}

TEST(Validate, SortsByLine) {
  const Validation out =
      run("{\n\"trustedCa\": \"!\",\n\"noProxy\": [\"*.a\"],\n\"httpProxy\": \"x\"\n}");
  int last = 0;
  for (const Finding& finding : out.findings) {
    EXPECT_GE(finding.line, last) << finding.rule;
    last = finding.line;
  }
  EXPECT_EQ(last, 4);
}

TEST(Validate, JudgesCertificatesAlsoBesideOtherErrors) {
  const auto now = base::wall_now();
  const auto root = *tls::Authority::create({"Old", now - 48h, now - 24h});
  const Validation out = run(R"({"httpProxy": "ftp://x", "noProxy": [".svc", ".cluster.local"],
      "trustedCa": ")" + base64(root.certificate().pem()) +
                             "\"}");
  EXPECT_THAT(brief(out.findings), Contains("error $.httpProxy proxy-scheme"));
  EXPECT_THAT(brief(out.findings), Contains("warning $.trustedCa certificate-expired"));
  EXPECT_EQ(out.findings.back().line, 2);
}

TEST(Validate, WarnsOfMoreCertificatesThanANewClusterTakes) {
  const auto now = base::wall_now();
  const std::string pem =
      tls::Authority::create({"Corp", now - 1h, now + 9000h})->certificate().pem();
  const auto sized = [&](size_t octets, const char* around) {
    std::string text = pem;
    text.resize(octets, '\n');
    std::string out = around;
    out.replace(out.find("%s"), 2,
                R"("httpProxy": "http://p.corp.example:1", "trustedCa": ")" + base64(text) + "\"");
    for (const Finding& each : run(out).findings)
      if (each.rule == "trusted-ca-size") return each.message;
    return std::string();
  };
  EXPECT_EQ(sized(35'000, "{%s}"), "");
  EXPECT_THAT(sized(35'001, "{%s}"), ::testing::HasSubstr("35001 octets"));
  EXPECT_THAT(sized(67'000, R"({"id": "/x/managedClusters/a", "httpProxyConfig": {%s}})"), "")
      << "it exists, with more than that";
}

TEST(Validate, IsStricterAboutTheFileOfTheCliThanAboutTemplates) {
  const auto severity = [](const std::string& text) {
    for (const Finding& each : run(text).findings) {
      if (each.rule == "json-comment") return each.severity;
    }
    return Severity::kNote;
  };
  EXPECT_EQ(severity("{ // x\n\"httpProxy\": \"http://p.example:1\"}"), Severity::kError);
  EXPECT_EQ(severity("{ // x\n\"resources\": []}"), Severity::kWarning);
  EXPECT_THAT(brief(run("httpProxy: http://p.example:3128\n").findings),
              Contains("note $ config-yaml"));
}

TEST(Validate, JudgesEveryClusterOfATemplate) {
  const Validation out = run(R"({"resources": [
    {"type": "Microsoft.ContainerService/managedClusters",
     "properties": {"httpProxyConfig": {"httpProxy": "http://p.example:3128"}}},
    {"type": "Microsoft.ContainerService/managedClusters",
     "properties": {"agentPoolProfiles": [{"osType": "Windows"}], "httpProxyConfig": {"httpProxy": "https://p.example:3128"}}}]})");
  EXPECT_EQ(out.configs.size(), 1U);
  EXPECT_THAT(brief(out.findings),
              Contains("error $.resources[1].properties.httpProxyConfig.httpProxy proxy-scheme"));
  EXPECT_THAT(
      brief(out.findings),
      Contains("error $.resources[1].properties.agentPoolProfiles[0].osType unsupported-windows"));
  EXPECT_THAT(brief(out.findings),
              Not(Contains("warning $.resources[0].properties.httpProxyConfig config-wrapped")));
}

TEST(Validate, WeighsAWrapperByWhatTheFileIsFor) {
  const std::string config = R"({"httpProxyConfig": {"httpProxy": "http://p.example:3128"}})";
  const auto wrapped = [&](std::optional<Severity> severity) {
    const Validation out = validate(config, {base::wall_now(), {}, severity});
    EXPECT_EQ(out.configs.size(), 1U) << "it is read whatever it weighs";
    for (const Finding& finding : out.findings) {
      if (finding.rule == "config-wrapped") return std::optional(finding.severity);
    }
    return std::optional<Severity>();
  };
  for (const auto severity : {std::optional(Severity::kError), std::optional(Severity::kWarning),
                              std::optional<Severity>()}) {
    EXPECT_EQ(wrapped(severity), severity);
  }
}

TEST(Validate, StopsSomewhere) {
  std::string many = R"({"httpProxy": "http://p.example:1", "noProxy": ["*.a")";
  for (int i = 0; i < 2000; ++i) many += R"(,"*.a")";
  const Validation out = run(many + "]}");
  EXPECT_EQ(out.findings.size(), kMaxFindings + 1);
  EXPECT_EQ(out.findings.back().rule, "config-findings");
}

TEST(Validate, TellsUnreadableFromWrong) {
  EXPECT_EQ(run("{").outcome, Validation::Outcome::kUnreadable);
  EXPECT_EQ(run("[]").outcome, Validation::Outcome::kRead);
  EXPECT_THAT(brief(run("[]").findings), ElementsAre("error $ config-object"));
}

}  // namespace
}  // namespace aks
