#include "tls/stream.h"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>

#include "net/io.h"
#include "tests/unit/tls/forge.h"

namespace {

using tls_test::Ends;
using tls_test::make_wire;
using tls_test::must;
using tls_test::Pace;
using tls_test::World;
using Kind = net::IoResult::Kind;

std::string pattern(size_t size) {
  std::string text(size, '\0');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
  return text;
}

net::IoResult put(net::Stream& stream, std::string_view text) {
  return stream.try_write({&text, 1});
}

// Reads to the end, then ends the stream below without a word.
net::Task<void> hear_and_hang_up(tls::TlsStream& stream, std::optional<base::Error>& error,
                                 base::Instant deadline) {
  std::string heard;
  net::Task<void> listening = tls_test::listen(stream, heard, error, deadline);
  co_await listening;
  stream.below().shutdown_write();
}

class TlsStream : public testing::Test {
 protected:
  Ends open(Pace pace = Pace::kWhole) {
    Ends ends = world.connect(make_wire(loop, pace));
    ends = tls_test::shake(loop, std::move(ends.client), std::move(ends.server));
    EXPECT_TRUE(ends.both_done());
    return ends;
  }
  // Sends `text` both ways at once and expects it to arrive whole.
  void exchange(net::Stream& a, net::Stream& b, const std::string& text) {
    std::string at_a;
    std::string at_b;
    std::optional<base::Error> error_a;
    std::optional<base::Error> error_b;
    const base::Instant deadline = tls_test::soon_enough(loop);
    std::vector<net::Task<void>> tasks;
    tasks.push_back(tls_test::say(a, text, deadline));
    tasks.push_back(tls_test::say(b, text, deadline));
    tasks.push_back(tls_test::listen(a, at_a, error_a, deadline));
    tasks.push_back(tls_test::listen(b, at_b, error_b, deadline));
    tls_test::run(loop, std::move(tasks));
    EXPECT_TRUE(at_a == text) << at_a.size();
    EXPECT_TRUE(at_b == text) << at_b.size();
    EXPECT_FALSE(error_a);
    EXPECT_FALSE(error_b);
    EXPECT_EQ(ERR_peek_error(), 0U);
  }

  net::IoResult read(net::Stream& stream) { return tls_test::read_once(loop, stream, buffer); }

