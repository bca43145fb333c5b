#include "http/framing.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"

namespace http {
namespace {

using base::ErrorCode;
using base::Party;

constexpr std::uint64_t kMaxLength = std::numeric_limits<std::int64_t>::max();

base::Failure bad_request(std::string detail) {
  return base::fail(ErrorCode::kBadRequest, Party::kClient, std::move(detail));
}

base::Failure bad_response(std::string detail) {
  return base::fail(ErrorCode::kBadResponse, Party::kOrigin, std::move(detail));
}

// 1*DIGIT up to 2^63-1 (RFC 9110 §8.6); leading zeros are legal and vanish when we write the
// number.
std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : text) {
    if (!base::is_digit(digit)) return std::nullopt;
    const auto add = static_cast<std::uint64_t>(digit - '0');
    if (value > (kMaxLength - add) / 10) return std::nullopt;
    value = value * 10 + add;
  }
  return value;
}

enum class Codings {
  kChunked,    // "chunked" alone
  kMore,       // other codings, then chunked
  kAmbiguous,  // chunked twice or not last, empty elements, the abolished "identity"
};

Codings judge_codings(std::string_view value) {
  size_t elements = 0;
  size_t chunked = 0;
  bool odd = false;
  bool last_is_chunked = false;
  base::for_each_element(value, [&](std::string_view coding) {
    ++elements;
    last_is_chunked = base::iequals(coding, "chunked");
    if (last_is_chunked) ++chunked;
    odd = odd || coding.empty() || base::iequals(coding, "identity");
  });
  if (odd || !last_is_chunked || chunked != 1) return Codings::kAmbiguous;
  return elements == 1 ? Codings::kChunked : Codings::kMore;
}

// Whatever is asked (RFC 9112 §6.3 rule 1).
bool never_has_content(int status) { return status < 200 || status == 204; }

}  // namespace

base::Result<BodyLength> request_body(const RequestHead& head) {
  const size_t lengths = head.fields.count("Content-Length");
  const size_t codings = head.fields.count("Transfer-Encoding");
  if (lengths != 0 && codings != 0) {
    return bad_request(
        "the request has both Content-Length and Transfer-Encoding, and recipients "
        "disagree which one wins (RFC 9112 §6.3); send one of them");
  }
  if (lengths > 1) {
    return bad_request("the request has several Content-Length fields (RFC 9112 §6.3); send one");
  }
  if (codings > 1) {
    return bad_request(
        "the request has several Transfer-Encoding fields (RFC 9112 §6.1); send one");
  }
  BodyLength body;
  if (codings == 1) {
    if (head.minor_version == 0) {
      return bad_request(
          "an HTTP/1.0 request has Transfer-Encoding, which HTTP/1.0 doesn't know "
          "(RFC 9112 §6.1); send Content-Length, or use HTTP/1.1");
    }
    const Codings judged = judge_codings(*head.fields.find("Transfer-Encoding"));
    if (judged == Codings::kAmbiguous) {
      return bad_request(
          "the request's Transfer-Encoding doesn't end in chunked, once "
          "(RFC 9112 §6.3); send Transfer-Encoding: chunked");
    }
    if (judged == Codings::kMore) {
      return base::fail(ErrorCode::kCodingUnsupported, Party::kClient,
                        "the request has a transfer coding besides chunked, which this proxy "
                        "doesn't decode (RFC 9112 §6.1); send Transfer-Encoding: chunked");
    }
    body.kind = BodyKind::kChunked;
  } else if (lengths == 1) {
    const auto length = parse_length(*head.fields.find("Content-Length"));
    if (!length) {
      return bad_request(
          "the request's Content-Length is not a decimal number below 2^63 "
          "(RFC 9110 §8.6); send the body's size");
    }
    body = {BodyKind::kLength, *length};
  }
  if (head.method == "CONNECT") {
    // WinHTTP sends "Content-Length: 0" with CONNECT; that leaves no doubt where the tunnel starts.
    if (has_content(body)) {
      return bad_request(
          "a CONNECT request has content, so that the start of the tunnel is "
          "ambiguous (RFC 9110 §9.3.6); send it without body fields");
    }
    return BodyLength{};
  }
  return body;
}

base::Result<BodyLength> response_body(const ResponseHead& head, std::string_view request_method) {
  const size_t lengths = head.fields.count("Content-Length");
  const size_t codings = head.fields.count("Transfer-Encoding");
  if (never_has_content(head.status) || (request_method == "CONNECT" && head.status / 100 == 2)) {
    return BodyLength{};
  }
  if (lengths + codings > 1) {
    return bad_response("the response's length is given more than once (RFC 9112 §6.3)");
  }
  BodyLength body{BodyKind::kUntilClose, 0};
  if (codings == 1) {
    const bool chunked = judge_codings(*head.fields.find("Transfer-Encoding")) == Codings::kChunked;
    if (!chunked || head.minor_version == 0) {
      return bad_response(
          "the response's Transfer-Encoding is not chunked alone, in HTTP/1.1 "
          "(RFC 9112 §6.1)");
    }
    body.kind = BodyKind::kChunked;
  } else if (lengths == 1) {
    const auto length = parse_length(*head.fields.find("Content-Length"));
    if (!length) {
      return bad_response(
          "the response's Content-Length is not a decimal number below 2^63 "
          "(RFC 9110 §8.6)");
    }
    body = {BodyKind::kLength, *length};
  }
  if (request_method == "HEAD" || head.status == 304) return BodyLength{};
  return body;
}

bool drops_framing(const ResponseHead& head) {
  if (!never_has_content(head.status)) return false;
  if (head.fields.count("Transfer-Encoding") > 0) return true;
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (base::iequals(field.name, "Content-Length") && field.value != "0") return true;
  }
  return false;
}

bool keeps_alive(int minor_version, const Fields& fields) {
  if (fields.has_token("Connection", "close")) return false;
  return minor_version >= 1 || fields.has_token("Connection", "keep-alive");
}

}  // namespace http
