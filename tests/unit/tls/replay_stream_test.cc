#include "tls/replay_stream.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/tls/support.h"

namespace {

using tls_test::Ends;
using tls_test::must;
using tls_test::Pace;
using Kind = net::IoResult::Kind;

class ReplayStream : public testing::Test {
 protected:
  static net::IoResult put(net::Stream& stream, std::string_view text) {
    return stream.try_write({&text, 1});
  }
  // Everything up to the first would-block, `size` octets at a time.
  static std::string drain(net::Stream& stream, size_t size) {
    std::string all;
    std::array<char, 64> buffer{};
    for (;;) {
      const net::IoResult got = stream.try_read(std::span(buffer).first(size));
      if (got.kind != Kind::kDone) return all;
      all.append(buffer.data(), got.bytes);
    }
  }
  // Octets up to and with the first ClientHello, taken off the wire.
  static std::string take(net::Stream& stream) {
    std::string octets(2000, '\0');
    const net::IoResult got = stream.try_read(octets);
    EXPECT_EQ(got.kind, Kind::kDone);
    octets.resize(got.bytes);
    return octets;
  }

  net::Loop loop;
  tls_test::World world;
};

TEST_F(ReplayStream, GivesItsOctetsThenTheStreamBelow) {
  for (size_t size = 1; size <= 20; ++size) {
    tls_test::Wire wire = tls_test::make_wire(loop);
    tls::ReplayStream stream("read before", std::move(wire.server_end));
    put(*wire.client_end, " and after");
    EXPECT_EQ(drain(stream, size), "read before and after") << size;
    EXPECT_EQ(stream.left(), 0U);
  }
}

TEST_F(ReplayStream, DoesNotSayWouldBlockWhileOctetsAreLeft) {
  tls_test::Wire wire = tls_test::make_wire(loop);
  // The readiness of the socket is used up.
  EXPECT_EQ(drain(*wire.server_end, 1), "");
  ASSERT_FALSE(wire.server_end->poll().ready(net::Ready::kRead));
  tls::ReplayStream stream("ab", std::move(wire.server_end));
  char octet = 0;
  EXPECT_EQ(stream.try_read({&octet, 1}).kind, Kind::kDone);
  EXPECT_EQ(octet, 'a');
  EXPECT_EQ(stream.try_read({&octet, 1}).kind, Kind::kDone);
  EXPECT_EQ(octet, 'b');
  EXPECT_EQ(stream.try_read({&octet, 1}).kind, Kind::kWouldBlock);
  put(*wire.client_end, "c");
  EXPECT_EQ(tls_test::read_once(loop, stream, {&octet, 1}).kind, Kind::kDone);
  EXPECT_EQ(octet, 'c');
}

TEST_F(ReplayStream, ReportsTheEndAfterItsOctets) {
  tls_test::Wire wire = tls_test::make_wire(loop);
  tls::ReplayStream stream("x", std::move(wire.server_end));
  wire.client_end->shutdown_write();
  char octet = 0;
  EXPECT_EQ(tls_test::read_once(loop, stream, {&octet, 1}).kind, Kind::kDone);
  EXPECT_EQ(tls_test::read_once(loop, stream, {&octet, 1}).kind, Kind::kEof);
}

TEST_F(ReplayStream, WritesAndEndsAtOnce) {
  tls_test::Wire wire = tls_test::make_wire(loop);
  tls::ReplayStream stream("unread", std::move(wire.server_end));
  EXPECT_EQ(stream.party(), base::Party::kClient);
  put(stream, "answer");
  stream.shutdown_write();
  std::array<char, 16> heard{};
  EXPECT_EQ(tls_test::read_once(loop, *wire.client_end, heard).bytes, 6U);
  EXPECT_EQ(tls_test::read_once(loop, *wire.client_end, heard).kind, Kind::kEof);
}

TEST_F(ReplayStream, CarriesTheHandshakeOfAClientWhoseHelloWasPeekedAt) {
  for (const Pace pace : {Pace::kWhole, Pace::kDrip}) {
    tls_test::Wire wire = tls_test::make_wire(loop, Pace::kWhole);
    auto client = must(world.client->make_stream(std::move(wire.client_end),
                                                 must(tls::PeerName::parse("good.test"))));
    ASSERT_EQ(client->try_handshake(), tls::TlsStream::Progress::kWouldBlock);
    std::string hello = take(*wire.server_end);
    // A part of it is left on the wire in the second round.
    std::string rest = pace == Pace::kDrip ? hello.substr(100) : std::string();
    hello.resize(hello.size() - rest.size());
    auto replayed = std::make_unique<tls::ReplayStream>(
        std::move(hello),
        std::make_unique<tls::ReplayStream>(std::move(rest), std::move(wire.server_end)));
    auto server = must(world.server->make_stream(std::move(replayed)));
    const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
    ASSERT_TRUE(ends.both_done()) << ends.at_server->info.error().detail;
    EXPECT_EQ(ends.at_server->info->server_name, "good.test");
  }
}

TEST_F(ReplayStream, TellsWhatBrokeTheTlsBelow) {
  Ends outer = world.connect(tls_test::make_wire(loop));
  outer = tls_test::shake(loop, std::move(outer.client), std::move(outer.server));
  net::Stream& wire = outer.client->below();
  Ends inner =
      world.connect({std::move(outer.client),
                     std::make_unique<tls::ReplayStream>(std::string(), std::move(outer.server))});
  inner = tls_test::shake(loop, std::move(inner.client), std::move(inner.server));
  ASSERT_TRUE(inner.both_done());
  put(wire, "plain words in the middle of it all");
  std::array<char, 64> buffer{};
  EXPECT_EQ(tls_test::read_once(loop, *inner.server, buffer).cause, tls::kProtocolError);
  EXPECT_EQ(inner.server->failure_words(), "wrong version number");
}

}  // namespace
