// One message on its way through the room, as a session would take it: scanned, parsed, judged, its
// body decoded. What comes out is compared across all splits of the input.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "http/body.h"
#include "http/controls.h"
#include "http/framing.h"
#include "http/head_scanner.h"
#include "http/parse.h"
#include "http/target.h"
#include "tests/unit/http/splits.h"

namespace http::testing {

struct Outcome {
  int status = 0;       // 0: accepted; else what base::status_of makes of the error
  bool whole = false;   // the message is complete
  std::string content;  // of the body
  std::string rest;     // what follows the message
  std::string detail;   // of the error

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline Outcome refused(const base::Error& error) {
  Outcome outcome;
  outcome.status = base::status_of(error.code);
  outcome.detail = error.detail;
  return outcome;
}

// Octets read so far, one arrival after the other.
class Reader {
 public:
  Reader(std::string_view bytes, const Arrivals& arrivals) : bytes_(bytes), arrivals_(arrivals) {}
  bool more() const { return next_ < arrivals_.size(); }
  void read() { known_ = arrivals_[next_++]; }
  std::string_view known() const { return bytes_.substr(0, known_); }
  std::string_view all() const { return bytes_; }

 private:
  std::string_view bytes_;
  const Arrivals& arrivals_;
  size_t next_ = 0;
  size_t known_ = 0;
};

inline base::Result<std::optional<size_t>> read_head(HeadScanner& scanner, Reader& reader) {
  while (reader.more()) {
    reader.read();
    auto size = scanner.scan(reader.known());
    if (!size || size->has_value()) return size;
  }
  return std::optional<size_t>();
}

inline Outcome read_body(BodyDecoder decoder, Reader& reader, size_t at) {
  Outcome outcome;
  for (;;) {
    while (!decoder.done() && at < reader.known().size()) {
      const auto step = decoder.decode(reader.known().substr(at));
      if (!step) return refused(step.error());
      outcome.content += step->content;
      at += step->consumed;
    }
    if (decoder.done() || !reader.more()) break;
    reader.read();
  }
  outcome.whole = decoder.end().has_value();
  outcome.rest = reader.all().substr(at);
  return outcome;
}

inline Outcome take_request(std::string_view bytes, const Arrivals& arrivals,
                            const Limits& limits = {}) {
  HeadScanner scanner(MessageKind::kRequest, limits);
  Reader reader(bytes, arrivals);
  const auto size = read_head(scanner, reader);
  if (!size) return refused(size.error());
  if (!size->has_value()) return {};
  const auto head =
      parse_request_head(bytes.substr(scanner.skipped(), **size - scanner.skipped()), limits);
  if (!head) return refused(head.error());
  const auto target = parse_target(*head);
  if (!target) return refused(target.error());
  if (const auto good = check_host(*head, *target); !good) return refused(good.error());
  const auto body = request_body(*head);
  if (!body) return refused(body.error());
  if (const auto expected = expectation(*head, *body); !expected) return refused(expected.error());
  return read_body(BodyDecoder(*body, MessageKind::kRequest, limits), reader, **size);
}

inline Outcome take_response(std::string_view bytes, const Arrivals& arrivals,
                             std::string_view request_method = "GET", const Limits& limits = {}) {
  HeadScanner scanner(MessageKind::kResponse, limits);
  Reader reader(bytes, arrivals);
  const auto size = read_head(scanner, reader);
  if (!size) return refused(size.error());
  if (!size->has_value()) return {};
  const auto head = parse_response_head(bytes.substr(0, **size), limits);
  if (!head) return refused(head.error());
  const auto body = response_body(*head, request_method);
  if (!body) return refused(body.error());
  return read_body(BodyDecoder(*body, MessageKind::kResponse, limits), reader, **size);
}

}  // namespace http::testing
