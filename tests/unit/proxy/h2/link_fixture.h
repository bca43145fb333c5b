// Our end of a client's HTTP/2 connection over loopback, and the client as a bare state machine
// that the test leads: it reads and writes its socket only in `talk`.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/chunk_pool.h"
#include "net/socket.h"
#include "proxy/h2/client_stream.h"
#include "proxy/h2/link.h"
#include "tests/unit/net/on_loop.h"
#include "tests/unit/net/tcp_pair.h"

namespace proxy::h2::testing {

inline const base::Instant kStart = base::Instant{} + std::chrono::hours(1);
inline const http::Fields kNoFields;
inline constexpr net::Patience kPatient{base::Millis(10'000)};

// Small, so that a test can use it up.
inline constexpr std::uint32_t kConnectionWindow = 128 * 1024;

class LinkTest : public ::testing::Test, private Link::Owner {
 protected:
  LinkTest() {
    const auto [far, near] = net::tcp_pair();
    ::fcntl(far, F_SETFL, O_NONBLOCK);
    far_ = far;
    socket_ = std::make_unique<net::Socket>(loop_, near, base::Party::kClient);
    Link::Owner& self = *this;
    http::h2::Settings settings;
    settings.connection_window = kConnectionWindow;
    link_.emplace(loop_, turns_, *socket_, http::h2::Connection::Role::kServer, settings, self);
    link_->start();
  }
  ~LinkTest() override {
    close();
    link_.reset();
    hang_up();
  }

  // The client writes what it has to say, and reads what has come.
  void talk() {
    const std::string_view octets = client_.output();
    if (!octets.empty()) {
      const ssize_t put = ::send(far_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (put > 0) client_.sent(static_cast<size_t>(put));
    }
    std::array<char, 65536> buffer;
    const ssize_t got = ::recv(far_, buffer.data(), buffer.size(), 0);
    if (got > 0) client_.receive({buffer.data(), static_cast<size_t>(got)}, kStart);
  }
  // Both go on until `condition` holds.
  void run_until(const std::function<bool()>& condition) {
    net::test::run_until(loop_, [&] {
      talk();
      return condition();
    });
  }
  // The same while the client neither reads nor writes.
  void run_alone_until(const std::function<bool()>& condition) {
    net::test::run_until(loop_, condition);
  }
  // Until all that was said has been heard: what the client did last has come to our end.
  void settle() {
    http::h2::Stream& mark = client_.open(request("HEAD"), http::h2::End::kNow);
    run_until([&] { return mark.closed().has_value(); });
    client_.release(mark);
  }

  static http::h2::RequestSection request(std::string_view method) {
    return {method, "https", "a.test", "/x", kNoFields};
  }
  // A request whose stream is at our end, with its response begun.
  void open() {
    asked_ = &client_.open(request("POST"), http::h2::End::kNotYet);
    run_until([&] { return served_ != nullptr && served_->id() == asked_->id(); });
    ASSERT_TRUE(served_->take_request());
    stream_.emplace(account_, *link_, *served_);
    end_ = &stream_->end();
    link_->connection().respond(*served_, 200, kNoFields, http::h2::End::kNotYet);
    link_->kick();
  }
  // Takes and acknowledges what the client has got of the response; how much that was.
  size_t take() {
    size_t octets = 0;
    for (size_t size = 0; (size = asked_->content().size()) > 0; octets += size) {
      client_.consume(*asked_, size);
    }
    return octets;
  }
  // We have no more use for the stream.
  void close() {
    served_ = nullptr;
    end_ = nullptr;
    stream_.reset();
  }
  void hang_up() {
    if (far_ >= 0) ::close(std::exchange(far_, -1));
  }

  net::Loop loop_;
  net::ChunkPool turns_{loop_, 4};
  net::ChunkPool::Claim claim_;
  http::h2::Connection client_{http::h2::Connection::Role::kClient, {}};
  int far_ = -1;
  std::unique_ptr<net::Socket> socket_;
  std::optional<Link> link_;
  http::h2::Stream* asked_ = nullptr;   // the client's end of the stream
  http::h2::Stream* served_ = nullptr;  // ours
  Account account_;
  std::optional<ClientStream> stream_;
  StreamEnd* end_ = nullptr;  // its content
  bool over_ = false;

 private:
  void on_turn() override {}
  void on_stream(http::h2::Stream& stream) override {
    if (stream_ && &stream == &stream_->stream()) return stream_->wake();
    if (stream_ || stream.closed()) return link_->connection().release(stream);
    served_ = &stream;
  }
  void on_link_over() override {
    over_ = true;
    if (stream_) stream_->wake();
  }
};

}  // namespace proxy::h2::testing
