#include "aks/render/pac.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "aks/no_proxy/evaluate.h"
#include "base/ascii.h"
#include "tests/support/directory.h"
#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using ::testing::HasSubstr;

TEST(Pac, NamesBothProxiesByTheirSchemes) {
  const std::string pac = pac_file(example(), {});
  EXPECT_THAT(pac, HasSubstr("var httpProxy = \"PROXY proxy.example:3128\";\n"));
  EXPECT_THAT(pac, HasSubstr("var httpsProxy = \"HTTPS proxy.example:3129\";\n"));
}

TEST(Pac, IsDirectWhereThereIsNoProxy) {
  HttpProxyConfig config = parse(R"({"httpsProxy": "http://[2001:db8::1]:3128"})");
  EXPECT_THAT(pac_file(config, {}), HasSubstr("var httpProxy = \"DIRECT\";\n"
                                              "var httpsProxy = \"PROXY [2001:db8::1]:3128\";\n"));
  config.enabled = false;
  EXPECT_THAT(pac_file(config, {}), HasSubstr("var httpsProxy = \"DIRECT\";\n"));
}

TEST(Pac, ListsTheEffectiveEntriesAsData) {
  const HttpProxyConfig config = parse(
      R"({"httpProxy": "http://p:1", "noProxy": ["A.example:80", "::ffff:10.0.0.0/104", "fd00::1", "x."]})");
  EXPECT_THAT(pac_file(config, example_facts()),
              HasSubstr("var bypass = [\n"
                        "  {\"name\":\"a.example\",\"port\":\"80\"},\n"
                        "  {\"octets\":[10,0,0,0],\"bits\":8},\n"
                        "  {\"octets\":[253,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1],\"bits\":128},\n"
                        "  {\"name\":\"x.\"},\n"
                        "  {\"name\":\"localhost\"},\n"));
}

TEST(Pac, TableOfRoutesIsGosRule) {
  std::ifstream table(tests::directory() + "/golden/render/pac_routes.txt");
  int rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    const size_t first = line.find('|'), second = line.find('|', first + 1);
    std::vector<std::string> user;
    base::for_each_element(std::string_view(line).substr(0, first),
                           [&user](std::string_view entry) { user.emplace_back(entry); });
    const auto to = no_proxy::parse_destination(
        base::trim_ows(std::string_view(line).substr(first + 1, second - first - 1)));
    ASSERT_TRUE(to) << line;
    const std::string list = join_no_proxy(effective_no_proxy(tidy_no_proxy(user), {}));
    const auto verdict = no_proxy::evaluate(no_proxy::Client::kGo,
                                            no_proxy::told_to_all("http://proxy:1", list), *to);
    EXPECT_EQ(no_proxy::token_of(verdict.outcome),
              base::trim_ows(std::string_view(line).substr(second + 1)))
        << line;
    ++rows;
  }
  EXPECT_GT(rows, 40);
}

}  // namespace
}  // namespace aks::render
