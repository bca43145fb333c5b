// Content of HTTP/1.1 messages: as it comes in, and as it goes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/body.h"
#include "http1/message_reader.h"
#include "proxy/ends.h"

namespace proxy {

class Http1Source final : public Source {
 public:
  Http1Source(http1::MessageReader& reader, const http::BodyLength& body, http::MessageKind kind,
              const http::Limits& limits)
      : reader_(reader), decoder_(body, kind, limits) {}

  base::Result<Content> look() override;
  void consume() override;
  net::Task<base::Result<void>> wait(net::Patience patience) override;
  const http::Fields& trailers() const override;

 private:
  http1::MessageReader& reader_;
  http::BodyDecoder decoder_;
  http::BodyStep step_;  // looked at and not consumed
};

class Http1Sink final : public Sink {
 public:
  explicit Http1Sink(net::Stream& stream) : stream_(stream) {}

  // `head` goes out with what is sent first.
  void begin(std::string head, const http::BodyLength& body);

  bool owes_head() const override { return !lead_.empty(); }
  net::Task<base::Result<void>> send(std::string_view content, net::Patience patience) override;
  net::Task<base::Result<void>> end(const http::Fields& trailers, net::Patience patience) override;

  // Octets written in all.
  std::uint64_t octets() const { return octets_; }

 private:
  net::Stream& stream_;
  std::string lead_;
  bool chunked_ = false;
  std::uint64_t octets_ = 0;
};

}  // namespace proxy
