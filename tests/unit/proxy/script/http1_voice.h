// HTTP/1.1 as text, taken apart with as little as these scripts need, and by none of the code that
// they test.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "tests/unit/proxy/script/voice.h"

namespace proxy::script {

class Http1Voice final : public Voice {
 public:
  enum class Speech : unsigned char { kMessages, kOctets };
  explicit Http1Voice(std::unique_ptr<net::Stream> stream, Speech speech = Speech::kMessages)
      : speech_(speech), stream_(std::move(stream)) {}

  void pump() override;
  void ask(const Request& request, const Body& body) override;
  void inform(int status) override;
  void answer(int status, const Body& body) override;
  void say(std::string_view octets) override;
  void finish() override;
  void reset() override;
  std::optional<Message> hear() override;
  void next() override;
  bool ended() const override { return end_ != End::kNone; }
  std::unique_ptr<net::Stream> release() override { return std::move(stream_); }

 private:
  struct Parsed {
    Message message;
    size_t octets = 0;  // of the input, once it is whole
  };
  Parsed parse() const;
  void add_body(const Body& body);

  const Speech speech_;
  std::unique_ptr<net::Stream> stream_;
  std::string in_;
  std::string out_;
  enum class Saying : unsigned char { kPlain, kChunks } saying_ = Saying::kPlain;
  std::deque<std::string> asked_;  // methods of requests whose responses have not come
  bool raw_finish_ = false;
  enum class End : unsigned char { kNone, kFin, kReset } end_ = End::kNone;
};

}  // namespace proxy::script
