// What a test says and hears on one connection, as messages, whichever version of HTTP carries
// them. A voice moves octets only in `pump`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/stream.h"

namespace proxy::script {

// As a script writes it: "hello" is a whole body, "5:he" the beginning of one of 5 octets, "he..."
// the beginning of one whose length nobody knows; "" is none.
struct Body {
  static Body parse(std::string_view text);
  std::string part;
  std::optional<size_t> length;  // of the whole; unset where nobody knows
  bool whole() const { return length == part.size(); }
};

// A request or a response as far as it has come.
struct Message {
  std::string start;  // "GET /a", "200"
  std::string body;
  enum class State : unsigned char { kComing, kWhole, kCut } state = State::kComing;

  // As a script writes it: "200 hello", "200 he..." still coming, "200 he!" cut off.
  std::string text() const;
};

class Voice {
 public:
  enum class Version : unsigned char { kHttp1, kHttp2 };
  virtual ~Voice() = default;

  virtual void pump() = 0;

  // `authority` of a URL; `scheme` is "" for a request to the origin itself.
  struct Request {
    std::string method, scheme, authority, path;
  };
  virtual void ask(const Request& request, const Body& body) = 0;
  virtual void inform(int status) = 0;
  virtual void answer(int status, const Body& body) = 0;
  // More of the body that is under way, or octets of a tunnel.
  virtual void say(std::string_view octets) = 0;
  // Ends the body, or our side of a tunnel.
  virtual void finish() = 0;
  // RST_STREAM of what is under way (HTTP/2); with HTTP/1 the connection just ends.
  virtual void reset() = 0;

  // The next message that has come, or is coming; none before its head.
  virtual std::optional<Message> hear() = 0;
  // The message at the front has been dealt with.
  virtual void next() = 0;
  // The peer has ended the connection, in good order or with a reset.
  virtual bool ended() const = 0;
  // The octets of a tunnel; the connection is a tunnel's from now on.
  virtual std::unique_ptr<net::Stream> release() = 0;
};

// No messages but octets: "octets hello..." is what has come so far, and "octets hello" all until
// the end.
std::unique_ptr<Voice> make_raw_voice(std::unique_ptr<net::Stream> stream);
std::unique_ptr<Voice> make_voice(Voice::Version version, bool client,
                                  std::unique_ptr<net::Stream> stream);

}  // namespace proxy::script
