#include "http1/small_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "base/fd.h"

namespace http1 {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Says what it was asked.
class Echo final : public Site {
 public:
  std::optional<http::Reply> at_once(const Request& request) override {
    if (request.path == "/now") return make_reply(200, "now", "text/plain");
    return std::nullopt;
  }
  http::Reply answer(const Request& request) override {
    if (request.path == "/wait") may_answer.wait();
    if (request.path == "/throw") throw std::bad_alloc();
    return make_reply(200, request.head.method + request.path + request.content, "text/plain");
  }
  http::Reply refuse(int status, std::string_view sentence) override {
    return make_reply(status, std::string(sentence), "text/plain");
  }
  void on_connections(std::size_t open) override { connections = open; }

  std::atomic<std::size_t> connections = 0;
  std::latch may_answer{1};
};

struct Running {
  Echo site;
  std::unique_ptr<SmallServer> server;

  explicit Running(ServerOptions options = {}) {
    options.listen = {base::IpAddress::parse("127.0.0.1").value(), 0};
    if (options.max_content == 0) options.max_content = 100;
    options.held_content = 10'000;
    server = SmallServer::start(options, site).value();
  }
};

// A connection from an address of loopback; reads give up after 10 s.
base::Fd connect_from(const char* address, const Running& running) {
  base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{10, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  ::inet_pton(AF_INET, address, &from.sin_addr);
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from), 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(running.server->endpoint().port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0) << errno;
  return fd;
}

void say(const base::Fd& client, std::string_view text) {
  ASSERT_EQ(::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

std::string read_all(const base::Fd& client) {
  std::string all;
  char chunk[4096];
  for (ssize_t got = 0; (got = ::recv(client.get(), chunk, sizeof chunk, 0)) > 0;) {
    all.append(chunk, static_cast<size_t>(got));
  }
  return all;
}

std::string ask(const Running& running, std::string_view text, std::size_t step = 0) {
  const base::Fd client = connect_from("127.0.0.1", running);
  if (step == 0) step = text.size();
  for (std::size_t at = 0; at < text.size(); at += step) say(client, text.substr(at, step));
  return read_all(client);
}

TEST(SmallServer, AnswersTheSameWholeAndOctetByOctet) {
  const Running running;
  for (const char* text :
       {"GET /a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
        "POST /p HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
        "POST /p HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "GET http://x/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"}) {
    const std::string whole = ask(running, text);
    const bool posted = text[0] == 'P';
    EXPECT_THAT(whole, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(whole, EndsWith(posted ? "\r\n\r\nPOST/phello" : "\r\n\r\nGET/a"));
    const std::string piecemeal = ask(running, text, 1);
    EXPECT_THAT(piecemeal, EndsWith(whole.substr(whole.find("\r\n\r\n"))));
  }
}

TEST(SmallServer, AnswersRequestsOfOneConnectionInOrder) {
  const Running running;
  const std::string answers =
      ask(running,
          "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /now HTTP/1.1\r\nHost: x"
          "\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::size_t first = answers.find("GET/1");
  const std::size_t second = answers.find("\r\n\r\nnow", first);
  EXPECT_NE(answers.find("GET/2", second), std::string::npos) << answers;
}

TEST(SmallServer, ReadsNothingBehindARequestThatItRefuses) {
  const Running running;
  for (const char* refused :
       {"GET\r\n\r\n", "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /throw HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        // Answered at once, so that its content is not read.
        "POST /now HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n"}) {
    const std::string answer =
        ask(running, std::string(refused) + "GET /secret HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n")) << refused;
    EXPECT_THAT(answer, testing::Not(HasSubstr("/secret"))) << refused;
  }
}

TEST(SmallServer, SaysContinueToWhoWaitsForIt) {
  const Running running;
  const base::Fd client = connect_from("127.0.0.1", running);
  say(client,
      "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n"
      "Content-Length: 2\r\n\r\n");
  char interim[25];
  ASSERT_EQ(::recv(client.get(), interim, sizeof interim, MSG_WAITALL), 25);
  EXPECT_EQ(std::string(interim, 25), "HTTP/1.1 100 Continue\r\n\r\n");
  say(client, "ok");
  EXPECT_THAT(read_all(client), EndsWith("POST/pok"));
}

TEST(SmallServer, GivesUpARequestThatDoesNotArrive) {
  ServerOptions options;
  options.request = std::chrono::milliseconds(50);
  const Running running(options);
  EXPECT_THAT(ask(running, "GET /a HTTP"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(ask(running, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"),
              StartsWith("HTTP/1.1 408 "));
}

TEST(SmallServer, SaysThatItIsBusyWhenAnAnswerTakesTooLong) {
  ServerOptions options;
  options.request = std::chrono::milliseconds(50);
  Running running(options);
  EXPECT_THAT(ask(running, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(ask(running, "GET /now HTTP/1.0\r\n\r\n"), EndsWith("now"));
  running.site.may_answer.count_down();
}

TEST(SmallServer, ServesEverybodyBesideAClientThatTakesAllConnections) {
  ServerOptions options;
  options.connections = 20;
  const Running running(options);
  std::vector<base::Fd> greedy;
  for (int i = 0; i < 60; ++i) {
    greedy.push_back(connect_from("127.0.0.2", running));
    if (i % 2 == 0) say(greedy.back(), "GET /half");
  }
  const base::Fd polite = connect_from("127.0.0.3", running);
  for (int i = 0; i < 30; ++i) {
    say(polite, "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
    char start[9];
    ASSERT_EQ(::recv(polite.get(), start, sizeof start, 0), 9);
    ASSERT_EQ(std::string(start, 9), "HTTP/1.1 ");
    char rest[512];
    ASSERT_GT(::recv(polite.get(), rest, sizeof rest, 0), 0);
    greedy.push_back(connect_from("127.0.0.2", running));
  }
  EXPECT_LE(running.site.connections, 20U);
}

TEST(SmallServer, FinishesWhatHasBegunBeforeItsEnd) {
  ServerOptions options;
  options.grace = std::chrono::seconds(10);
  auto running = std::make_unique<Running>(options);
  const base::Fd idle = connect_from("127.0.0.1", *running);
  base::Fd begun = connect_from("127.0.0.1", *running);
  say(begun, "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  char interim[25];
  ASSERT_EQ(::recv(begun.get(), interim, sizeof interim, MSG_WAITALL), 25);
  say(begun, "ha");
  std::thread ending([&] { running->server.reset(); });
  EXPECT_EQ(read_all(idle), "");
  say(begun, "lf");
  EXPECT_THAT(read_all(begun), EndsWith("POST/phalf"));
  begun = base::Fd();
  ending.join();
}

TEST(SmallServer, EndsPromptlyWithoutGrace) {
  for (int round = 0; round < 10; ++round) {
    auto running = std::make_unique<Running>();
    const base::Fd begun = connect_from("127.0.0.1", *running);
    say(begun, "GET /ha");
    const base::Instant start = base::steady_now();
    running.reset();
    EXPECT_LT(base::steady_now() - start, std::chrono::seconds(2));
  }
}

}  // namespace
}  // namespace http1
