#include "aks/findings_text.h"

#include <gtest/gtest.h>

namespace aks {
namespace {

TEST(FindingsText, ShowsTheLineTheFixAndTheServicesError) {
  EXPECT_EQ(format_findings("a.json", "{\n  \"httpProxy\": \"https://p:1\"\n}",
                            {{Severity::kError, "proxy-scheme", "$.httpProxy", "is wrong",
                              "\"http://p:1\"", 2, 16}}),
            "a.json:2:16: error: $.httpProxy: is wrong [proxy-scheme]\n"
            "    2 |   \"httpProxy\": \"https://p:1\"\n"
            "      |                ^~~~~~~~~~~~~\n"
            "      | write \"http://p:1\"\n"
            "      | known from Azure as HTTPProxyWrongUrlError\n");
}

TEST(FindingsText, ShowsAPlaceOnceAndNoneWhereThereIsNone) {
  EXPECT_EQ(format_findings("a", "x",
                            {{Severity::kNote, "r", "$", "one", "", 1, 1},
                             {Severity::kNote, "r", "$", "two", "", 1, 1},
                             {Severity::kNote, "r", "$", "three"}}),
            "a:1:1: note: $: one [r]\n    1 | x\n      | ^\n"
            "a:1:1: note: $: two [r]\n"
            "a: note: $: three [r]\n");
}

TEST(FindingsText, CountsInWords) {
  EXPECT_EQ(summary_line({}), "no errors, no warnings, no notes");
  EXPECT_EQ(summary_line({{Severity::kError, "r", "$", "m"},
                          {Severity::kWarning, "r", "$", "m"},
                          {Severity::kWarning, "r", "$", "m"}}),
            "1 error, 2 warnings, no notes");
}

}  // namespace
}  // namespace aks
