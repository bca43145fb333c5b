#include "aks/no_proxy_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/no_proxy/evaluate.h"
#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using aks_test::brief;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<ListEntry> list(const std::vector<std::string>& texts) {
  std::vector<ListEntry> entries;
  for (const std::string& text : texts)
    entries.push_back({text, "[" + std::to_string(entries.size()) + "]", 1, 1});
  return entries;
}

std::vector<std::string> lint(const std::vector<std::string>& texts, const Facts& facts = {}) {
  std::vector<Finding> findings;
  lint_no_proxy_list(list(texts), facts, findings);
  return brief(findings);
}

std::vector<Finding> missing(const std::vector<std::string>& texts, const Facts& facts = {}) {
  std::vector<Finding> findings;
  lint_missing_entries(list(texts), facts, {"", "$.noProxy", 1, 1}, findings);
  return findings;
}

TEST(NoProxyList, FindsEntriesThatMeanTheSame) {
  const std::pair<const char*, const char*> cases[] = {
      {"a.example", "a.example"},   {"a.example", "A.Example"},      {"a.example", "a.example."},
      {"fd00::1", "FD00:0::1"},     {"10.0.0.4", "::ffff:10.0.0.4"}, {"10.0.0.0/8", "10.1.0.0/8"},
      {".a.example", ".A.example"},
  };
  for (const auto& [first, second] : cases) {
    EXPECT_THAT(lint({first, second}), ElementsAre("warning [1] no-proxy-duplicate")) << second;
  }
  EXPECT_THAT(lint({"a.example", ".a.example", "b.example", "a.example:80"}), IsEmpty())
      << "name and domain are the portable pair, a port is another thing";
}

TEST(NoProxyList, FindsEntriesThatAnotherCovers) {
  EXPECT_THAT(lint({"x.a.example", ".a.example"}), ElementsAre("note [0] no-proxy-shadowed"));
  EXPECT_THAT(lint({"a.example", ".x.a.example"}), ElementsAre("note [1] no-proxy-shadowed"));
  EXPECT_THAT(lint({"10.1.2.3", "10.0.0.0/8"}), ElementsAre("note [0] no-proxy-shadowed"));
  EXPECT_THAT(lint({"10.1.0.0/16", "10.0.0.0/8"}), ElementsAre("note [0] no-proxy-shadowed"));
  EXPECT_THAT(lint({"fd00::1", "fd00::/8"}), ElementsAre("note [0] no-proxy-shadowed"));
  EXPECT_THAT(lint({"xa.example", ".a.example", "11.0.0.1", "10.0.0.0/8", "fd00::1"}), IsEmpty());
}

TEST(NoProxyList, NamesWhatAksAddsByItself) {
  EXPECT_THAT(lint({"localhost", "169.254.169.254", "konnectivity"}),
              ElementsAre("note [0] no-proxy-added-anyway", "note [1] no-proxy-added-anyway",
                          "note [2] no-proxy-added-anyway"));
  EXPECT_THAT(lint({"10.0.0.0/16"}), IsEmpty()) << "the cluster's ranges are not known";
  Facts facts;
  facts.cluster.service_cidrs = {*base::Cidr::parse("10.0.0.0/16")};
  EXPECT_THAT(lint({"10.0.0.0/16"}, facts), ElementsAre("note [0] no-proxy-added-anyway"));
}

TEST(NoProxyList, MissesNamesOfServices) {
  EXPECT_THAT(brief(missing({})), ElementsAre("note $.noProxy no-proxy-services"));
  EXPECT_EQ(missing({})[0].fix, R"(".svc", ".cluster.local")");
  EXPECT_EQ(missing({".svc"})[0].fix, R"(".cluster.local")");
  EXPECT_THAT(missing({".svc", ".cluster.local"}), IsEmpty());
  EXPECT_THAT(missing({"svc", "svc.cluster.local"}), IsEmpty());
  Facts facts;
  facts.known = Facts::Known::kYes;
  facts.cluster.service_cidrs = {*base::Cidr::parse("10.0.0.0/16")};
  EXPECT_THAT(brief(missing({}, facts)), ElementsAre("warning $.noProxy no-proxy-services"))
      << "the service range does not help names";
}

// A bare name is one label: ".svc" does not cover it and neither does any other domain, but an
// entry of its own does.
TEST(NoProxyList, SaysHowBareNamesOfServicesBypassTheProxy) {
  const std::string message = missing({})[0].message;
  EXPECT_THAT(message, HasSubstr("Names such as api or api.default match no entry for a domain: "
                                 "list each by itself, or let pods write api.default.svc"));
  EXPECT_THAT(message, ::testing::Not(HasSubstr("can't be listed")));
  const auto direct = [](no_proxy::Client client, const char* list) {
    const auto environment = no_proxy::told_to_all("http://p.example:1", list);
    const auto to = *no_proxy::parse_destination("http://api/");
    return no_proxy::evaluate(client, environment, to).outcome == no_proxy::Outcome::kDirect;
  };
  for (const no_proxy::Client client : no_proxy::kAllClients) {
    EXPECT_TRUE(direct(client, "api")) << token_of(client);
    EXPECT_FALSE(direct(client, ".svc,.cluster.local,.default")) << token_of(client);
  }
}

TEST(NoProxyList, MissesBothEndpointsOfAPrivateRegistry) {
  Facts facts;
  facts.private_registries = {"contoso"};
  facts.cluster.region = "westeurope";
  const std::vector<std::string> services = {".svc", ".cluster.local"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), services.begin(), services.end());
    return missing(more, facts);
  };
  ASSERT_EQ(with({}).size(), 1U);
  EXPECT_EQ(with({})[0].fix, R"("contoso.azurecr.io", "contoso.westeurope.data.azurecr.io")");
  EXPECT_EQ(with({"contoso.azurecr.io"})[0].fix, R"("contoso.westeurope.data.azurecr.io")");
  EXPECT_THAT(with({".azurecr.io"}), IsEmpty());
}

}  // namespace
}  // namespace aks
