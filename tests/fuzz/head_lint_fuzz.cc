// The raw lint: any split of any input gives the same verdict, and what it accepts as a request
// head llhttp, if it accepts it as well, reads with the same number of fields.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/head_lint.h"
#include "http/head_scanner.h"
#include "http/llhttp_head.h"

using http::HeadLint;

namespace {

size_t end_of(HeadLint::Section section, std::string_view input, size_t step) {
  HeadLint lint(section);
  size_t at = 0;
  while (at < input.size()) {
    const HeadLint::Step judged = lint.advance(input.substr(at, step));
    at += judged.consumed;
    if (judged.event == HeadLint::Event::kFault) return lint.fault(input[at]).size() + (at << 8);
    if (judged.event == HeadLint::Event::kEnd) break;
  }
  return at << 8;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size == 0) return 0;
  // One octet chooses the section and the second split.
  const auto section = static_cast<HeadLint::Section>(data[0] % 4);
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t step = data[0] / 4 + 1U;
  if (end_of(section, input, input.size() + 1) != end_of(section, input, step)) std::abort();

  http::HeadScanner scanner(http::MessageKind::kRequest, http::Limits{});
  const auto head = scanner.scan(input);
  if (!head || !head->has_value() || scanner.skipped() != 0) return 0;
  http::Fields fields;
  const auto start =
      http::internal::run_llhttp(http::MessageKind::kRequest, input.substr(0, **head), fields);
  if (start && fields.size() != scanner.field_lines()) std::abort();
  return 0;
}
