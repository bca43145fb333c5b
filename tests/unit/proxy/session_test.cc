// Transcripts: what a client says, what the origin hears and answers, and what the record says.
#include "proxy/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/tcp_pair.h"
#include "tests/unit/proxy/lent_tools.h"
#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy {
namespace {

using base::Millis;
using nlohmann::json;
using policy::allow;
using policy::ip;
using policy::with_addresses;
using policy::with_ports;
using testing::HasSubstr;
using testing::StartsWith;

// Owns the one session of a test.
class Home final : public SessionHome {
 public:
  explicit Home(net::Loop& loop) : loop_(loop) {}
  Session& own(std::unique_ptr<Session> session) override {
    return *(session_ = std::move(session));
  }
  void session_over(Session& session) override {
    EXPECT_EQ(&session, session_.get());
    loop_.defer([this] { session_.reset(); });
  }
  bool over() const { return session_ == nullptr; }
  Session& session() { return *session_; }

 private:
  net::Loop& loop_;
  std::unique_ptr<Session> session_;
};

// A session over a TCP connection whose far end is the test's, and an origin that is the test as
// well.
class SessionTest : public testing::Test {
 protected:
  void begin(config::Timeouts timeouts = {}) {
    config::Config config;
    config.timeouts = timeouts;
    config.policy = policy::policy(
        {with_ports(with_addresses(allow("lab"), {"127.0.0.1/32"}), {listener_.endpoint().port})});
    lent_ = std::make_unique<test::LentTools>(
        config, std::vector<net::dns::Override>{{"origin.test", {ip("127.0.0.1")}}});
    home_ = std::make_unique<Home>(lent_->loop);
    const auto [far, near] = net::tcp_pair();
    client_ = far;
    home_->own(std::make_unique<Session>(
        *home_, lent_->tools, Entry::kPlain, lent_->caller,
        Connection(std::make_unique<net::Socket>(lent_->loop, near, base::Party::kClient))));
    home_->session().start();
  }
  ~SessionTest() override {
    for (const int fd : {client_, origin_}) {
      if (fd >= 0) ::close(fd);
    }
    if (home_ != nullptr && !home_->over()) {
      home_->session().stop({base::ErrorCode::kCancelled, base::Party::kProxy, 0, "the test ends"});
      net::test::run_until(lent_->loop, [&] { return home_->over(); });
    }
  }

  std::string authority() const {
    return "origin.test:" + std::to_string(listener_.endpoint().port);
  }
  // What comes to a descriptor until `end` is in it, or it ends.
  std::string hear(int fd, std::string_view end) {
    std::string heard;
    net::test::run_until(lent_->loop, [&] {
      std::array<char, 4096> buffer;
      const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got > 0) heard.append(buffer.data(), static_cast<size_t>(got));
      return got == 0 || (got < 0 && errno != EAGAIN) || heard.find(end) != std::string::npos;
    });
    return heard;
  }
  void accept() {
    net::test::run_until(lent_->loop, [&] {
      origin_ = listener_.accept_now();
      return origin_ >= 0;
    });
  }
  std::vector<json> records(size_t count) {
    net::test::run_until(lent_->loop, [&] { return lent_->records().size() >= count; });
    return lent_->records();
  }
  void until_over() {
    net::test::run_until(lent_->loop, [&] { return home_->over(); });
  }

  net::test::TestListener listener_;
  std::unique_ptr<test::LentTools> lent_;
  std::unique_ptr<Home> home_;
  int client_ = -1;
  int origin_ = -1;
};

TEST_F(SessionTest, TunnelsAConnectUntilBothSidesHaveEnded) {
  begin();
  net::write_all(client_,
                 "CONNECT " + authority() + " HTTP/1.1\r\nHost: " + authority() + "\r\n\r\nearly");
  EXPECT_THAT(hear(client_, "\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  accept();
  EXPECT_EQ(hear(origin_, "early"), "early");
  net::write_all(origin_, "answer");
  EXPECT_EQ(hear(client_, "answer"), "answer");
  const auto rows = home_->session().rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].stage, Stage::kTunnel);
  EXPECT_EQ(rows[0].target, authority());
  EXPECT_EQ(lent_->metrics.tunnels_open.load(), 1U);
  ::shutdown(client_, SHUT_WR);
  EXPECT_EQ(hear(origin_, "never"), "");
  ::shutdown(origin_, SHUT_WR);
  until_over();
  const auto all = records(1);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["method"], "CONNECT");
  EXPECT_EQ(all[0]["status"], 200);
  EXPECT_EQ(all[0]["rule"], "lab");
  EXPECT_EQ(all[0]["cause"], nullptr);
  EXPECT_EQ(lent_->metrics.tunnels_open.load(), 0U);
  EXPECT_EQ(lent_->metrics.connections_open.load(), 0U);
}

