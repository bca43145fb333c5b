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
  EXPECT_FALSE(served_->closed_by_us());
  EXPECT_TRUE(asked_->closed_by_us());
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
