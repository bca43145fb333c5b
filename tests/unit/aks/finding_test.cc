#include "aks/finding.h"

#include <gtest/gtest.h>

namespace aks {
namespace {

TEST(Finding, PrintsOnOneLine) {
  const Finding finding{Severity::kWarning, "rule-name", "$.noProxy[0]", "a sentence"};
  EXPECT_EQ(to_string(finding), "warning: $.noProxy[0]: a sentence [rule-name]");
}

TEST(Finding, OnlyErrorsCountAsErrors) {
  EXPECT_FALSE(has_errors({{Severity::kWarning, "r", "$", "m"}, {Severity::kNote, "r", "$", "m"}}));
  EXPECT_TRUE(has_errors({{Severity::kNote, "r", "$", "m"}, {Severity::kError, "r", "$", "m"}}));
}

TEST(Finding, CitesInputEscapedAndCut) {
  EXPECT_EQ(cite("a\nb"), "\"a\\x0ab\"");
  EXPECT_LT(cite(std::string(5000, 'x')).size(), 200U);
}

}  // namespace
}  // namespace aks