TEST_F(SessionTest, ServesOneRequestAfterTheOtherAndKeepsTheOrigin) {
  begin();
  for (int number = 1; number <= 2; ++number) {
    net::write_all(
        client_, "GET http://" + authority() + "/a HTTP/1.1\r\nHost: " + authority() + "\r\n\r\n");
    if (number == 1) accept();
    EXPECT_THAT(hear(origin_, "\r\n\r\n"), StartsWith("GET /a HTTP/1.1\r\n"));
    net::write_all(origin_, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_THAT(hear(client_, "hi"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  const auto all = records(2);
  EXPECT_EQ(all[1]["exchange"], 2);
  EXPECT_EQ(lent_->metrics.origin_connects.load(), 1U);
  EXPECT_EQ(lent_->metrics.origin_reuses.load(), 1U);
  EXPECT_EQ(lent_->origins.size(), 1U);
}

TEST_F(SessionTest, SaysWhyARequestIsRefusedAndCloses) {
  begin();
  net::write_all(client_, "CONNECT 10.0.0.1:443 HTTP/1.1\r\nHost: 10.0.0.1:443\r\n\r\n");
  const std::string reply = hear(client_, "never");
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 403"));
  const auto all = records(1);
  EXPECT_EQ(all[0]["verdict"], "deny");
  EXPECT_EQ(all[0]["cause"], "address_denied");
  ::close(std::exchange(client_, -1));
  until_over();
}

TEST_F(SessionTest, RecordsAnOriginThatClosesWithoutAWord) {
  begin();
  net::write_all(client_, "POST http://" + authority() + "/ HTTP/1.1\r\nHost: " + authority() +
                              "\r\nContent-Length: 1\r\n\r\nx");
  accept();
  hear(origin_, "x");
  ::close(std::exchange(origin_, -1));
  EXPECT_THAT(hear(client_, "never"), StartsWith("HTTP/1.1 502"));
  const auto all = records(1);
  EXPECT_EQ(all[0]["fault"], "origin");
  EXPECT_EQ(all[0]["status"], 502);
}

TEST_F(SessionTest, RecordsATimeoutOfTheOrigin) {
  config::Timeouts timeouts;
  timeouts.response_head = Millis(30);
  begin(timeouts);
  net::write_all(client_,
                 "GET http://" + authority() + "/ HTTP/1.1\r\nHost: " + authority() + "\r\n\r\n");
  accept();
  EXPECT_THAT(hear(client_, "never"), StartsWith("HTTP/1.1 504"));
  EXPECT_EQ(records(1)[0]["cause"], "origin_timeout");
}

TEST_F(SessionTest, EndsAnIdleConnectionWhenItDrains) {
  begin();
  home_->session().drain();
  until_over();
  EXPECT_TRUE(lent_->records().empty());
}

TEST_F(SessionTest, FinishesTheExchangeWhenItDrains) {
  begin();
  net::write_all(client_,
                 "GET http://" + authority() + "/ HTTP/1.1\r\nHost: " + authority() + "\r\n\r\n");
  accept();
  hear(origin_, "\r\n\r\n");
  home_->session().drain();
  net::write_all(origin_, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_THAT(hear(client_, "never"), HasSubstr("Connection: close"));
  EXPECT_EQ(records(1)[0]["cause"], nullptr);
}

TEST_F(SessionTest, RecordsWhatItIsStoppedIn) {
  begin();
  net::write_all(client_,
                 "GET http://" + authority() + "/ HTTP/1.1\r\nHost: " + authority() + "\r\n\r\n");
  accept();
  hear(origin_, "\r\n\r\n");
  home_->session().stop({base::ErrorCode::kCancelled, base::Party::kProxy, 0, "stopping"});
  until_over();
  const auto all = records(1);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["cause"], "cancelled");
  EXPECT_EQ(all[0]["detail"], "stopping");
}

// What a tunnel keeps beside its relay (docs/benchmarks.md: idle memory).
TEST(Session, IsSmall) { EXPECT_LE(sizeof(Session), 920U); }

}  // namespace
}  // namespace proxy
