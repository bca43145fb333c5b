#include "aks/misroute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kList = {"localhost",  "10.0.0.0/16", "192.168.5.4", "example.com",
                                        ".corp.test", "fd00:1::/32", "db.test:5432"};

std::string judged(std::string_view host, std::uint16_t port = 443,
                   std::initializer_list<std::string_view> resolved = {}) {
  std::vector<base::IpAddress> addresses;
  for (const auto text : resolved) addresses.push_back(*base::IpAddress::parse(text));
  const http::Authority target{std::string(host), base::IpAddress::parse(host), port};
  const auto misroute = MisrouteJudge(kList).judge(target, addresses);
  return misroute ? to_string(*misroute) : "";
}

TEST(Misroute, IsWhatTheListCovers) {
  EXPECT_EQ(judged("10.0.3.4"), "listed:10.0.0.0/16");
  EXPECT_EQ(judged("192.168.5.4"), "listed:192.168.5.4");
  EXPECT_EQ(judged("example.com"), "listed:example.com");
  EXPECT_EQ(judged("a.example.com"), "listed:example.com");
  EXPECT_EQ(judged("git.corp.test"), "listed:.corp.test");
  EXPECT_EQ(judged("fd00:1::5"), "listed:fd00:1::/32");
  EXPECT_EQ(judged("db.test", 5432), "listed:db.test:5432");
  EXPECT_EQ(judged("localhost"), "listed:loopback");
  EXPECT_EQ(judged("127.0.0.9"), "listed:loopback");
}

TEST(Misroute, IsNotWhatTheListLeavesOut) {
  EXPECT_EQ(judged("mcr.microsoft.com"), "");
  EXPECT_EQ(judged("10.1.0.1"), "");
  EXPECT_EQ(judged("corp.test"), "");
  EXPECT_EQ(judged("db.test", 443), "");
  EXPECT_EQ(judged("notexample.com"), "");
}

TEST(Misroute, SeesThatANameResolvesIntoAPrefix) {
  EXPECT_EQ(judged("sql.private.test", 443, {"203.0.113.1", "10.0.9.9"}), "resolved:10.0.0.0/16");
  EXPECT_EQ(judged("sql.private.test", 443, {"::ffff:10.0.9.9"}), "resolved:10.0.0.0/16");
  EXPECT_EQ(judged("sql.private.test", 443, {"192.168.5.4"}), "resolved:192.168.5.4");
  EXPECT_EQ(judged("sql.private.test", 443, {"203.0.113.1"}), "");
  EXPECT_EQ(judged("git.corp.test", 443, {"10.0.9.9"}), "listed:.corp.test") << "the entry counts";
}

TEST(Misroute, SeesNamesOfTheClustersOwnDns) {
  for (const char* host : {"db.shop.svc", "db.shop.svc.cluster.local", "a.cluster.local"}) {
    EXPECT_EQ(judged(host), "in-cluster") << host;
  }
  EXPECT_EQ(judged("svc"), "");
  EXPECT_EQ(judged("notsvc.example.org"), "");
  EXPECT_EQ(judged("cluster.local.example.org"), "");
}

TEST(Misroute, AnEmptyListStillKnowsClusterNames) {
  const http::Authority target{"db.shop.svc", std::nullopt, 80};
  EXPECT_TRUE(MisrouteJudge({}).judge(target, {}));
}

TEST(MisrouteAdvice, SaysThatPrefixesDoNotCoverNames) {
  EXPECT_THAT(fix_of({MisrouteKind::kResolved, "10.0.0.0/16"}, "sql.private.test"),
              AllOf(HasSubstr("\"sql.private.test\""), HasSubstr("10.0.0.0/16"),
                    HasSubstr("CIDR entries do not cover names")));
  EXPECT_THAT(fix_of({MisrouteKind::kInCluster, ""}, "db.shop.svc"), HasSubstr("add \".svc\""));
  EXPECT_THAT(fix_of({MisrouteKind::kInCluster, ""}, "db.shop.svc.cluster.local"),
              HasSubstr("add \".cluster.local\""));
}

TEST(MisrouteAdvice, TellsOfTheApiServersNameWhereAPrefixIsNotRead) {
  EXPECT_THAT(fix_of({MisrouteKind::kListed, "10.0.0.0/16"}, "10.0.0.1"),
              HasSubstr("kubernetes.azure.com/set-kube-service-host-fqdn"));
}

TEST(MisrouteAdvice, NamesTheClientsThatReadTheEntryOtherwise) {
  EXPECT_THAT(readers_of({MisrouteKind::kListed, "10.0.0.0/16"}, "10.0.3.4"),
              AllOf(HasSubstr("wget, python-urllib"), Not(HasSubstr("curl"))));
  EXPECT_THAT(readers_of({MisrouteKind::kListed, "fd00::/8"}, "fd00::1"), HasSubstr("curl-8.9"));
  EXPECT_THAT(readers_of({MisrouteKind::kListed, "example.com"}, "a.example.com"),
              AllOf(HasSubstr("node-core"), Not(HasSubstr("curl"))));
  EXPECT_THAT(readers_of({MisrouteKind::kListed, "example.com"}, "example.com"),
              HasSubstr("every known client"));
  EXPECT_THAT(readers_of({MisrouteKind::kResolved, "10.0.0.0/16"}, "a.test"), HasSubstr("Ruby"));
}

TEST(MisrouteAdvice, IsASentenceForEveryKindAndEntry) {
  for (const char* entry : {"10.0.0.0/16", "fd00::/8", "example.com", ".example.com", "*",
                            "*.a.com", "10.0.0.1", "loopback", "db.test:5432", "", "?!"}) {
    for (size_t kind = 0; kind < kMisrouteKinds; ++kind) {
      const Misroute misroute{static_cast<MisrouteKind>(kind), entry};
      EXPECT_FALSE(fix_of(misroute, "a.example.com").empty());
      EXPECT_FALSE(readers_of(misroute, "a.example.com").empty());
    }
  }
}

}  // namespace
}  // namespace aks
