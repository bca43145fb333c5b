#include "aks/no_proxy/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/evaluate.h"

namespace aks::no_proxy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Case {
  const char* list;
  const char* rule;  // of the first finding
  const char* portable;
};

constexpr Case kCases[] = {
    {".corp.example,localhost,127.0.0.1", "entry-dot",
     "corp.example,.corp.example,localhost,127.0.0.1"},
    {"*.corp.example,localhost,127.0.0.1", "entry-wildcard",
     "corp.example,.corp.example,localhost,127.0.0.1"},
    {"Corp.example,localhost,127.0.0.1", "entry-name",
     "corp.example,.corp.example,localhost,127.0.0.1"},
    {"corp.example.,localhost,127.0.0.1", "entry-final-dot",
     "corp.example,.corp.example,localhost,127.0.0.1"},
    {"api.svc:443,localhost,127.0.0.1", "entry-port", "api.svc,.api.svc,localhost,127.0.0.1"},
    {"10.0.0.4:443,localhost,127.0.0.1", "entry-port", "10.0.0.4,localhost,127.0.0.1"},
    {"10.0.0.4/31,localhost,127.0.0.1", "entry-prefix", "10.0.0.4,10.0.0.5,localhost,127.0.0.1"},
    {"10.9.9.9/8,localhost,127.0.0.1", "entry-prefix", "10.9.9.9/8,localhost,127.0.0.1"},
    {"[2001:DB8::1],localhost,127.0.0.1", "entry-ipv6", "2001:db8::1,localhost,127.0.0.1"},
    {"fd00::/8,localhost,127.0.0.1", "entry-ipv6-prefix", "fd00::/8,localhost,127.0.0.1"},
    {"https://a/b,localhost,127.0.0.1", "entry-url", "a,localhost,127.0.0.1"},
    {"b\xc3\xbc"
     "cher,localhost,127.0.0.1",
     "entry-idn", "xn--bcher-kva,localhost,127.0.0.1"},
    {"10.0.0.,localhost,127.0.0.1", "entry-partial-address", "localhost,127.0.0.1"},
    {"10.0.0.1-10.0.0.9,localhost,127.0.0.1", "entry-range",
     "10.0.0.1-10.0.0.9,localhost,127.0.0.1"},
    {"a,*,localhost,127.0.0.1", "entry-star", "a,*,localhost,127.0.0.1"},
    {"a,A,localhost,127.0.0.1", "entry-duplicate", "a,localhost,127.0.0.1"},
    {"a!,localhost,127.0.0.1", "entry-syntax", "localhost,127.0.0.1"},
    {"a b,localhost,127.0.0.1", "list-separator", "a,b,localhost,127.0.0.1"},
    {"a ,localhost,127.0.0.1", "list-blanks", "a,localhost,127.0.0.1"},
    {"a", "list-loopback", "a,localhost,127.0.0.1"},
};

TEST(Lint, NamesTheRuleAndThePortableSpelling) {
  for (const Case& c : kCases) {
    const ListReport report = lint_list(c.list);
    ASSERT_FALSE(report.findings.empty()) << c.list;
    EXPECT_EQ(report.findings.front().rule, c.rule) << c.list;
    EXPECT_EQ(report.portable, c.portable) << c.list;
  }
}

TEST(Lint, FindsNothingInWhatItHasWritten) {
  for (const Case& c : kCases) {
    const std::string once = lint_list(c.list).portable;
    EXPECT_EQ(lint_list(once).portable, once) << c.list;
  }
  EXPECT_TRUE(lint_list("localhost,127.0.0.1,a.example,.a.example,.svc").findings.empty());
  EXPECT_TRUE(lint_list("").findings.empty());
}

TEST(Lint, WritesListsThatMeanTheSameToAllThatReadNoProxy) {
  const char* lists[] = {"a.example", ".a.example", "*.a.example", "a.example:8080 10.0.0.5",
                         "10.0.0.4/30;a.example."};
  const char* urls[] = {"http://a.example/",     "https://a.example:8080/", "http://www.a.example/",
                        "https://x.y.a.example", "http://nota.example/",    "http://10.0.0.5/",
                        "http://10.0.0.5:8080/", "http://10.0.0.9",         "http://localhost/",
                        "http://127.0.0.1:81/",  "http://example/"};
  for (const char* list : lists) {
    const auto told = told_to_all("http://proxy.example:3128", lint_list(list).portable);
    for (const char* url : urls) {
      const Destination to = parse_destination(url).value();
      const Outcome expected = evaluate(Client::kGo, told, to).outcome;
      for (const Client client : kAllClients) {
        if (client == Client::kJava) continue;
        // Old requests and Node's old http take a name for a suffix, which no spelling helps
        // against.
        const bool lookalike = std::string_view(url) == "http://nota.example/";
        const bool by_suffix = client == Client::kRequests228 || client == Client::kNodeCore2413;
        if (by_suffix && lookalike) continue;
        EXPECT_EQ(evaluate(client, told, to).outcome, expected)
            << list << " against " << url << " for " << token_of(client);
      }
    }
  }
}

