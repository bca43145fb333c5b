#include "aks/render/quote.h"

#include <gtest/gtest.h>

namespace aks::render {
namespace {

TEST(ShellQuoted, LeavesNothingToTheShell) {
  EXPECT_EQ(shell_quoted(""), "''");
  EXPECT_EQ(shell_quoted("a b$(c)`d`\"\\\n"), "'a b$(c)`d`\"\\\n'");
  EXPECT_EQ(shell_quoted("it's"), R"('it'\''s')");
}

TEST(HclQuoted, EscapesQuotesControlsAndTemplates) {
  EXPECT_EQ(hcl_quoted(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_EQ(hcl_quoted("a\nb\tc\rd\x01"), R"("a\nb\tc\rd\u0001")");
  EXPECT_EQ(hcl_quoted("${x} %{if} $x 100% $$ {"), R"("$${x} %%{if} $x 100% $$ {")");
}

TEST(BicepQuoted, EscapesQuotesControlsAndInterpolation) {
  EXPECT_EQ(bicep_quoted(R"(a'b\c"d)"), R"('a\'b\\c"d')");
  EXPECT_EQ(bicep_quoted("a\nb\tc\rd\x01"), R"('a\nb\tc\rd\u{01}')");
  EXPECT_EQ(bicep_quoted("${x} $x $"), R"('\${x} $x $')");
}

TEST(ArmText, KeepsBracketsFromBeingAnExpression) {
  EXPECT_EQ(arm_text("[concat('a')]"), "[[concat('a')]");
  EXPECT_EQ(arm_text("[open"), "[open");
  EXPECT_EQ(arm_text("plain"), "plain");
  EXPECT_EQ(arm_text(""), "");
}

TEST(KubernetesText, DoublesDollars) { EXPECT_EQ(kubernetes_text("$(A) $$ $b"), "$$(A) $$$$ $$b"); }

}  // namespace
}  // namespace aks::render
