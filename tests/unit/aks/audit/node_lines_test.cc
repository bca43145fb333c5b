#include "aks/audit/node_lines.h"

#include <gtest/gtest.h>

namespace aks::audit {
namespace {

std::string read(std::string_view text, Syntax syntax) {
  std::string out;
  for (const Assignment& each : read_assignments(text, syntax)) {
    out += std::to_string(each.line) + " " + each.name + "=" + each.value + "\n";
  }
  return out;
}

TEST(NodeLines, OfTheEnvironmentAreNamesAndValues) {
  EXPECT_EQ(read("PATH=/bin\n# HTTP_PROXY=no\nHTTP_PROXY=http://p:1/\n no_proxy=\"a,b\"\r\n"
                 "export https_proxy=x=y\nMY_HTTP_PROXY=z\nNO_PROXY=",
                 Syntax::kEnvironment),
            "3 HTTP_PROXY=http://p:1/\n4 no_proxy=a,b\n5 https_proxy=x=y\n7 NO_PROXY=\n");
}

TEST(NodeLines, OfAptAreItsTwoKeysInAnyCase) {
  EXPECT_EQ(read("Acquire::Retries \"3\";\nAcquire::http::proxy \"http://p:1\";\n"
                 "acquire::HTTPS::Proxy http://q:2;\nAcquire::http::proxy::local \"DIRECT\";",
                 Syntax::kApt),
            "2 HTTP_PROXY=http://p:1\n3 HTTPS_PROXY=http://q:2\n");
}

TEST(NodeLines, OfSystemdMayHoldSeveralVariables) {
  EXPECT_EQ(read("[Manager]\nDefaultEnvironment=\"HTTP_PROXY=a b\" FOO=c 'no_proxy=d'\n"
                 "DefaultEnvironment=NO_PROXY=e",
                 Syntax::kManager),
            "2 HTTP_PROXY=a b\n2 no_proxy=d\n3 NO_PROXY=e\n");
  EXPECT_EQ(read("Environment=HTTP_PROXY=a\nDefaultEnvironment=HTTP_PROXY=b", Syntax::kUnit),
            "1 HTTP_PROXY=a\n");
}

TEST(NodeLines, AnOpenQuoteEndsWithTheLine) {
  EXPECT_EQ(read("Environment=\"HTTP_PROXY=a\nEnvironment=\"\n", Syntax::kUnit),
            "1 HTTP_PROXY=a\n");
}

}  // namespace
}  // namespace aks::audit
