#include "proxy/h2/stream_end.h"

#include "tests/unit/proxy/h2/link_fixture.h"

namespace proxy::h2 {
namespace {

using base::ErrorCode;
using http::h2::Code;
using testing::kNoFields;
using testing::kPatient;
using testing::LinkTest;
using State = Source::Content::State;

class StreamEndTest : public LinkTest {
 protected:
  void SetUp() override { open(); }

  // The client sends `octets`, as far as windows and buffers let it; how many went.
  size_t offer(size_t octets) {
    const size_t took = client_.send_content(*asked_, std::string(octets, 'x'));
    settle();
    return took;
  }
  // What the task that waits on our end comes to.
  base::Result<void> result_of(net::Task<base::Result<void>> task) {
    run_until([&] { return task.done(); });
    return task.take();
  }
};

TEST_F(StreamEndTest, OpensTheWindowByWhatWasConsumed) {
  const size_t window = http::h2::Settings{}.stream_window;
  size_t sent = 0;
  run_until([&] {
    sent += client_.send_content(*asked_, std::string(32 * 1024, 'x'));
    return client_.held_by_peer(*asked_);
  });
  settle();
  EXPECT_EQ(served_->waiting(), window) << "all of it is there, and no more";
  const auto content = end_->look();
  ASSERT_TRUE(content);
  const size_t looked_at = content->octets.size();
  EXPECT_GT(looked_at, 0U);
  settle();
  EXPECT_EQ(served_->waiting(), window) << "looking is not consuming";
  while (served_->waiting() > 0) {
    ASSERT_TRUE(end_->look());
    end_->consume();
  }
  EXPECT_EQ(end_->take_received(), window);
  EXPECT_EQ(end_->take_received(), 0U);
  run_until([&] { return served_->waiting() == sent - window; });
}

TEST_F(StreamEndTest, ConsumesWhatWasLookedAtThoughMoreHasCome) {
  EXPECT_EQ(offer(1), 1U);
  EXPECT_EQ(end_->look()->octets, "x");
  EXPECT_EQ(offer(2), 2U);
  end_->consume();
  EXPECT_EQ(end_->look()->octets, "xx");
}

TEST_F(StreamEndTest, GivesWhatCameBeforeAResetAndThenFails) {
  offer(3);
  client_.reset(*asked_, Code::kCancel);
  settle();
  EXPECT_EQ(end_->look()->octets, "xxx");
  end_->consume();
  const auto after = end_->look();
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().code, ErrorCode::kClientClosed);
  EXPECT_NE(after.error().detail.find("CANCEL"), std::string::npos) << after.error().detail;
}

TEST_F(StreamEndTest, AnEndThatCameBeforeTheConnectionBrokeIsAnEnd) {
  offer(3);
  client_.end(*asked_);
  settle();
  hang_up();
  run_alone_until([&] { return over_; });
  EXPECT_EQ(end_->look()->octets, "xxx");
  end_->consume();
  EXPECT_EQ(end_->look()->state, State::kEnded);
}

TEST_F(StreamEndTest, AWaitForContentEndsWithItsResetOrConnectionOrLimit) {
  auto waiting = end_->wait(kPatient);
  waiting.start();
  EXPECT_FALSE(waiting.done());
  offer(1);
  EXPECT_TRUE(waiting.done());
  EXPECT_EQ(end_->look()->octets, "x");
  end_->consume();

  auto impatient = end_->wait({base::Millis(5)});
  impatient.start();
  const auto late = result_of(std::move(impatient));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kIdleTimeout);
  EXPECT_EQ(late.error().party, base::Party::kClient);

  auto last = end_->wait(kPatient);
  last.start();
  hang_up();
  run_alone_until([&] { return last.done(); });
  EXPECT_FALSE(end_->look());
}

TEST_F(StreamEndTest, SendsAsTheClientTakes) {
  const std::string content(300 * 1024, 'x');  // more than the window
  auto sending = end_->send(content, kPatient);
  sending.start();
  run_until([&] { return link_->connection().held_by_peer(*served_); });
  EXPECT_FALSE(sending.done());
  size_t got = 0;
  run_until([&] {
    got += take();
    return got == content.size();
  });
  EXPECT_TRUE(sending.done());
  EXPECT_EQ(end_->take_sent(), content.size());
}

TEST_F(StreamEndTest, GivesUpOnAClientThatTakesNothing) {
  const std::string content(300 * 1024, 'x');
  auto sending = end_->send(content, {base::Millis(50)});
  sending.start();
  const auto sent = result_of(std::move(sending));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kIdleTimeout);
  EXPECT_NE(sent.error().detail.find("did not take"), std::string::npos) << sent.error().detail;
}

TEST_F(StreamEndTest, AResetEndsASendThatWaits) {
  const std::string content(300 * 1024, 'x');
  auto sending = end_->send(content, kPatient);
  sending.start();
  run_until([&] { return link_->connection().held_by_peer(*served_); });
  client_.reset(*asked_, Code::kCancel);
  const auto sent = result_of(std::move(sending));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kClientClosed);
}

TEST_F(StreamEndTest, AResetEndsAnEndThatWaits) {
  const std::string content(32 * 1024, 'x');
  run_until([&] {
    link_->connection().send_content(*served_, content);
    link_->kick();
    return link_->connection().held_by_peer(*served_);
  });
  auto ending = end_->end(kNoFields, kPatient);
  ending.start();
  settle();
  EXPECT_FALSE(ending.done()) << "the end is behind content that waits";
  client_.reset(*asked_, Code::kCancel);
  EXPECT_FALSE(result_of(std::move(ending)));
}

TEST_F(StreamEndTest, NothingIsSentOnceTheLinkIsOver) {
  hang_up();
  run_alone_until([&] { return over_; });
  auto sending = end_->send("x", kPatient);
  sending.start();
  ASSERT_TRUE(sending.done());
  EXPECT_EQ(sending.take().error().code, ErrorCode::kClientClosed);
}

TEST_F(StreamEndTest, GoingResetsTheStreamAndGivesItsContentBack) {
  const size_t window = testing::kConnectionWindow;
  size_t sent = 0;
  // Streams that nobody reads, one after the other: more than the connection's window in all.
  for (int n = 0; n < 10; ++n) {
    run_until([&] {
      sent += client_.send_content(*asked_, std::string(32 * 1024, 'x'));
      return client_.held_by_peer(*asked_);
    });
    close();
    run_until([&] { return asked_->closed().has_value(); });
    EXPECT_EQ(asked_->closed(), Code::kCancel);
    client_.release(*asked_);
    open();
  }
  EXPECT_GT(sent, window);
  EXPECT_GT(offer(1), 0U);
  EXPECT_EQ(end_->look()->octets, "x");
}

TEST_F(StreamEndTest, MayGoWithAWaitUnderWay) {
  auto waiting = end_->wait(kPatient);
  waiting.start();
  const std::string content(300 * 1024, 'x');
  auto sending = end_->send(content, kPatient);
  sending.start();
  waiting.cancel();
  sending.cancel();
  close();
  run_until([&] { return asked_->closed().has_value(); });
  EXPECT_EQ(asked_->closed(), Code::kCancel);
}

}  // namespace
}  // namespace proxy::h2
