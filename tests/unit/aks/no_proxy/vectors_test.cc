// tests/corpus/no_proxy/ holds what the clients' own test suites assert (vectors.json), what they
// were seen to do with each form of an entry (forms.json) and with the variables
// (environment.json), and what 28 versions of them were seen to do with odd lists and odd spellings
// of URLs (observed.json: each version with the row that covers it; each case with a letter a
// version, p for the proxy, d for direct, - where the client refused the URL).
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "aks/no_proxy/evaluate.h"
#include "aks/no_proxy/match.h"
#include "tests/support/directory.h"

namespace aks::no_proxy {
namespace {

using Json = nlohmann::json;

constexpr char kProxy[] = "http://proxy.example:3128";

Json corpus(const std::string& name) {
  std::ifstream file(tests::directory() + "/corpus/no_proxy/" + name);
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  EXPECT_TRUE(json.is_array()) << name << " is missing or broken";
  return json;
}

// Some vectors ask for ws, ftp and gopher, which one client looks up as well.
Environment told(std::string_view list) {
  Environment environment = told_to_all(kProxy, list);
  environment["all_proxy"] = kProxy;
  return environment;
}

std::vector<base::IpAddress> resolved(const Json& json) {
  if (!json.contains("resolved")) return {};
  return {base::IpAddress::parse(json["resolved"].get<std::string>()).value()};
}

std::string outcome(Client client, const Json& row, const std::string& url) {
  const auto to = parse_destination(url);
  if (!to) return to.error().detail;
  const auto list = row["list"].get<std::string>();
  // One vector asks Ruby's list and not its loopback rule, which comes first.
  if (row.contains("asks")) {
    const Match match = match_ruby(list, *to, resolved(row));
    return match.rule == Rule::kNoEntry ? "proxy" : "direct";
  }
  return std::string(token_of(evaluate(client, told(list), *to, resolved(row)).outcome));
}

TEST(NoProxyVectors, EveryDecisionOfEveryVersionIsMet) {
  std::ifstream file(tests::directory() + "/corpus/no_proxy/observed.json");
  const Json observed = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(observed.is_object());
  size_t index = 0, judged = 0;
  for (const Json& version : observed["clients"]) {
    const auto client = parse_client(version[1].get<std::string>());
    ASSERT_TRUE(client) << version;
    for (const Json& row : observed["cases"]) {
      const char seen = row[2].get<std::string>().at(index);
      if (seen != 'p' && seen != 'd') continue;
      const auto to = parse_destination(row[0].get<std::string>());
      ASSERT_TRUE(to) << row;
      const auto list = row[1].get<std::string>();
      const Outcome outcome = evaluate(*client, told_to_all(kProxy, list), *to, {}).outcome;
      EXPECT_EQ(outcome, seen == 'p' ? Outcome::kProxy : Outcome::kDirect) << version << row;
      ++judged;
    }
    ++index;
  }
  EXPECT_GT(judged, 65000U);
}

TEST(NoProxyVectors, EveryVectorOfEveryClientHolds) {
  std::map<std::string, int> passed;
  int total = 0;
  for (const Json& row : corpus("vectors.json")) {
    const auto name = row["client"].get<std::string>();
    const auto client = parse_client(name);
    ASSERT_TRUE(client) << name;
    for (const char* expected : {"direct", "proxy"}) {
      for (const Json& url : row.value(expected, Json::array())) {
        const std::string seen = outcome(*client, row, url.get<std::string>());
        EXPECT_EQ(seen, expected) << name << ": " << row["list"] << " against " << url;
        passed[name] += seen == expected ? 1 : 0;
        ++total;
      }
    }
  }
  EXPECT_EQ(total, 309);
  for (const auto& [name, count] : passed) {
    RecordProperty(name, count);
    printf("%-16s %3d vectors passed\n", name.c_str(), count);
  }
}

bool holds(const Json& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

TEST(NoProxyVectors, EveryFormOfAnEntryIsReadAsTheClientsWereSeenToDo) {
  int cells = 0;
  const Json rows = corpus("forms.json");
  EXPECT_EQ(rows.size(), 73U);
  for (const Json& row : rows) {
    for (const Client client : kAllClients) {
      const std::string name(token_of(client));
      // Not in the table: a version between two that are, and two clients that differ from their
      // neighbours in versions of the variables or in requests' suffixes alone.
      if (name == "curl-8.9" || name == "python-requests-2.28" || name == "ruby") continue;
      // In observed.json.
      if (name.starts_with("axios") || name == "node-core-24.13" || name == "undici-7.20" ||
          name == "undici-8.10.1") {
        continue;
      }
      if (holds(row.value("unknown", Json::array()), name)) continue;
      const bool error = holds(row.value("error", Json::array()), name);
      const char* expected = error ? "error" : holds(row["direct"], name) ? "direct" : "proxy";
      EXPECT_EQ(outcome(client, row, row["url"].get<std::string>()), expected)
          << name << ": " << row["form"];
      ++cells;
    }
  }
  EXPECT_EQ(cells, 73 * 18 - 2);
}

struct Asked {
  Client client;
  const char* url = "http://example.com/";
};

Verdict ask(const Asked& asked, const Environment& environment) {
  return evaluate(asked.client, environment, parse_destination(asked.url).value());
}

TEST(NoProxyVectors, TheVariablesAreReadAsTheClientsWereSeenToDo) {
  for (const Json& row : corpus("environment.json")) {
    const auto name = row["client"].get<std::string>();
    const Asked http{parse_client(name).value()};
    const Asked https{http.client, "https://example.com/"};

    const Verdict both = ask(https, {{"https_proxy", kProxy},
                                     {"HTTPS_PROXY", "http://upper:1"},
                                     {"http_proxy", kProxy},
                                     {"HTTP_PROXY", "http://upper:1"}});
    const bool upper = both.proxy.value == "http://upper:1";
    EXPECT_EQ(both.proxy.name.empty() ? "none" : upper ? "upper" : "lower", row["both"]) << name;

    const Verdict only_upper = ask(http, {{"HTTP_PROXY", kProxy}});
    EXPECT_EQ(only_upper.outcome == Outcome::kProxy ? "used" : "ignored", row["upper_http"])
        << name;

    if (row["empty_proxy"] != "-") {
      const Verdict empty = ask(http, {{"http_proxy", ""}, {"HTTP_PROXY", kProxy}});
      EXPECT_EQ(empty.outcome == Outcome::kProxy ? "upper" : "none", row["empty_proxy"]) << name;
    }
    if (row["empty_list"] != "-") {
      const Verdict empty = ask(http, {{"http_proxy", kProxy},
                                       {"HTTP_PROXY", kProxy},
                                       {"no_proxy", ""},
                                       {"NO_PROXY", "example.com"}});
      EXPECT_EQ(empty.outcome == Outcome::kDirect ? "upper" : "none", row["empty_list"]) << name;
    }
    EXPECT_EQ(token_of(ask(https, {{"http_proxy", kProxy}}).outcome),
              row["https_with_http_proxy"].get<std::string>())
        << name;
    EXPECT_EQ(ask(http, {{"all_proxy", kProxy}}).outcome == Outcome::kProxy, row["all_proxy"])
        << name;

    const auto cgi = row["cgi"].get<std::string>();
    const bool gateway = cgi == "ignored-with-gateway";
    const Environment program = {{"HTTP_PROXY", kProxy},
                                 {"HTTPS_PROXY", kProxy},
                                 {gateway ? "GATEWAY_INTERFACE" : "REQUEST_METHOD", "GET"}};
    const Verdict in_cgi = ask(http, program);
    if (cgi == "error") {
      EXPECT_EQ(in_cgi.rule, Rule::kCgi) << name;
    }
    if (cgi == "used") {
      EXPECT_EQ(in_cgi.outcome, Outcome::kProxy) << name;
    }
    if (cgi == "off") {
      EXPECT_EQ(ask(https, program).outcome, Outcome::kDirect) << name;
    }
    if (cgi == "ignored" || gateway) {
      EXPECT_EQ(in_cgi.rule, Rule::kNoVariable) << name;
    }
  }
}

}  // namespace
}  // namespace aks::no_proxy
