#include "http/fields.h"

#include <gtest/gtest.h>

namespace http {
namespace {

Fields sample() {
  Fields fields;
  fields.add("Host", " a.test\t");
  fields.add("Accept", "text/html, */*");
  fields.add("accept", "");
  return fields;
}

TEST(Fields, KeepsOrderAndSpellingAndTrimsValues) {
  const Fields fields = sample();
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields.at(0).name, "Host");
  EXPECT_EQ(fields.at(0).value, "a.test");
  EXPECT_EQ(fields.at(2).name, "accept");
  EXPECT_EQ(fields.at(2).value, "");
}

TEST(Fields, FindsTheFirstOfANameIgnoringCase) {
  const Fields fields = sample();
  EXPECT_EQ(fields.find("ACCEPT"), "text/html, */*");
  EXPECT_EQ(fields.find("Accept-Language"), std::nullopt);
}

TEST(Fields, CountsANameIgnoringCase) {
  EXPECT_EQ(sample().count("aCCept"), 2U);
  EXPECT_EQ(sample().count("Accep"), 0U);
}

TEST(Fields, FindsATokenInAnyElementOfAnyField) {
  Fields fields;
  fields.add("Connection", "keep-alive , Upgrade");
  fields.add("connection", "close");
  EXPECT_TRUE(fields.has_token("Connection", "upgrade"));
  EXPECT_TRUE(fields.has_token("Connection", "CLOSE"));
  EXPECT_FALSE(fields.has_token("Connection", "up"));
  EXPECT_FALSE(fields.has_token("Upgrade", "close"));
}

TEST(Fields, CopyIsIndependentOfTheOriginal) {
  Fields fields = sample();
  const Fields copy = fields;
  fields.clear();
  EXPECT_TRUE(fields.empty());
  EXPECT_EQ(copy.find("Host"), "a.test");
}

}  // namespace
}  // namespace http
