#include "net/dns/resolver.h"

#include <gtest/gtest.h>

#include "tests/unit/net/dns/resolver_fixture.h"

namespace net::dns {
namespace {

using base::ErrorCode;
using test::kA;
using test::kAaaa;
using test::Reply;
using test::StubDns;
using test::text;
using Source = Answer::Source;

struct DnsResolver : test::ResolverTest {};

TEST_F(DnsResolver, AsksForBothFamiliesAndPutsIpv6First) {
  const auto answer = resolve("www.example.test");
  EXPECT_EQ(text(answer), "2001:db8::1 192.0.2.1");
  EXPECT_EQ(answer->source, Source::kQuery);
  EXPECT_EQ(stub.asked(kA), 1U);
  EXPECT_EQ(stub.asked(kAaaa), 1U);
  EXPECT_EQ(stub.asked().front().name, "www.example.test");
  EXPECT_EQ(resolver->queries(), 2U);
}

TEST_F(DnsResolver, LiteralsAreNotAskedFor) {
  for (const char* literal : {"192.0.2.7", "2001:db8::7"}) {
    const auto answer = resolve(literal);
    EXPECT_EQ(text(answer), literal);
    EXPECT_EQ(answer->source, Source::kLiteral);
  }
  EXPECT_TRUE(stub.asked().empty());
}

TEST_F(DnsResolver, OverridesComeFirst) {
  options.hosts = {{"db.test", {*base::IpAddress::parse("10.0.0.5")}},
                   {"db.test", {*base::IpAddress::parse("fd00::5")}}};
  const auto answer = resolve("db.test");
  EXPECT_EQ(text(answer), "10.0.0.5 fd00::5");
  EXPECT_EQ(answer->source, Source::kOverride);
  EXPECT_TRUE(stub.asked().empty());
}

TEST_F(DnsResolver, HostsFileAndSearchDomainsAreNotUsed) {
  stub.set_handler(test::say(3));
  EXPECT_EQ(text(resolve("localhost")), "dns_not_found");
  ASSERT_EQ(stub.asked().size(), 2U);
  EXPECT_EQ(stub.asked()[0].name, "localhost");
  EXPECT_EQ(stub.asked()[1].name, "localhost");
}

TEST_F(DnsResolver, TheCacheAnswersUntilTheTtlIsOver) {
  options.min_ttl = base::Millis(1);
  options.max_ttl = base::Millis(40);
  EXPECT_EQ(resolve("a.test")->source, Source::kQuery);
  EXPECT_EQ(resolve("a.test")->source, Source::kCache);
  EXPECT_EQ(resolver->cache_hits(), 1U);
  EXPECT_EQ(resolver->cached_names(), 1U);
  test::run_for(loop, base::Millis(45));
  EXPECT_EQ(resolve("a.test")->source, Source::kQuery);
  EXPECT_EQ(stub.asked(kA), 2U);
  EXPECT_EQ(resolver->cache_hits(), 1U);
}

TEST_F(DnsResolver, RemembersThatANameDoesNotExist) {
  stub.set_handler(test::say(3));
  EXPECT_EQ(text(resolve("no.test")), "dns_not_found");
  EXPECT_EQ(text(resolve("no.test")), "dns_not_found");
  EXPECT_EQ(stub.asked().size(), 2U);
  EXPECT_EQ(resolver->cache_hits(), 1U);
  EXPECT_EQ(resolver->failures(), 1U);
}

TEST_F(DnsResolver, SaysWhyANameHasNoAddress) {
  const std::pair<unsigned, const char*> rows[] = {
      {0, "dns_no_address"},     {2, "dns_server_failure"}, {3, "dns_not_found"},
      {4, "dns_server_failure"}, {5, "dns_refused"},
  };
  make();
  for (const auto& [rcode, token] : rows) {
    stub.set_handler(test::say(rcode));
    EXPECT_EQ(text(resolve("rcode" + std::to_string(rcode) + ".test")), token);
  }
}

TEST_F(DnsResolver, OneFamilyIsEnough) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    if (query.type == kA) return self.reply(query, Reply(query.packet).address("192.0.2.1"));
    self.reply(query, Reply(query.packet, 2));
  });
  EXPECT_EQ(text(resolve("a.test")), "192.0.2.1");
}