TEST(Lint, WarnsOfAddressesThatRubyTakesApart) {
  EXPECT_THAT(lint_list("fd00::1").findings.front().message, HasSubstr("takes .1 for every IPv4"));
  EXPECT_THAT(lint_list("fd00::a").findings.front().message,
              ::testing::Not(HasSubstr("for every IPv4")));
}

TEST(Lint, SaysWhichClientsDiffer) {
  const ListReport report = lint_list("10.0.0.0/16");
  EXPECT_THAT(report.findings.front().message, HasSubstr("only go, go-1.19, curl-7.88"));
  EXPECT_THAT(report.findings.front().message, ::testing::Not(HasSubstr("wget")));
}

struct PrefixCase {
  const char* entry;
  std::vector<const char*> inside;  // hosts of URLs: both ends, and what a client may single out
};

// Whether the first sentence of a prefix's finding counts `client` among those that cover it.
bool says_covered(const std::string& message, Client client) {
  if (message.find("covered by every client,") != std::string::npos) return true;
  std::smatch found;
  const std::regex sentence("covered by (every client but|only) ([a-z0-9., -]*?)(, and|;)");
  if (!std::regex_search(message, found, sentence)) return false;
  const std::string names = ", " + found[2].str() + ",";
  const bool named = names.find(", " + std::string(token_of(client)) + ",") != std::string::npos;
  return named == (found[1] == "only");
}

TEST(Lint, CountsAClientAsCoveringAPrefixOnlyIfItCoversEveryAddress) {
  const PrefixCase cases[] = {
      {"10.0.0.0/16", {"10.0.0.0", "10.0.0.1", "10.0.3.4", "10.0.255.255"}},
      {"10.0.0.1/16", {"10.0.0.0", "10.0.0.1", "10.0.3.4", "10.0.255.255"}},
      {"10.0.255.255/16", {"10.0.0.0", "10.0.0.1", "10.0.255.255"}},
      {"10.0.0.4/30", {"10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.7"}},
      {"10.0.0.4/31", {"10.0.0.4", "10.0.0.5"}},
      {"10.0.0.5/31", {"10.0.0.4", "10.0.0.5"}},
      {"10.0.0.4/32", {"10.0.0.4"}},
      {"fd00::/8", {"[fd00::]", "[fd00::1]", "[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"}},
      {"fd00::/127", {"[fd00::]", "[fd00::1]"}},
      {"fd00::1/128", {"[fd00::1]"}}};
  for (const PrefixCase& c : cases) {
    const std::string message = lint_list(c.entry).findings.front().message;
    ASSERT_THAT(message, HasSubstr("addresses in it are covered by ")) << c.entry;
    const Environment told = told_to_all("http://proxy.example:3128", c.entry);
    for (const Client client : kAllClients) {
      if (client == Client::kJava) continue;
      bool covered = true;
      for (const char* host : c.inside) {
        const auto to = parse_destination(std::string("http://") + host + "/").value();
        covered = covered && evaluate(client, told, to).outcome == Outcome::kDirect;
      }
      EXPECT_EQ(says_covered(message, client), covered)
          << c.entry << " for " << token_of(client) << ": " << message;
    }
  }
}

TEST(JavaHosts, SaysTheSameAsFarAsJavaCan) {
  const JavaHosts hosts = to_java("localhost,.svc, 10.0.0.0/16,10.1.0.0/17,a.b,fd00::1");
  EXPECT_EQ(hosts.value, "localhost|svc|*.svc|10.0.*|a.b|*.a.b|[fd00::1]");
  EXPECT_THAT(hosts.lost, ElementsAre("10.1.0.0/17"));
}

TEST(LintReport, ShowsFindingsAndTheListInOnePiece) {
  const std::string list = "*.corp.example,localhost,127.0.0.1";
  const std::string text = format_text(lint_list(list), list, 80);
  EXPECT_THAT(text, HasSubstr("warning: \"*.corp.example\" [entry-wildcard]\n"));
  EXPECT_THAT(text, HasSubstr("\ncorp.example,.corp.example,localhost,127.0.0.1\n"));
  EXPECT_THAT(format_json(lint_list(list), list), HasSubstr("\"remedy\": \"write\""));
}

}  // namespace
}  // namespace aks::no_proxy
