#include "http/h2/connection.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/http/h2/pair.h"

namespace http::h2::testing {
namespace {

using H2Connection = Pair;

TEST_F(H2Connection, CarriesARequestAndItsResponse) {
  open("GET", End::kNow, fields_of({{"x", "y"}}));
  const auto head = served_->take_request();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->target, "https://a.test/x");
  EXPECT_EQ(head->fields.find("x"), "y");
  EXPECT_TRUE(served_->peer_ended());

  server_.respond(*served_, 200, fields_of({{"content-length", "5"}}), End::kNotYet);
  EXPECT_EQ(server_.send_content(*served_, "hello"), 5U);
  server_.end(*served_);
  exchange(client_, server_);
  EXPECT_EQ(client_.next_touched(), asked_);
  const auto answer = asked_->take_response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(asked_->content(), "hello");
  EXPECT_TRUE(asked_->peer_ended());
  EXPECT_EQ(asked_->closed(), Code::kNoError);
  EXPECT_EQ(served_->closed(), Code::kNoError);
}

TEST_F(H2Connection, CarriesContentAndTrailersBothWays) {
  open();
  client_.send_content(*asked_, "up");
  client_.end(*asked_, fields_of({{"checksum", "1"}}));
  server_.respond(*served_, 200, kNone, End::kNotYet);
  server_.send_content(*served_, "down");
  server_.end(*served_, fields_of({{"grpc-status", "0"}}));
  exchange(client_, server_);
  EXPECT_EQ(served_->content(), "up");
  ASSERT_TRUE(served_->peer_ended());
  EXPECT_EQ(served_->trailers()->find("checksum"), "1");
  EXPECT_EQ(asked_->content(), "down");
  ASSERT_TRUE(asked_->peer_ended());
  EXPECT_EQ(asked_->trailers()->find("grpc-status"), "0");
}

// gRPC's answer to a call that fails at once.
TEST_F(H2Connection, CarriesTrailersWithoutContent) {
  open();
  server_.respond(*served_, 200, kNone, End::kNotYet);
  server_.end(*served_, fields_of({{"grpc-status", "12"}}));
  exchange(client_, server_);
  ASSERT_TRUE(asked_->peer_ended());
  EXPECT_EQ(asked_->trailers()->find("grpc-status"), "12");
}

TEST_F(H2Connection, CarriesInterimResponsesInOrder) {
  open();
  server_.inform(*served_, 100, kNone);
  server_.inform(*served_, 103, fields_of({{"link", "</x>"}}));
  server_.respond(*served_, 200, kNone, End::kNow);
  exchange(client_, server_);
  EXPECT_EQ(asked_->take_response()->status, 100);
  EXPECT_EQ(asked_->take_response()->status, 103);
  EXPECT_EQ(asked_->take_response()->status, 200);
  EXPECT_FALSE(asked_->has_head());
}

TEST_F(H2Connection, ResetsAPeerThatOnlyInforms) {
  open();
  for (int n = 0; n < 100; ++n) server_.inform(*served_, 103, kNone);
  exchange(client_, server_);
  EXPECT_EQ(asked_->closed(), Code::kEnhanceYourCalm);
  EXPECT_EQ(served_->closed(), Code::kEnhanceYourCalm);
}

TEST_F(H2Connection, RefusesSwitchingProtocols) {
  open();
  server_.inform(*served_, 101, kNone);
  exchange(client_, server_);
  EXPECT_EQ(asked_->closed(), Code::kProtocolError);
}

TEST_F(H2Connection, OpensNoWindowBeforeContentIsConsumed) {
  open();
  size_t sent = 0;
  const std::string piece(10000, 'x');
  for (int n = 0; n < 100; ++n) {
    sent += client_.send_content(*asked_, piece);
    exchange(client_, server_);
  }
  const Settings settings;
  EXPECT_EQ(served_->waiting(), settings.stream_window);
  EXPECT_EQ(sent, settings.stream_window + settings.pending_bytes);
  EXPECT_EQ(client_.room(*asked_), 0U);
  EXPECT_TRUE(client_.held_by_peer(*asked_));

  while (client_.next_touched() != nullptr) {
  }
  while (served_->waiting() > 0) server_.consume(*served_, served_->content().size());
  exchange(client_, server_);
  EXPECT_EQ(served_->waiting(), settings.pending_bytes);
  EXPECT_EQ(client_.next_touched(), asked_) << "there is room again";
  EXPECT_FALSE(client_.held_by_peer(*asked_));
}

// A sender that is as fast as its receiver is stopped by round trips alone, so by large windows
// less.
TEST_F(H2Connection, WidensAStreamThatIsConsumedAsFastAsItComes) {
  open();
  const auto in_one_go = [&] {
    size_t arrived = 0;
    const std::string piece(10000, 'x');
    for (int n = 0; n < 400; ++n) {
      client_.send_content(*asked_, piece);
      client_.output();
      server_.receive(output_of(client_), kStart);
    }
    arrived = served_->waiting();
    while (served_->waiting() > 0) server_.consume(*served_, served_->content().size());
    exchange(client_, server_);
    return arrived;
  };
  const Settings settings;
  EXPECT_EQ(in_one_go(), settings.stream_window);
  size_t before = settings.stream_window;
  for (int n = 0; n < 4; ++n) {
    // What was consumed is given back once it is half the window, so that some of it is still out.
    const size_t arrived = in_one_go();
    EXPECT_GT(arrived, before);
    EXPECT_LE(arrived, settings.stream_window << (n + 1));
    before = arrived;
  }
  for (int n = 0; n < 9; ++n) EXPECT_LE(in_one_go(), settings.most_stream_window);
  EXPECT_GE(in_one_go(), settings.most_stream_window / 2);
}

TEST_F(H2Connection, DoesNotWidenAStreamThatIsConsumedSlowly) {
  open();
  const std::string piece(10000, 'x');
  for (int n = 0; n < 400; ++n) {
    client_.send_content(*asked_, piece);
    exchange(client_, server_);
    if (served_->waiting() > 20000) server_.consume(*served_, 5000);
  }
  for (int n = 0; n < 20; ++n) {
    client_.send_content(*asked_, piece);
    exchange(client_, server_);
  }
  EXPECT_GT(served_->waiting(), Settings{}.stream_window / 2);
  EXPECT_LE(served_->waiting(), Settings{}.stream_window);
}

// A receiver waits with them in its hands.
TEST_F(H2Connection, ContentStaysWhereItIsUntilItIsConsumed) {
  open();
  client_.send_content(*asked_, "first");
  exchange(client_, server_);
  const std::string_view first = served_->content();
  std::string all;
  for (int n = 0; n < 2000; ++n) {
    all += "more";
    client_.send_content(*asked_, "more");
    exchange(client_, server_);
  }
  EXPECT_TRUE(first == "first");
  std::string got;
  server_.consume(*served_, first.size());
  while (served_->waiting() > 0) {
    got += served_->content();
    server_.consume(*served_, served_->content().size());
  }
  EXPECT_TRUE(got == all);
}

TEST_F(H2Connection, StreamsThatNobodyReadsDoNotStopTheOthers) {
  const std::string piece(10000, 'x');
  for (std::uint32_t n = 1; n < Settings{}.max_streams; ++n) {
    open();
    EXPECT_TRUE(served_->take_request());
    for (int sent = 0; sent < 20; ++sent) {
      client_.send_content(*asked_, piece);
      exchange(client_, server_);
    }
    EXPECT_EQ(served_->waiting(), Settings{}.stream_window) << n;
  }
  open();
  client_.send_content(*asked_, "through");
  exchange(client_, server_);
  EXPECT_TRUE(served_->content() == "through");
}

Settings narrow() {
  Settings settings;
  settings.connection_window = 128 * 1024;
  return settings;
}

class Narrow : public Pair {
 protected:
  Narrow() : Pair(Settings{}, narrow()) {}
};

// Unread content of streams, and of those that are gone, must not use up the connection's window.
TEST_F(Narrow, GivesTheConnectionsWindowBackOnReceipt) {
  const std::string piece(20000, 'x');
  for (int n = 0; n < 100; ++n) {
    open();
    client_.send_content(*asked_, piece);
    exchange(client_, server_);
    EXPECT_EQ(served_->waiting(), piece.size()) << n;
    server_.release(*served_);
    exchange(client_, server_);
    EXPECT_EQ(asked_->closed(), Code::kCancel);
    client_.release(*asked_);
  }
}

TEST_F(H2Connection, HoldsABoundedNumberOfOctetsForTheSocket) {
  const std::string piece(32 * 1024, 'x');
  for (int n = 0; n < 50; ++n) client_.open(request_of("GET"), End::kNow);
  exchange(client_, server_);
  while (Stream* stream = server_.next_touched()) {
    server_.respond(*stream, 200, kNone, End::kNotYet);
    server_.send_content(*stream, piece);
  }
  const Settings settings;
  const size_t size = server_.output().size();
  EXPECT_GE(size, settings.output_bytes);
  EXPECT_LT(size, settings.output_bytes + 20000) << "one frame more than the bound at most";
  EXPECT_EQ(server_.output().size(), size);
}

TEST_F(H2Connection, StreamsTakeTurns) {
  open("GET", End::kNow);
  Stream* first = served_;
  open("GET", End::kNow);
  Stream* second = served_;
  for (Stream* stream : {first, second}) {
    server_.respond(*stream, 200, kNone, End::kNotYet);
    server_.send_content(*stream, std::string(32 * 1024, 'x'));
  }
  std::string order;
  for (const Frame& one : frames_of(output_of(server_))) {
    if (one.type == kData) order += std::to_string(one.stream);
  }
  EXPECT_EQ(order.substr(0, 4), "1313");
}

TEST_F(H2Connection, HoldsNoBufferWhileIdle) {
  open("GET", End::kNow);
  server_.respond(*served_, 200, kNone, End::kNow);
  exchange(client_, server_);
  server_.release(*served_);
  client_.release(*asked_);
  EXPECT_EQ(server_.streams(), 0U);
  EXPECT_TRUE(server_.output().empty());
  EXPECT_FALSE(server_.over());
}

// Credentials are never put into the compression tables (RFC 7541 §7.1.3): sent twice, they are as
// long the second time.
TEST_F(H2Connection, KeepsCredentialsOutOfTheCompressionTables) {
  const auto size_of = [&](std::string_view name) {
    size_t size = 0;
    for (int n = 0; n < 2; ++n) {
      const Fields fields = fields_of({{name, "Bearer 0123456789-0123456789-0123456789"}});
      client_.open(request_of("GET", fields), End::kNow);
      size = output_of(client_).size();
    }
    return size;
  };
  EXPECT_GT(size_of("authorization"), size_of("x-harmless") + 20);
}

}  // namespace
}  // namespace http::h2::testing
