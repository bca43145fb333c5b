#include "aks/rules.h"
#include "tests/support/directory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace aks {
namespace {

TEST(Rules, AreSortedAndSaySomething) {
  std::string_view last;
  for (const Rule& rule : all_rules()) {
    EXPECT_LT(last, rule.id);
    EXPECT_TRUE(rule.summary.ends_with('.')) << rule.id;
    EXPECT_EQ(find_rule(rule.id), &rule);
    last = rule.id;
  }
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
}

std::string source(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(tests::directory() + "/../aks/" + name + ".cc").rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

// The table and the sources name the same rules, so that none is missing and none stays behind.
TEST(Rules, AreThoseOfTheSources) {
  std::set<std::string> reported;
  for (const char* name :
       {"config_site", "document", "http_proxy_config", "no_proxy_endpoints", "no_proxy_entry",
        "no_proxy_list", "proxy_reach", "proxy_url", "sites/evaluated", "sites/shown_sites",
        "sites/template_sites", "trusted_ca", "trusted_certificates", "unsupported", "validate"}) {
    const std::string text = source(name);
    const std::regex rule(
        "\"((certificate|config|json|network|no-proxy|proxy|template|trusted-ca|unsupported)-[a-z0-"
        "9-]+)"
        "\"");
    for (std::sregex_iterator at(text.begin(), text.end(), rule), end; at != end; ++at)
      reported.insert((*at)[1].str());
  }
  std::set<std::string> known;
  for (const Rule& rule : all_rules()) known.emplace(rule.id);
  EXPECT_EQ(reported, known);
}

}  // namespace
}  // namespace aks
