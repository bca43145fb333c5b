// What goes over the wire: bad servers, bad packets, TCP, several servers.
#include <gtest/gtest.h>

#include "net/dns/resolv_conf.h"
#include "tests/unit/net/dns/resolver_fixture.h"

namespace net::dns {
namespace {

using test::kA;
using test::kAaaa;
using test::Packet;
using test::Reply;
using test::StubDns;
using test::text;

struct DnsResolverWire : test::ResolverTest {
  static Reply good(const StubDns::Query& query) {
    return Reply(query.packet).address(query.type == kA ? "192.0.2.1" : "2001:db8::1");
  }
};

constexpr const char* kGood = "2001:db8::1 192.0.2.1";

TEST_F(DnsResolverWire, TurnsToTcpWhenAReplyIsTruncated) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    self.reply(query, query.tcp != nullptr ? good(query) : Reply(query.packet).truncated());
  });
  EXPECT_EQ(text(resolve("a.test")), kGood);
  EXPECT_EQ(stub.asked_over_tcp(), 2U);
}

TEST_F(DnsResolverWire, IgnoresPacketsThatDoNotBelongToTheQuestion) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    const unsigned id = static_cast<unsigned>(query.packet[0] << 8 | query.packet[1]);
    self.reply(query, Reply(query.packet).id(id + 1).address("192.0.2.66"));
    self.reply(query, Reply(test::question("evil.test", query.type, id)).address("192.0.2.66"));
    self.reply(query, Packet{});
    self.reply(query, Packet{0});
    self.reply(query, Packet(11, 0xFF));
    self.reply(query, good(query));
  });
  EXPECT_EQ(text(resolve("a.test")), kGood);
  EXPECT_EQ(stub.asked().size(), 2U) << "not asked again";
}

TEST_F(DnsResolverWire, AReplyThatCannotBeReadIsAServerFailure) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    Packet packet = good(query).packet();
    packet.pop_back();
    self.reply(query, packet);
  });
  EXPECT_EQ(text(resolve("a.test")), "dns_server_failure");
}

TEST_F(DnsResolverWire, AsksWithoutEdnsWhereItIsNotUnderstood) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    const bool edns = query.packet[11] != 0;
    self.reply(query, edns ? Reply(query.packet, 1) : good(query));
  });
  EXPECT_EQ(text(resolve("a.test")), kGood);
  EXPECT_EQ(text(resolve("b.test")), kGood);
  EXPECT_EQ(stub.asked().size(), 6U) << "EDNS is tried once";
}

TEST_F(DnsResolverWire, FormatErrorsWithoutEndAreAServerFailure) {
  stub.set_handler(test::say(1));
  EXPECT_EQ(text(resolve("a.test")), "dns_server_failure");
}

TEST_F(DnsResolverWire, AClosedPortIsUnreachable) {
  base::Endpoint closed;
  {
    const StubDns gone(loop);
    closed = gone.endpoint();
  }
  options.servers = {closed};
  const base::Instant before = base::steady_now();
  EXPECT_EQ(text(resolve("a.test")), "dns_unreachable");
  EXPECT_LT(base::steady_now() - before, options.query_timeout);
}

TEST_F(DnsResolverWire, ATcpConnectionThatBreaksIsNotWaitedFor) {
  stub.set_handler([](StubDns& self, const StubDns::Query& query) {
    if (query.tcp != nullptr) return query.tcp->shutdown_write();
    self.reply(query, Reply(query.packet).truncated());
  });
  const base::Instant before = base::steady_now();
  EXPECT_EQ(text(resolve("a.test")), "dns_unreachable");
  EXPECT_LT(base::steady_now() - before, options.query_timeout);
}

TEST_F(DnsResolverWire, GoesOnToTheNextServer) {
  for (const unsigned rcode : {2U, 4U, 5U}) {
    StubDns broken(loop, test::say(rcode));
    options.servers = {broken.endpoint(), stub.endpoint()};
    make();
    EXPECT_EQ(text(resolve("a.test")), kGood);
    EXPECT_EQ(broken.asked().size(), 2U);
  }
}

TEST_F(DnsResolverWire, GoesOnFromASilentServer) {
  StubDns silent(loop);
  options.servers = {silent.endpoint(), stub.endpoint()};
  options.query_timeout = base::Millis(200);
  EXPECT_EQ(text(resolve("a.test")), kGood);
}

TEST_F(DnsResolverWire, TakesTheFirstServersWordForANameThatDoesNotExist) {
  StubDns first(loop, test::say(3));
  options.servers = {first.endpoint(), stub.endpoint()};
  EXPECT_EQ(text(resolve("a.test")), "dns_not_found");
  EXPECT_TRUE(stub.asked().empty());
}

TEST_F(DnsResolverWire, ReportsTheMostTellingFailureOfSeveralServers) {
  StubDns silent(loop);
  stub.set_handler(test::say(5));
  options.servers = {silent.endpoint(), stub.endpoint()};
  options.query_timeout = base::Millis(200);
  EXPECT_EQ(text(resolve("a.test")), "dns_refused");
  EXPECT_EQ(stub.asked(kA), 2U) << "the row of servers is gone through twice";
}

TEST_F(DnsResolverWire, WithoutServersTakesThoseOfTheSystem) {
  options.servers.clear();
  const auto made = Resolver::create(loop, options);
  EXPECT_EQ(made.has_value(), read_resolv_conf("/etc/resolv.conf").has_value());
}

}  // namespace
}  // namespace net::dns
