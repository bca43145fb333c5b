// How streams and connections end.
#include "http/h2/connection.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/http/h2/pair.h"

namespace http::h2::testing {
namespace {

using H2Endings = Pair;

TEST_F(H2Endings, TellsTheOtherSideOfAReset) {
  open();
  client_.reset(*asked_, Code::kCancel);
  exchange(client_, server_);
  EXPECT_EQ(server_.next_touched(), served_);
  EXPECT_EQ(served_->closed(), Code::kCancel);
  EXPECT_EQ(served_->ended_by(), Stream::EndedBy::kPeer);
  EXPECT_EQ(asked_->ended_by(), Stream::EndedBy::kOwner);
  server_.respond(*served_, 200, kNone, End::kNow);  // too late, and nothing happens
  exchange(client_, server_);
  EXPECT_FALSE(client_.failure());
}

// RFC 9113 §8.1: the response is whole, the request is of no more interest.
TEST_F(H2Endings, AsksForNoMoreOfARequestThatIsAnswered) {
  open();
  server_.respond(*served_, 413, kNone, End::kNow);
  exchange(client_, server_);
  EXPECT_TRUE(served_->sent_all());
  server_.release(*served_);
  exchange(client_, server_);
  EXPECT_EQ(asked_->take_response()->status, 413);
  EXPECT_EQ(asked_->closed(), Code::kNoError);
}

TEST_F(H2Endings, ForgetsRequestsThatWereTakenBackUnseen) {
  Stream& stream = client_.open(request_of("GET"), End::kNow);
  server_.receive(output_of(client_), kStart);
  client_.reset(stream, Code::kCancel);
  exchange(client_, server_);
  EXPECT_EQ(server_.next_touched(), nullptr);
  EXPECT_EQ(server_.streams(), 0U);
}

TEST_F(H2Endings, OpensNoMoreStreamsThanThePeerAllows) {
  for (std::uint32_t n = 0; n < Settings{}.max_streams; ++n) {
    ASSERT_TRUE(client_.can_open());
    client_.open(request_of("GET"), End::kNow);
  }
  EXPECT_FALSE(client_.can_open());
}

TEST_F(H2Endings, DrainsWithoutLosingARequest) {
  open("GET", End::kNow);
  server_.drain();
  // Sent before the notice arrives.
  Stream& late = client_.open(request_of("GET"), End::kNow);
  exchange(client_, server_);
  EXPECT_FALSE(client_.can_open());
  EXPECT_TRUE(client_.peer_leaves());
  Stream* second = server_.next_touched();
  ASSERT_NE(second, nullptr);
  EXPECT_FALSE(server_.over());
  for (Stream* stream : {served_, second}) server_.respond(*stream, 200, kNone, End::kNow);
  exchange(client_, server_);
  EXPECT_EQ(late.closed(), Code::kNoError);
  EXPECT_TRUE(server_.over());
}

TEST_F(H2Endings, TellsOfStreamsThatThePeerLeftUnserved) {
  Stream& stream = client_.open(request_of("GET"), End::kNow);
  output_of(client_);  // lost
  client_.receive(frame(kGoAway, 0, 0, number32(0) + number32(0)), kStart);
  EXPECT_EQ(client_.next_touched(), &stream);
  EXPECT_EQ(stream.closed(), Code::kRefusedStream);
  EXPECT_FALSE(client_.can_open());
}

// Each is what an origin did; nothing of it is its reset.
TEST_F(H2Endings, SaysOfAStreamThatItResetWhatThePeerBroke) {
  const struct {
    std::string octets;
    std::string_view words;
  } kCases[] = {
      {headers(1, {{":status", "200"}, {"Upper", "x"}}), "Upper"},
      {headers(1, {{":status", "200"}, {"connection", "close"}}), "connection"},
      {headers(1, {{":status", "101"}}, kEndHeaders), "101"},
      {headers(1, {{":status", "200"}, {"content-length", "3"}}, kEndHeaders) +
           data(1, "four", kEndStream),
       "content-length"},
      {headers(1, {{":status", "200"}, {"content-length", "3"}}, kEndHeaders) +
           data(1, "t", kEndStream),
       "content-length"},
      {headers(1, {{":status", "200"}}, kEndHeaders) + window_update(1, 0x7fffffff),
       "Flow control"},
  };
  for (const auto& one : kCases) {
    Connection client(Connection::Role::kClient, {});
    feed(client, settings());
    Stream& stream = client.open(request_of("GET"), End::kNow);
    output_of(client);
    feed(client, one.octets);
    ASSERT_TRUE(stream.closed()) << one.words;
    EXPECT_EQ(stream.ended_by(), Stream::EndedBy::kBreach) << one.words;
    const base::Error error = client.ending(stream);
    EXPECT_EQ(error.code, base::ErrorCode::kBadResponse);
    EXPECT_EQ(error.party, base::Party::kOrigin);
    EXPECT_NE(error.detail.find(one.words), std::string::npos) << error.detail;
    EXPECT_EQ(error.detail.find("reset the stream"), std::string::npos) << error.detail;
  }
}

TEST_F(H2Endings, SaysOfAResetOfThePeerThatItWasOne) {
  Stream& stream = client_.open(request_of("GET"), End::kNow);
  exchange(client_, server_);
  client_.receive(rst(1, Code::kInternalError), kStart);
  EXPECT_EQ(client_.ending(stream).detail,
            "the origin reset the stream (INTERNAL_ERROR, RFC 9113 §7)");
}

TEST_F(H2Endings, SaysOfAFloodWhatItWas) {
  Stream& stream = client_.open(request_of("GET"), End::kNow);
  exchange(client_, server_);
  for (int n = 0; n < 2000; ++n) client_.receive(ping(), kStart);
  ASSERT_TRUE(stream.closed());
  EXPECT_NE(client_.ending(stream).detail.find("ENHANCE_YOUR_CALM"), std::string::npos);
  EXPECT_EQ(client_.ending(stream).code, base::ErrorCode::kBadResponse);
}

TEST_F(H2Endings, EndsEveryStreamWithTheConnection) {
  open();
  server_.receive(frame(kData, 0, 0, "x"), kStart);
  EXPECT_EQ(verdicts_of(output_of(server_)), "GOAWAY PROTOCOL_ERROR");
  ASSERT_TRUE(server_.failure());
  EXPECT_EQ(server_.failure()->party, base::Party::kClient);
  EXPECT_EQ(server_.next_touched(), served_);
  EXPECT_EQ(served_->closed(), Code::kProtocolError);
  EXPECT_TRUE(server_.over());
}

}  // namespace
}  // namespace http::h2::testing
