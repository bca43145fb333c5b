#include "aks/render/cse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace aks::render {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(Cse, ProxyVarsHaveThreeNamesInTheOrderAndCaseOfAks) {
  EXPECT_EQ(
      proxy_vars({"http://p:1/", "https://p:2", "a,b", ""}),
      R"(export NO_PROXY="a,b"; export HTTPS_PROXY="https://p:2"; export http_proxy="http://p:1/";)");
  EXPECT_EQ(proxy_vars({"", "https://p:2", "a", ""}),
            R"(export NO_PROXY="a"; export HTTPS_PROXY="https://p:2"; )");
  EXPECT_EQ(proxy_vars({}), "");
}

TEST(Cse, VariablesSayWhatTheScriptsDo) {
  EXPECT_THAT(cse_variables({"h", "", "n", "Y2E="}),
              ElementsAre(Pair("SHOULD_CONFIGURE_HTTP_PROXY", "true"),
                          Pair("SHOULD_CONFIGURE_HTTP_PROXY_CA", "true"),
                          Pair("HTTP_PROXY_TRUSTED_CA", "Y2E="), Pair("HTTP_PROXY_URLS", "h"),
                          Pair("HTTPS_PROXY_URLS", ""), Pair("NO_PROXY_URLS", "n"),
                          Pair("PROXY_VARS", "export NO_PROXY=\"n\"; export http_proxy=\"h\";")));
  EXPECT_THAT(cse_variables({})[0], Pair("SHOULD_CONFIGURE_HTTP_PROXY", "false"));
}

TEST(Cse, IsQuotedForTheShellAndForJson) {
  const std::vector<Variable> variables = {{"A", "it's $(x)"}, {"B", "\"b\""}};
  EXPECT_EQ(cse_shell(variables), "A='it'\\''s $(x)'\nB='\"b\"'\n");
  const auto object = nlohmann::json::parse(cse_json(variables));
  EXPECT_EQ(object["A"], "it's $(x)");
  EXPECT_EQ(object["B"], "\"b\"");
}

}  // namespace
}  // namespace aks::render
