#include "proxy/h2/link.h"

#include "tests/unit/proxy/h2/link_fixture.h"

namespace proxy::h2 {
namespace {

using base::ErrorCode;
using testing::LinkTest;

TEST_F(LinkTest, IsOverWhenTheClientHangsUp) {
  open();
  hang_up();
  run_alone_until([&] { return over_; });
  EXPECT_EQ(link_->error().code, ErrorCode::kClientClosed);
  EXPECT_EQ(end_->broken()->code, ErrorCode::kClientClosed);
}

TEST_F(LinkTest, NamesAReset) {
  open();
  net::reset(std::exchange(far_, -1));
  run_alone_until([&] { return over_; });
  EXPECT_EQ(link_->error().code, ErrorCode::kClientClosed);
  EXPECT_EQ(link_->error().cause, ECONNRESET);
}

TEST_F(LinkTest, TellsAClientThatBreaksTheProtocolBeforeItIsOver) {
  open();
  // DATA on a stream that only a server could have opened.
  const std::string bad("\0\0\0\0\1\0\0\0\2", 9);
  ASSERT_EQ(::send(far_, bad.data(), bad.size(), 0), 9);
  run_until([&] { return over_ && client_.peer_leaves(); });
  EXPECT_EQ(link_->error().code, ErrorCode::kBadRequest);
  EXPECT_EQ(end_->broken()->code, ErrorCode::kBadRequest) << "what it did, not that it left";
}

TEST_F(LinkTest, IsOverOnceItHasSaidGoodbye) {
  open();
  link_->connection().terminate(http::h2::Code::kNoError);
  link_->kick();
  run_until([&] { return over_; });
  EXPECT_TRUE(client_.peer_leaves());
}

TEST_F(LinkTest, TakesContentAsFramesGoOut) {
  open();
  std::string left(48 * 1024, 'x');
  left.erase(0, link_->connection().send_content(*served_, left));
  EXPECT_EQ(left.size(), 16 * 1024U) << "settings.pending_bytes";
  link_->kick();
  run_alone_until([&] { return link_->connection().room(*served_) > 0; });
  left.erase(0, link_->connection().send_content(*served_, left));
  EXPECT_TRUE(left.empty());
  link_->connection().end(*served_);
  link_->kick();
  size_t got = 0;
  run_until([&] { return (got += take()) == 48 * 1024U && asked_->peer_ended(); });
  EXPECT_FALSE(over_);
}

TEST_F(LinkTest, MayGoWhileATurnIsComing) {
  open();
  close();  // asks for one
  link_.reset();
  net::test::run_for(loop_, base::Millis(5));
  EXPECT_EQ(client_.streams(), 1U);
}

}  // namespace
}  // namespace proxy::h2
