#include "http/h2/head.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "http/chunks.h"
#include "http/method.h"
#include "http/octets.h"
#include "http/target.h"

namespace http::h2 {
namespace {

using base::ErrorCode;
using base::Party;

// As in HTTP/1.1, where a line has ": " and CRLF (http/limits.h).
constexpr std::uint64_t kLineBytes = 4;

base::Failure bad_request(std::string detail) {
  return base::fail(ErrorCode::kBadRequest, Party::kClient, std::move(detail));
}

bool is_all(std::string_view text, std::uint8_t octets) {
  return std::all_of(text.begin(), text.end(),
                     [octets](char octet) { return is_octet(octet, octets); });
}

// The port that a URI of the scheme has without one; nothing for schemes that are not served.
std::optional<std::uint16_t> port_of(std::string_view scheme) {
  if (base::iequals(scheme, "https")) return std::uint16_t{443};
  if (base::iequals(scheme, "http")) return std::uint16_t{80};
  return std::nullopt;
}

// :path as RFC 9113 §8.3.1 has it; the octets are those that HTTP/1.1's request line could carry.
base::Result<void> check_path(std::string_view method, std::string_view path) {
  if (path == "*" && method == "OPTIONS") return {};
  if (!path.starts_with('/') || !is_all(path, kVisibleOctet)) {
    return bad_request(
        "the request's :path doesn't begin with \"/\", or has octets that no URI has "
        "(RFC 9113 §8.3.1); send the percent-encoded path");
  }
  if (path.find('#') != std::string_view::npos) {
    return bad_request(
        "the request's :path has a fragment (RFC 9113 §8.3.1); send it without '#' and what "
        "follows");
  }
  return {};
}

}  // namespace

void HeadBuilder::add(std::string_view name, std::string_view value) {
  const std::uint64_t line = name.size() + value.size() + kLineBytes;
  bytes_ += line;
  if (name.starts_with(':')) {
    if (name == ":path") path_bytes_ = value.size();
    if (bytes_ <= limits_.head_bytes) keep_pseudo(name, value);
    return;
  }
  ++count_;
  longest_ = std::max(longest_, line - kLineBytes);
  if (bytes_ > limits_.head_bytes || count_ > limits_.fields) return;
  fields_.add(name, value);
}

void HeadBuilder::keep_pseudo(std::string_view name, std::string_view value) {
  if (name == ":method") method_ = value;
  if (name == ":scheme") scheme_ = value;
  if (name == ":authority") authority_ = value;
  if (name == ":path") path_ = value;
  if (name != ":status" || value.size() != 3 ||
      !std::all_of(value.begin(), value.end(), base::is_digit)) {
    return;
  }
  status_ = (value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0');
}

base::Result<void> HeadBuilder::check_limits() const {
  const bool request = kind_ == MessageKind::kRequest;
  if (request && path_bytes_ > limits_.start_line_bytes) {
    return base::fail(ErrorCode::kUriTooLong, Party::kClient,
                      "the request's :path is longer than the limit of " +
                          std::to_string(limits_.start_line_bytes) + " octets");
  }
  if (bytes_ <= limits_.head_bytes && count_ <= limits_.fields && longest_ <= limits_.field_bytes) {
    return {};
  }
  return base::fail(request ? ErrorCode::kHeadTooLarge : ErrorCode::kBadResponse,
                    request ? Party::kClient : Party::kOrigin,
                    std::string(request ? "the request's" : "the response's") +
                        " head is larger than the limits: " + std::to_string(bytes_) +
                        " octets in " + std::to_string(count_) + " fields; send less");
}

// :authority, or Host where a gateway took a request from HTTP/1.1 (RFC 9113 §8.3.1). Both must
// say the same.
base::Result<std::string> HeadBuilder::authority() const {
  const auto host = fields_.find("host");
  if (fields_.count("host") > 1) {
    return bad_request("the request has several Host fields (RFC 9113 §8.3.1); send one");
  }
  if (authority_.empty()) {
    if (host && !host->empty()) return std::string(*host);
    return bad_request("the request has neither :authority nor Host (RFC 9113 §8.3.1); send one");
  }
  if (authority_.find('@') != std::string::npos) {
    return bad_request(
        "the request's :authority has userinfo (RFC 9113 §8.3.1); send credentials in "
        "Authorization");
  }
  if (host) {
    const std::uint16_t port = port_of(scheme_).value_or(443);
    const auto named = parse_uri_authority(*host, port);
    const auto wanted = parse_uri_authority(authority_, port);
    if (!named || !wanted || *named != *wanted) {
      return bad_request(
          "the request's Host names another authority than :authority (RFC 9113 §8.3.1); send "
          "the same in both");
    }
  }
  return authority_;
}

// The fields with one Host in front, and one Cookie of all crumbs in the place of the first.
Fields HeadBuilder::joined(std::string_view host) const {
  std::string cookie;
  if (fields_.count("cookie") > 1) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      const Field field = fields_.at(i);
      if (field.name != "cookie") continue;
      if (!cookie.empty()) cookie += "; ";
      cookie += field.value;
    }
  }
  Fields out;
  out.reserve(static_cast<size_t>(bytes_) + host.size() + 4, fields_.size() + 1);
  out.add("host", host);
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field field = fields_.at(i);
    if (field.name == "host") continue;
    if (field.name != "cookie" || cookie.empty()) {
      out.add(field.name, field.value);
    } else if (!out.find("cookie")) {
      out.add("cookie", cookie);
    }
  }
  return out;
}

base::Result<RequestHead> HeadBuilder::request() const {
  if (auto fits = check_limits(); !fits) return base::fail(std::move(fits).error());
  const auto lints = judge_method(method_);
  if (!lints) return base::fail(lints.error());
  auto named = authority();
  if (!named) return base::fail(std::move(named).error());
  RequestHead head;
  head.protocol = Protocol::kHttp2;
  head.lints = *lints;
  head.method = method_;
  head.fields = joined(*named);
  if (method_ == "CONNECT") {
    head.target = *std::move(named);
    return head;
  }
  if (!port_of(scheme_)) {
    return base::fail(ErrorCode::kSchemeUnsupported, Party::kClient,
                      "the request's :scheme is neither https nor http");
  }
  if (auto good = check_path(method_, path_); !good) return base::fail(std::move(good).error());
  head.target = base::lower(scheme_) + "://" + *named + (path_ == "*" ? "" : path_);
  return head;
}

base::Result<ResponseHead> HeadBuilder::response() const {
  if (auto fits = check_limits(); !fits) return base::fail(std::move(fits).error());
  if (status_ < 100 || status_ > 599) {
    return base::fail(ErrorCode::kBadResponse, Party::kOrigin,
                      "the response's :status is not from 100 to 599 (RFC 9110 §15)");
  }
  ResponseHead head;
  head.protocol = Protocol::kHttp2;
  head.status = status_;
  head.fields = fields_;
  return head;
}

base::Result<Fields> HeadBuilder::trailers() const {
  if (auto fits = check_limits(); !fits) return base::fail(std::move(fits).error());
  Fields out;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field field = fields_.at(i);
    if (!is_forbidden_trailer(field.name)) out.add(field.name, field.value);
  }
  return out;
}

}  // namespace http::h2