TEST_F(DnsResolver, FollowsAliases) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    Reply reply(query.packet);
    reply.alias("x.cdn.test").alias("y.cdn.test", 60, "x.cdn.test");
    if (query.type == kA) reply.address("192.0.2.1", 60, "y.cdn.test");
    self.reply(query, reply);
  });
  EXPECT_EQ(text(resolve("a.test")), "192.0.2.1");
}

TEST_F(DnsResolver, KeepsABoundedNumberOfAddresses) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    if (query.tcp == nullptr) return self.reply(query, Reply(query.packet).truncated());
    Reply reply(query.packet);
    for (int i = 0; i < 1000; ++i) {
      const std::string low =
          std::to_string(i / 250) + (query.type == kA ? "." : ":") + std::to_string(i % 250);
      reply.address(query.type == kA ? "10.0." + low : "fd00::" + low);
    }
    self.reply(query, reply);
  });
  const auto answer = resolve("many.test");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->addresses.size(), kMaxAddresses);
  EXPECT_FALSE(answer->addresses.front().is_v4());
  EXPECT_TRUE(answer->addresses.back().is_v4());
}

TEST_F(DnsResolver, GoesOnWithoutIpv6AfterTheResolutionDelayAndKeepsItForLater) {
  StubDns::Query held;
  stub.set_handler([&](StubDns& self, const StubDns::Query& query) {
    if (query.type == kAaaa) {
      held = query;
    } else {
      test::answer_both(self, query);
    }
  });
  const base::Instant before = base::steady_now();
  EXPECT_EQ(text(resolve("a.test")), "192.0.2.1");
  EXPECT_GE(base::steady_now() - before, kResolutionDelay - base::Millis(1));
  EXPECT_EQ(text(resolve("a.test")), "192.0.2.1") << "who comes now does not wait again";
  EXPECT_EQ(stub.asked(kA), 1U);
  test::answer_both(stub, held);
  test::run_until(loop, [&] { return resolver->lookups_in_flight() == 0; });
  const auto later = resolve("a.test");
  EXPECT_EQ(text(later), "2001:db8::1 192.0.2.1");
  EXPECT_EQ(later->source, Source::kCache);
}

TEST_F(DnsResolver, WaitsForIpv4WhenIpv6CameFirst) {
  StubDns::Query held;
  stub.set_handler([&](StubDns& self, const StubDns::Query& query) {
    if (query.type == kA) {
      held = query;
    } else {
      test::answer_both(self, query);
    }
  });
  make();
  auto tasks = start(1, "a.test");
  test::run_for(loop, 2 * kResolutionDelay);
  EXPECT_FALSE(tasks[0].done());
  test::answer_both(stub, held);
  test::run_until(loop, [&] { return tasks[0].done(); });
  EXPECT_EQ(text(tasks[0].take()), "2001:db8::1 192.0.2.1");
}

TEST_F(DnsResolver, LimitsTheLookupsInFlight) {
  stub.set_handler({});
  options.max_queries = 3;
  make();
  auto waiting = start(2, "a.test");
  for (const char* name : {"b.test", "c.test"}) {
    for (auto& more : start(1, name)) waiting.push_back(std::move(more));
  }
  const auto refused = test::run(loop, task("d.test"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDnsServerFailure);
  EXPECT_EQ(refused.error().party, base::Party::kProxy);
  EXPECT_NE(refused.error().detail.find("dns.max_queries"), std::string::npos);
  EXPECT_EQ(resolver->lookups_in_flight(), 3U);
}

TEST_F(DnsResolver, NamesThatDnsCannotHoldAreNotSent) {
  for (const std::string& name :
       {std::string(64, 'a') + ".test", std::string("a..test"), std::string("x.onion")}) {
    EXPECT_EQ(text(resolve(name)), "dns_not_found") << name;
  }
  EXPECT_TRUE(stub.asked().empty());
}

}  // namespace
}  // namespace net::dns
