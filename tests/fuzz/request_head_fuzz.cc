// Request heads up to the request that would be forwarded: what we write for the origin is itself
// one head that the parser accepts, with the same method, one Host and one Via. The scanner says
// the same of octets that come whole and one by one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/controls.h"
#include "http/head_scanner.h"
#include "http/parse.h"
#include "http/rewrite.h"

namespace {

// Where the head ends, or what it fails with, when `step` octets more are known each time.
size_t scan(std::string_view input, size_t step) {
  http::HeadScanner scanner(http::MessageKind::kRequest, http::Limits{});
  for (size_t known = 0; known < input.size();) {
    known = input.size() - known < step ? input.size() : known + step;
    const auto end = scanner.scan(input.substr(0, known));
    if (!end) return SIZE_MAX - static_cast<size_t>(end.error().code);
    if (end->has_value()) return **end;
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (scan(input, input.size() + 1) != scan(input, 1)) std::abort();
  http::HeadScanner scanner(http::MessageKind::kRequest, http::Limits{});
  const auto end = scanner.scan(input);
  if (!end || !end->has_value()) return 0;
  const auto head = http::parse_request_head(
      input.substr(scanner.skipped(), **end - scanner.skipped()), http::Limits{});
  if (!head) return 0;
  const auto target = http::parse_target(*head);
  const auto body = http::request_body(*head);
  if (!target || !body || !http::check_host(*head, *target)) return 0;
  static_cast<void>(http::max_forwards(*head));
  static_cast<void>(http::expectation(*head, *body));
  if (target->form != http::TargetForm::kAbsolute) return 0;

  const http::RequestRewrite how{.via = "me", .body = *body};
  const http::Limits roomy{.head_bytes = 1 << 20, .field_bytes = 1 << 20, .fields = 1000};
  const auto sent = http::parse_request_head(http::origin_request(*head, *target, how), roomy);
  const bool good = sent && sent->method == head->method && sent->fields.count("Host") == 1 &&
                    sent->fields.count("Via") == 1 && http::via_names(sent->fields, "me") &&
                    http::request_body(*sent);
  if (!good) std::abort();
  return 0;
}
