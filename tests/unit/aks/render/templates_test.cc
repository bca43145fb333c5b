#include "aks/render/templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const char* const kHazards = R"({"httpProxy": "http://p:1/${a}%{b}'\"\\"})";

TEST(Templates, CliFileReadsBackAsTheConfiguration) {
  const HttpProxyConfig config = example();
  const auto again = parse_http_proxy_config(cli_file(config));
  ASSERT_TRUE(again.config);
  EXPECT_THAT(again.findings, IsEmpty());
  EXPECT_EQ(again.config->written.http_proxy, config.written.http_proxy);
  EXPECT_EQ(again.config->https_proxy, config.https_proxy);
  EXPECT_EQ(again.config->no_proxy, config.no_proxy);
  EXPECT_EQ(again.config->written.trusted_ca, config.written.trusted_ca);
}

TEST(Templates, LeaveOutWhatIsNotSetRatherThanSendingEmptyText) {
  const HttpProxyConfig config = parse(R"({"httpProxy": "http://p:1"})");
  EXPECT_EQ(cli_file(config),
            "{\n  \"httpProxy\": \"http://p:1\",\n  \"httpsProxy\": \"http://p:1\"\n}\n");
  std::vector<Finding> findings;
  for (const std::string& text :
       {arm_template(config), bicep_property(config), terraform_block(config, findings)}) {
    EXPECT_THAT(text, Not(HasSubstr("trusted")));
    EXPECT_THAT(text, Not(HasSubstr("noProxy")));
  }
}

TEST(Templates, SayDisabledWhereTheToolCan) {
  const HttpProxyConfig config = parse(R"({"httpProxy": "http://p:1", "enabled": false})");
  std::vector<Finding> findings;
  EXPECT_THAT(cli_file(config), HasSubstr("\"enabled\": false"));
  EXPECT_THAT(arm_template(config), HasSubstr("\"enabled\": false"));
  EXPECT_THAT(bicep_property(config), HasSubstr("enabled: false"));
  EXPECT_THAT(terraform_block(config, findings), Not(HasSubstr("enabled")));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "terraform-enabled");
}

TEST(Templates, EscapeForTheirLanguage) {
  const HttpProxyConfig config = parse(kHazards);
  std::vector<Finding> findings;
  EXPECT_THAT(bicep_property(config), HasSubstr(R"('http://p:1/\${a}%{b}\'"\\')"));
  EXPECT_THAT(terraform_block(config, findings), HasSubstr(R"("http://p:1/$${a}%%{b}'\"\\")"));
  const auto arm = nlohmann::json::parse(arm_template(config));
  EXPECT_EQ(arm["properties"]["httpProxyConfig"]["httpProxy"], "http://p:1/${a}%{b}'\"\\");
}

TEST(Templates, TerraformIgnoresWhatAksWritesBack) {
  std::vector<Finding> findings;
  EXPECT_THAT(terraform_block(example(), findings),
              HasSubstr("ignore_changes = [http_proxy_config[0].no_proxy]"));
  EXPECT_THAT(findings, IsEmpty());
}

}  // namespace
}  // namespace aks::render
