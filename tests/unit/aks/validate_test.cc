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
  EXPECT_THAT(brief(out.findings), Contains("error $.trustedCa certificate-expired"));
  EXPECT_EQ(out.findings.back().line, 2);
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
     "properties": {"windowsProfile": {}, "httpProxyConfig": {"httpProxy": "https://p.example:3128"}}}]})");
  EXPECT_EQ(out.configs.size(), 1U);
  EXPECT_THAT(brief(out.findings),
              Contains("error $.resources[1].properties.httpProxyConfig.httpProxy proxy-scheme"));
  EXPECT_THAT(brief(out.findings),
              Contains("error $.resources[1].properties.windowsProfile unsupported-windows"));
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
