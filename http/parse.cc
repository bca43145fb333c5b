#include "http/parse.h"

#include <string>
#include <utility>

#include "base/ascii.h"
#include "http/framing.h"
#include "http/head_scanner.h"
#include "http/llhttp_head.h"
#include "http/method.h"

namespace http {
namespace {

using base::ErrorCode;
using base::Party;

base::Failure bad_request(std::string detail) {
  return base::fail(ErrorCode::kBadRequest, Party::kClient, std::move(detail));
}

base::Failure bad_response(std::string detail) {
  return base::fail(ErrorCode::kBadResponse, Party::kOrigin, std::move(detail));
}

struct Lines {
  size_t fields = 0;
  std::uint32_t spaced_names = 0;
};

// Holds the raw lint and the limits against a head; returns what it has seen of the field lines.
base::Result<Lines> lint(MessageKind kind, std::string_view head, const Limits& limits) {
  HeadScanner scanner(kind, limits);
  auto size = scanner.scan(head);
  if (!size) return base::fail(std::move(size).error());
  if (size->value_or(0) != head.size() || scanner.skipped() != 0) {
    constexpr const char* kDetail = "not exactly one head was given to the parser";
    return kind == MessageKind::kRequest ? bad_request(kDetail) : bad_response(kDetail);
  }
  return Lines{scanner.field_lines(), scanner.spaced_names()};
}

struct RequestLine {
  std::string_view method, target, version;
};

// The lint has proved that there are three parts with one SP between.
RequestLine split_request_line(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const size_t first = line.find(' ');
  const size_t second = line.find(' ', first + 1);
  return {line.substr(0, first), line.substr(first + 1, second - first - 1),
          line.substr(second + 1)};
}

enum class Version { kMalformed, kOther, kSupported };

// HTTP-version is case-sensitive and has one digit on each side (RFC 9112 §2.3).
Version judge_version(std::string_view text) {
  const bool wellformed = text.size() == 8 && text.starts_with("HTTP/") &&
                          base::is_digit(text[5]) && text[6] == '.' && base::is_digit(text[7]);
  if (!wellformed) return Version::kMalformed;
  return text[5] == '1' && text[7] <= '1' ? Version::kSupported : Version::kOther;
}

base::Result<Lints> check_request_line(const RequestLine& line) {
  switch (judge_version(line.version)) {
    case Version::kMalformed:
      return bad_request(
          "the request line does not end in a version such as HTTP/1.1 (RFC 9112 §2.3); check that "
          "the client speaks HTTP to this port");
    case Version::kOther:
      return base::fail(ErrorCode::kVersionUnsupported, Party::kClient,
                        "the request's HTTP version is not supported; use HTTP/1.1");
    case Version::kSupported: break;
  }
  return judge_method(line.method);
}

// The head without white space between field names and colons, which a proxy must remove from a
// response (RFC 9112 §5.1). The lint has proved that nothing else stands there.
std::string without_spaced_names(std::string_view head) {
  std::string out;
  out.reserve(head.size());
  for (size_t start = 0; start < head.size();) {
    const size_t end = head.find("\r\n", start) + 2;
    const size_t colon = head.substr(0, end).find(':', start);
    // The status line and the empty line stay as they are.
    if (start > 0 && colon != std::string_view::npos) {
      out.append(base::trim_ows(head.substr(start, colon - start)));
      start = colon;
    }
    out.append(head, start, end - start);
    start = end;
  }
  return out;
}

}  // namespace

base::Result<RequestHead> parse_request_head(std::string_view head, const Limits& limits) {
  auto lines = lint(MessageKind::kRequest, head, limits);
  if (!lines) return base::fail(std::move(lines).error());
  const RequestLine line = split_request_line(head);
  const auto lints = check_request_line(line);
  if (!lints) return base::fail(lints.error());

  RequestHead parsed;
  parsed.lints = *lints;
  parsed.fields.reserve(head.size(), lines->fields);
  auto start = internal::run_llhttp(MessageKind::kRequest, head, parsed.fields);
  if (!start) return base::fail(std::move(start).error());
  // Two readings of one head that differ are what request smuggling is made of.
  if (start->method != line.method || start->target != line.target ||
      parsed.fields.size() != lines->fields) {
    return bad_request("the request head can be read in two ways; the client must be corrected");
  }
  parsed.method = line.method;
  parsed.target = line.target;
  parsed.minor_version = start->minor;
  return parsed;
}

base::Result<ResponseHead> parse_response_head(std::string_view head, const Limits& limits) {
  auto lines = lint(MessageKind::kResponse, head, limits);
  if (!lines) return base::fail(std::move(lines).error());
  if (judge_version(head.substr(0, head.find(' '))) != Version::kSupported) {
    return bad_response("the response's HTTP version is neither 1.0 nor 1.1 (RFC 9112 §2.3)");
  }

  ResponseHead parsed;
  std::string corrected;
  if (lines->spaced_names > 0) {
    corrected = without_spaced_names(head);
    head = corrected;
    parsed.lints.add(Lint::kSpaceBeforeColon);
  }
  parsed.fields.reserve(head.size(), lines->fields);
  auto start = internal::run_llhttp(MessageKind::kResponse, head, parsed.fields);
  if (!start) return base::fail(std::move(start).error());
  if (parsed.fields.size() != lines->fields) {
    return bad_response("the response head can be read in two ways; the origin must be corrected");
  }
  if (start->status < 100 || start->status > 599) {
    return bad_response("the response's status code " + std::to_string(start->status) +
                        " is outside 100 to 599 (RFC 9110 §15)");
  }
  parsed.status = start->status;
  parsed.reason = start->reason;
  parsed.minor_version = start->minor;
  if (drops_framing(parsed)) parsed.lints.add(Lint::kFramingDropped);
  return parsed;
}

}  // namespace http
