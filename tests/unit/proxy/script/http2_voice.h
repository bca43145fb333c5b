// HTTP/2 on one connection, a stream at a time: the house's own state machine at the test's end
// (tests/unit/http/h2 tests it against nghttp2).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "http/h2/connection.h"
#include "tests/unit/proxy/script/voice.h"

namespace proxy::script {

class Http2Voice final : public Voice {
 public:
  Http2Voice(bool client, std::unique_ptr<net::Stream> wire);
  ~Http2Voice() override;

  void pump() override;
  void ask(const Request& request, const Body& body) override;
  void inform(int status) override;
  void answer(int status, const Body& body) override;
  void say(std::string_view octets) override;
  void finish() override;
  void reset() override;
  std::optional<Message> hear() override;
  void next() override;
  bool ended() const override { return ended_; }
  std::unique_ptr<net::Stream> release() override;

 private:
  friend class StreamWire;  // what a tunnel's ends see of this
  struct Heard {
    Message message;
    http::h2::StreamId id;
  };
  void look_at(http::h2::Stream& stream);
  void drop(http::h2::Stream& stream);
  void send(const Body& body);

  const bool client_;
  std::unique_ptr<net::Stream> wire_;
  http::h2::Connection connection_;
  http::h2::Stream* current_ = nullptr;  // on which we speak
  std::string out_;                      // for it
  enum class Saying : unsigned char { kNothing, kBody, kAll, kEnded } saying_ = Saying::kNothing;
  size_t left_ = 0;  // of a body whose length was told
  bool counted_ = false;
  bool tunnel_ = false;  // it was asked for
  bool opened_ = false;  // its octets are StreamWire's
  std::deque<Heard> heard_;
  bool ended_ = false;
};

}  // namespace proxy::script
