#include "aks/no_proxy/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Explanation ask(const Environment& environment, const std::vector<const char*>& urls) {
  std::vector<Question> questions;
  for (const char* url : urls) questions.push_back({url, parse_destination(url).value(), {}});
  return explain(environment, {kAllClients.begin(), kAllClients.end()}, questions);
}

TEST(Explain, ShowsAMatrixAndWhatDecided) {
  Explanation explanation =
      ask(told_to_all("http://p:1", ".a.example"), {"http://a.example/", "http://www.a.example/"});
  explanation.source = "--no-proxy";
  explanation.list = ".a.example";
  const std::string text = format_text(explanation, 100);
  EXPECT_THAT(text, HasSubstr("\nwget                  proxy   direct\n"));
  EXPECT_THAT(text, HasSubstr("direct  \".a.example\": the entry covers the domain itself as well "
                              "[apex]\n           curl-7.88, "));
  EXPECT_THAT(text, Not(HasSubstr("Variables that count")));
}

TEST(Explain, KeepsToTheWidth) {
  const std::vector<const char*> urls(20, "http://a.example/");
  const std::string text = format_text(ask(told_to_all("http://p:1", "x"), urls), 100);
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    EXPECT_LE(end - start, 100U) << text.substr(start, end - start);
    start = end + 1;
  }
}

TEST(Explain, NamesTheVariablesThatCountWithoutCredentials) {
  const std::string text = format_text(
      ask({{"HTTPS_PROXY", "http://me:secret@p:1/"}, {"no_proxy", "x"}}, {"https://a.example/"}),
      100);
  EXPECT_THAT(text, HasSubstr("https   HTTPS_PROXY=http://p:1/\n"));
  EXPECT_THAT(text, HasSubstr("list    no_proxy=x\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(Explain, AnswersCasesAsLines) {
  const BatchAnswer answer = answer_case(
      R"({"client": "ruby", "url": "http://kube/", "no_proxy": "10.0.0.0/8", "resolved": ["10.1.1.1"]})");
  EXPECT_EQ(answer.kind, BatchAnswer::Case::kGood);
  EXPECT_THAT(answer.line, HasSubstr(R"("outcome":"direct","rule":"resolved-prefix")"));
  EXPECT_THAT(
      answer_case(R"({"client":"curl-8.18","url":"https://a/","env":{"all_proxy":"p:1"}})").line,
      HasSubstr(R"("proxy_variable":"all_proxy")"));
}

TEST(Explain, SaysWhatIsWrongWithACase) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "JSON object"},
      {"[1]", "JSON object"},
      {R"({"client": "netscape", "url": "http://a/"})", "netscape"},
      {R"({"client": "go", "url": "a.example"})", "has no scheme"},
      {R"({"client": "go", "url": "http://"})", "has no host"},
      {R"({"client": "go", "url": "http://a/", "env": {"x": 1}})", "is no text"},
      {R"({"client": "go", "url": "http://a/", "resolved": [1]})", "is no address"},
  };
  for (const auto& [line, sentence] : cases) {
    const BatchAnswer answer = answer_case(line);
    EXPECT_EQ(answer.kind, BatchAnswer::Case::kBad) << line;
    EXPECT_THAT(answer.line, HasSubstr(sentence)) << line;
  }
}

}  // namespace
}  // namespace aks::no_proxy