  net::Loop loop;
  World world;
  std::array<char, 64> buffer{};
};

TEST_F(TlsStream, CarriesMuchDataBothWaysAtOnce) {
  const Ends ends = open();
  exchange(*ends.client, *ends.server, pattern(4'000'000));
}

TEST_F(TlsStream, CarriesDataOctetByOctet) {
  // Two records each way.
  const Ends ends = open(Pace::kDrip);
  exchange(*ends.client, *ends.server, pattern(17'000));
}

TEST_F(TlsStream, RunsInsideAnotherTlsStream) {
  for (const Pace pace : {Pace::kWhole, Pace::kDrip}) {
    Ends outer = open(pace);
    Ends inner = world.connect({std::move(outer.client), std::move(outer.server)});
    inner = tls_test::shake(loop, std::move(inner.client), std::move(inner.server));
    ASSERT_TRUE(inner.both_done());
    exchange(*inner.client, *inner.server, pattern(pace == Pace::kDrip ? 3'000 : 2'000'000));
  }
}

// Where the socket fills up depends on the size, and both ends may have to close right there.
TEST_F(TlsStream, EndsBothSidesWhereverTheirSocketsFillUp) {
  for (size_t size = 200; size < 300; size += 5) {
    const Ends ends = open(Pace::kDrip);
    exchange(*ends.client, *ends.server, pattern(size));
  }
}

TEST_F(TlsStream, EndsBothSidesOfNestedStreamsWhereverTheirSocketsFillUp) {
  for (const size_t size : {230U, 500U, 3'000U}) {
    Ends outer = open(Pace::kDrip);
    Ends inner = world.connect({std::move(outer.client), std::move(outer.server)});
    inner = tls_test::shake(loop, std::move(inner.client), std::move(inner.server));
    ASSERT_TRUE(inner.both_done());
    exchange(*inner.client, *inner.server, pattern(size));
  }
}

// The end goes out although nobody reads on the side that closes.
TEST_F(TlsStream, SendsItsEndWithoutAReader) {
  const Ends ends = open(Pace::kDrip);
  std::string heard;
  std::optional<base::Error> error;
  const base::Instant deadline = tls_test::soon_enough(loop);
  std::vector<net::Task<void>> tasks;
  tasks.push_back(tls_test::say(*ends.client, pattern(250), deadline));
  tasks.push_back(tls_test::listen(*ends.server, heard, error, deadline));
  tls_test::run(loop, std::move(tasks));
  EXPECT_EQ(heard, pattern(250));
  EXPECT_FALSE(error);
}

TEST_F(TlsStream, MayBeDestroyedWhileItsEndWaitsForRoom) {
  for (size_t size = 200; size < 300; size += 5) {
    Ends ends = open(Pace::kDrip);
    net::Task<void> saying =
        tls_test::say(*ends.client, pattern(size), tls_test::soon_enough(loop));
    saying.start();
    saying.cancel();
    ends.client.reset();
    // The turn of the loop that reports the room must find nobody.
    read(*ends.server);
  }
}

TEST_F(TlsStream, GathersPiecesIntoOneRecord) {
  const Ends ends = open();
  const std::array<std::string_view, 4> pieces{"head", "", "\r\n", "body"};
  const net::IoResult sent = ends.client->try_write(pieces);
  EXPECT_EQ(sent.kind, Kind::kDone);
  EXPECT_EQ(sent.bytes, 10U);
  const net::IoResult got = read(*ends.server);
  EXPECT_EQ(std::string_view(buffer.data(), got.bytes), "head\r\nbody");
}

TEST_F(TlsStream, WritesAtMostOneRecordPerCall) {
  const Ends ends = open();
  EXPECT_EQ(put(*ends.client, pattern(50'000)).bytes, 16'384U);
}

TEST_F(TlsStream, SaysWouldBlockOnlyWhenTheSocketDoes) {
  const Ends ends = open();
  EXPECT_EQ(ends.client->try_read(buffer).kind, Kind::kWouldBlock);
  EXPECT_EQ(ends.client->read_needs(), net::Ready::kRead);
  EXPECT_FALSE(ends.client->poll().ready(net::Ready::kRead));
  const std::string text = pattern(16'384);
  net::IoResult sent = put(*ends.client, text);
  while (sent.kind == Kind::kDone) sent = put(*ends.client, text);
  EXPECT_EQ(sent.kind, Kind::kWouldBlock);
  EXPECT_EQ(ends.client->write_needs(), net::Ready::kWrite);
  EXPECT_FALSE(ends.client->poll().ready(net::Ready::kWrite));
}

TEST_F(TlsStream, LetsTheOtherDirectionGoOnAfterItsEnd) {
  const Ends ends = open();
  ends.client->shutdown_write();
  EXPECT_EQ(read(*ends.server).kind, Kind::kEof);
  EXPECT_EQ(read(*ends.server).kind, Kind::kEof);
  EXPECT_EQ(put(*ends.server, "late").kind, Kind::kDone);
  EXPECT_EQ(read(*ends.client).bytes, 4U);
  ends.server->shutdown_write();
  EXPECT_EQ(read(*ends.client).kind, Kind::kEof);
}

TEST_F(TlsStream, SendsItsEndOnceTheFullSocketHasRoom) {
  const Ends ends = open();
  const std::string text = pattern(16'384);
  // Whole records only, so that none is half sent when the end comes.
  size_t sent = 0;
  for (net::IoResult one = put(*ends.client, text); one.kind == Kind::kDone;
       one = put(*ends.client, text)) {
    sent += one.bytes;
  }
  std::string heard;
  std::optional<base::Error> error;
  std::string nothing;
  std::optional<base::Error> client_error;
  const base::Instant deadline = tls_test::soon_enough(loop);
  std::vector<net::Task<void>> tasks;
  tasks.push_back(tls_test::say(*ends.client, text, deadline));
  tasks.push_back(tls_test::listen(*ends.client, nothing, client_error, deadline));
  tasks.push_back(tls_test::listen(*ends.server, heard, error, deadline));
  tasks.push_back(tls_test::say(*ends.server, "x", deadline));
  tls_test::run(loop, std::move(tasks));
  EXPECT_FALSE(error) << error->detail;
  EXPECT_EQ(heard.size(), sent + text.size());
  EXPECT_EQ(nothing, "x");
}

TEST_F(TlsStream, ReportsTruncationAsAnErrorAfterTheData) {
  Ends ends = open();
  put(*ends.client, "half a mess");
  ends.client.reset();
  EXPECT_EQ(read(*ends.server).bytes, 11U);
  for (int i = 0; i < 2; ++i) {
    const net::IoResult end = read(*ends.server);
    EXPECT_EQ(end.kind, Kind::kError);
    EXPECT_EQ(end.cause, tls::kTruncated);
  }
  EXPECT_EQ(put(*ends.server, "x").kind, Kind::kError);
  EXPECT_EQ(net::io_error(*ends.server, tls::kTruncated).code, base::ErrorCode::kClientClosed);
}

TEST_F(TlsStream, SendsNoAlertToAPeerThatEndedWithoutOne) {
  const Ends ends = open();
  ends.client->below().shutdown_write();
  EXPECT_EQ(read(*ends.server).cause, tls::kTruncated);
  EXPECT_EQ(ends.client->below().try_read(buffer).kind, Kind::kWouldBlock);
}

TEST_F(TlsStream, ReportsBrokenRecordsAsProtocolErrors) {
  Ends ends = open();
  put(ends.client->below(), "plain words in the middle of it all");
  const net::IoResult got = read(*ends.server);
  EXPECT_EQ(got.kind, Kind::kError);
  EXPECT_EQ(got.cause, tls::kProtocolError);
  const std::string& reason = ends.server->failure()->reason;
  EXPECT_FALSE(reason.empty());
  EXPECT_NE(net::io_error(*ends.server, got.cause).detail.find("(EPROTO: " + reason + ")"),
            std::string::npos);
  // The alert that follows reaches the other side with its name.
  EXPECT_EQ(read(*ends.client).cause, tls::kProtocolError);
  EXPECT_GE(ends.client->failure()->alert, 0);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(TlsStream, AnswersKeyUpdates) {
  const Ends ends = open();
  ASSERT_EQ(SSL_key_update(ends.server->raw(), SSL_KEY_UPDATE_REQUESTED), 1);
  EXPECT_EQ(put(*ends.server, "new key").kind, Kind::kDone);
  EXPECT_EQ(read(*ends.client).bytes, 7U);
  EXPECT_EQ(put(*ends.client, "mine too").kind, Kind::kDone);
  EXPECT_EQ(read(*ends.server).bytes, 8U);
}

TEST_F(TlsStream, GivesUpOnAFloodOfKeyUpdates) {
  const Ends ends = open();
  // Data in between makes them harmless.
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(SSL_key_update(ends.server->raw(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
    ASSERT_EQ(put(*ends.server, "x").kind, Kind::kDone);
    ASSERT_EQ(read(*ends.client).bytes, 1U);
  }
  // A key update goes out with the handshake that it starts.
  for (int i = 0; i < 10'000 && SSL_key_update(ends.server->raw(), 0) == 1; ++i) {
    if (SSL_do_handshake(ends.server->raw()) != 1) break;
  }
  const net::IoResult end = read(*ends.client);
  EXPECT_EQ(end.kind, Kind::kError);
  EXPECT_EQ(end.cause, tls::kProtocolError);
  EXPECT_EQ(ends.client->failure()->reason, "too many handshake messages without data");
}

TEST_F(TlsStream, RefusesRenegotiation) {
  tls_test::Wire wire = make_wire(loop);
  auto client = must(
      world.client->make_stream(std::move(wire.client_end), *tls::PeerName::parse("good.test")));
  auto server = tls_test::wild_server({.max_version = TLS1_2_VERSION}, world.leaf({"good.test"}),
                                      std::move(wire.server_end));
  const Ends ends = tls_test::shake(loop, std::move(client), std::move(server));
  ASSERT_TRUE(ends.both_done());
  ASSERT_EQ(SSL_renegotiate(ends.server->raw()), 1);
  SSL_do_handshake(ends.server->raw());  // sends HelloRequest
  // The client stays in its connection and answers with an alert, which ends the server's attempt.
  std::string heard;
  std::optional<base::Error> error;
  std::optional<base::Error> client_error;
  const base::Instant deadline = tls_test::soon_enough(loop);
  std::vector<net::Task<void>> tasks;
  tasks.push_back(tls_test::listen(*ends.client, heard, client_error, deadline));
  tasks.push_back(hear_and_hang_up(*ends.server, error, deadline));
  tls_test::run(loop, std::move(tasks));
  ASSERT_NE(ends.server->failure(), nullptr);
  EXPECT_EQ(ends.server->failure()->reason, "no renegotiation");
  EXPECT_EQ(SSL_get_state(ends.client->raw()), TLS_ST_OK);
}

}  // namespace
