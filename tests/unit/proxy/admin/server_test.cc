#include "proxy/admin/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"

namespace proxy::admin {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

base::Endpoint any_port(std::string_view address) {
  return {base::IpAddress::parse(address).value(), 0};
}

struct Running {
  std::atomic<bool> ready = true;
  std::unique_ptr<Server> server;

  static std::string metrics_page() { return "metrics 1\n"; }
  explicit Running(std::string token = "", std::string_view address = "127.0.0.1",
                   std::function<std::string()> metrics = metrics_page) {
    Sources sources;
    sources.ready = [this] { return ready.load(); };
    sources.running = [] { return std::string("a configuration"); };
    sources.metrics = std::move(metrics);
    sources.sessions = [] { return std::string("[]"); };
    sources.misroutes = sources.inspection = [] { return std::string("{}"); };
    auto started = Server::start(any_port(address), std::move(token), std::move(sources));
    if (started) server = std::move(started).value();
  }
};

// A connection to loopback; reads and writes give up after 10 s.
int connect_to(const base::Endpoint& endpoint) {
  const bool v4 = endpoint.address.is_v4();
  const int fd = ::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_in to4{};
  to4.sin_family = AF_INET;
  to4.sin_port = htons(endpoint.port);
  to4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 to6{};
  to6.sin6_family = AF_INET6;
  to6.sin6_port = htons(endpoint.port);
  to6.sin6_addr = in6addr_loopback;
  const auto* to =
      v4 ? reinterpret_cast<const sockaddr*>(&to4) : reinterpret_cast<const sockaddr*>(&to6);
  EXPECT_EQ(::connect(fd, to, v4 ? sizeof(to4) : sizeof(to6)), 0) << errno;
  return fd;
}

std::string read_all(int fd) {
  std::string all;
  char chunk[4096];
  for (ssize_t got = 0; (got = ::recv(fd, chunk, sizeof(chunk), 0)) > 0;) {
    all.append(chunk, static_cast<size_t>(got));
  }
  return all;
}

enum class Pace { kWhole, kOctets };

std::string converse(const Running& running, const std::string& request, Pace pace = Pace::kWhole) {
  const base::Fd client(connect_to(running.server->endpoint()));
  const size_t step = pace == Pace::kWhole ? request.size() : 1;
  for (size_t at = 0; at < request.size(); at += step) {
    if (::send(client.get(), request.data() + at, step, MSG_NOSIGNAL) < 0) break;
  }
  return read_all(client.get());
}

std::string get(const Running& running, const std::string& path, const std::string& fields = "") {
  return converse(running, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + fields + "\r\n");
}

TEST(AdminServer, AnswersItsPages) {
  const Running running;
  ASSERT_TRUE(running.server);
  EXPECT_NE(running.server->endpoint().port, 0);
  const std::string health = get(running, "/healthz");
  EXPECT_THAT(health, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(health, EndsWith("\r\n\r\nok\n"));
  EXPECT_THAT(get(running, "/"), HasSubstr("/metrics"));
  EXPECT_THAT(get(running, "/metrics"), EndsWith("\r\n\r\nmetrics 1\n"));
  EXPECT_THAT(get(running, "/metrics"), HasSubstr("text/plain; version=0.0.4; charset=utf-8"));
  EXPECT_THAT(get(running, "/sessions"), HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(get(running, "/misroutes"), HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(get(running, "/inspection"), HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(get(running, "/other"), StartsWith("HTTP/1.1 404 "));
}

TEST(AdminServer, AnswersTheSameOctetByOctet) {
  const Running running;
  const std::string request = "GET /metrics HTTP/1.1\r\nHost: localhost:3129\r\n\r\n";
  EXPECT_EQ(converse(running, request, Pace::kOctets), converse(running, request));
}

TEST(AdminServer, TellsReadinessAsItIs) {
  Running running;
  EXPECT_THAT(get(running, "/readyz"), StartsWith("HTTP/1.1 200 "));
  running.ready = false;
  EXPECT_THAT(get(running, "/readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(AdminServer, AnswersHeadWithoutBody) {
  const Running running;
  const std::string answer = converse(running, "HEAD /healthz HTTP/1.1\r\nHost: [::1]:1\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(AdminServer, RefusesOtherMethods) {
  const Running running;
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH"}) {
    const std::string answer = converse(running, std::string(method) +
                                                     " /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                                     "Content-Length: 5\r\n\r\nhello");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 405 ")) << method;
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n")) << method;
  }
}

TEST(AdminServer, RefusesHostsThatArePublicNames) {
  const Running running;
  const auto status = [&](const std::string& field) {
    return converse(running, "GET /healthz HTTP/1.1\r\n" + field + "\r\n").substr(9, 3);
  };
  for (const char* host : {"127.0.0.1", "127.0.0.1:3129", "10.0.0.4", "[::1]", "[::1]:3129",
                           "localhost", "LOCALHOST:3129"}) {
    EXPECT_EQ(status("Host: " + std::string(host) + "\r\n"), "200") << host;
  }
  for (const char* host : {"evil.example", "evil.example:3129", "localhost.evil.example",
                           "127.0.0.1.evil.example", "localhost:x", "[::1", "0x7f.1"}) {
    EXPECT_EQ(status("Host: " + std::string(host) + "\r\n"), "400") << host;
  }
  EXPECT_EQ(status(""), "400");
  EXPECT_EQ(status("Host: 127.0.0.1\r\nHost: evil.example\r\n"), "400");
  EXPECT_EQ(converse(running, "GET /healthz HTTP/1.0\r\n\r\n").substr(9, 3), "200");
}

TEST(AdminServer, WantsTheTokenWhereOneIsSet) {
  const Running running("s3cret-of-16-octets");
  for (const char* path : {"/", "/metrics", "/sessions", "/misroutes", "/inspection", "/other"}) {
    for (const char* field :
         {"", "Authorization: Bearer wrong\r\n", "Authorization: Bearer \r\n",
          "Authorization: Basic s3cret-of-16-octets\r\n", "Authorization: B\r\n",
          "Authorization: Bearer s3cret-of-16-octetsX\r\n",
          "Authorization: Bearer s3cret-of-16-octet\r\n"}) {
      const std::string answer = get(running, path, field);
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 401 ")) << path << " " << field;
      EXPECT_THAT(answer, HasSubstr("WWW-Authenticate: Bearer\r\n"));
      EXPECT_THAT(answer, Not(HasSubstr("metrics 1")));
    }
  }
  EXPECT_THAT(get(running, "/metrics", "Authorization: Bearer s3cret-of-16-octets\r\n"),
              EndsWith("metrics 1\n"));
  EXPECT_THAT(get(running, "/metrics", "authorization: bearer s3cret-of-16-octets\r\n"),
              EndsWith("metrics 1\n"));
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(get(running, "/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST(AdminServer, IgnoresRanges) {
  const Running running;
  std::string ranges = "Range: bytes=0-0";
  while (ranges.size() < 7'000) ranges += ",0-0";
  const std::string answer = get(running, "/metrics", ranges + "\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer, EndsWith("metrics 1\n"));
}

TEST(AdminServer, BoundsTheHead) {
  const Running running;
  const std::string endless(200'000, 'a');
  EXPECT_THAT(get(running, "/" + endless), Not(HasSubstr("200 OK")));
  EXPECT_THAT(get(running, "/metrics", "X: " + endless + "\r\n"), Not(HasSubstr("metrics 1")));
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "a: b\r\n";
  EXPECT_THAT(get(running, "/metrics", many), Not(HasSubstr("metrics 1")));
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(AdminServer, SurvivesRubbishAndAbortedConnections) {
  const Running running;
  constexpr const char* kHugeRange =
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=99999999999999999999-1\r\n\r\n";
  for (const char* rubbish :
       {"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01",
        "GET /%zz%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=x\r\n\r\n", kHugeRange}) {
    const base::Fd client(connect_to(running.server->endpoint()));
    ASSERT_GE(::send(client.get(), rubbish, std::strlen(rubbish), MSG_NOSIGNAL), 0);
    ::shutdown(client.get(), SHUT_WR);
    (void)read_all(client.get());
  }
  for (int i = 0; i < 50; ++i) {
    const base::Fd client(connect_to(running.server->endpoint()));
    const linger reset{1, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  }
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(AdminServer, ServesDescriptorsBeyondSelect) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < 1'200) GTEST_SKIP() << "the descriptor limit is " << limit.rlim_cur;
  const Running running;
  std::vector<base::Fd> fillers;
  for (int fd = 0; fd < 1'100;) {
    fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ASSERT_GE(fd, 0);
    fillers.emplace_back(fd);
  }
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(AdminServer, AnswersProbesBesideManyWhoSayNothing) {
  const Running running("s3cret-of-16-octets");
  std::vector<base::Fd> silent;
  for (int i = 0; i < 40; ++i) {
    silent.emplace_back(connect_to(running.server->endpoint()));
    // Half of them begin a request.
    const std::string_view begin = i % 2 == 0 ? "GET /h" : "";
    ASSERT_GE(::send(silent.back().get(), begin.data(), begin.size(), MSG_NOSIGNAL), 0);
  }
  const auto start = base::steady_now();
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_LT(base::steady_now() - start, std::chrono::seconds(2));  // not after their deadline
}

TEST(AdminServer, AnswersProbesWhileAPageTakesLong) {
  std::atomic<bool> go = false;
  const Running running("", "127.0.0.1", [&go] {
    while (!go) ::usleep(1000);
    return std::string("late 1\n");
  });
  std::vector<base::Fd> slow;
  const std::string_view ask = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  while (slow.size() < 8) {
    slow.emplace_back(connect_to(running.server->endpoint()));
    ASSERT_GT(::send(slow.back().get(), ask.data(), ask.size(), MSG_NOSIGNAL), 0);
  }
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
  go = true;
  for (const base::Fd& client : slow) EXPECT_THAT(read_all(client.get()), HasSubstr("late 1"));
}

TEST(AdminServer, ListensOnIpv6) {
  const Running running("", "::1");
  EXPECT_THAT(get(running, "/healthz"), StartsWith("HTTP/1.1 200 "));
}

TEST(AdminServer, NamesTheEndpointThatCannotBeBound) {
  const Running running;
  const base::Endpoint taken = running.server->endpoint();
  const auto second = Server::start(taken, "", {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::kIo);
  EXPECT_EQ(second.error().party, base::Party::kProxy);
  EXPECT_EQ(second.error().cause, EADDRINUSE);
  EXPECT_EQ(second.error().detail, "the admin endpoint (admin.listen): cannot listen on " +
                                       taken.to_string() +
                                       " (EADDRINUSE); another process listens there; stop it or "
                                       "choose another port");
}

TEST(AdminServer, StopsPromptlyWhileClientsSayNothing) {
  for (int round = 0; round < 20; ++round) {
    auto running = std::make_unique<Running>();
    EXPECT_THAT(get(*running, "/healthz"), StartsWith("HTTP/1.1 200 "));
    const base::Fd slow(connect_to(running->server->endpoint()));
    const base::Fd silent(connect_to(running->server->endpoint()));
    ASSERT_EQ(::send(slow.get(), "GET /h", 6, MSG_NOSIGNAL), 6);
    const auto start = base::steady_now();
    running.reset();
    EXPECT_LT(base::steady_now() - start, std::chrono::seconds(1));
  }
}

}  // namespace
}  // namespace proxy::admin
