// Heads from decoded field lines, within the limits of any head, and back (RFC 9113 §8.3). The
// syntax of single names and values, the order and number of pseudo-fields, and fields that
// HTTP/2 forbids are nghttp2's to refuse before they come here (http/h2/callbacks.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/fields.h"
#include "http/head.h"
#include "http/head_scanner.h"
#include "http/limits.h"

namespace http::h2 {

// Collects one field section. What is beyond the limits is counted and not kept, so that the
// section's size bounds no memory but its own.
class HeadBuilder {
 public:
  HeadBuilder(MessageKind kind, const Limits& limits) : kind_(kind), limits_(limits) {}

  // Adds a field line, pseudo-fields included.
  void add(std::string_view name, std::string_view value);

  // The request as HTTP/1.1 would say it: the target is absolute-form ("https://host/path"; without
  // path for ":path: *") or, for CONNECT, authority-form; Host is there, once; cookie crumbs are
  // joined (RFC 9113 §8.2.3). Fails (client) with kHeadTooLarge, kUriTooLong, kBadRequest,
  // kSchemeUnsupported or kMethodUnsupported.
  base::Result<RequestHead> request() const;
  // Fails (origin) with kBadResponse.
  base::Result<ResponseHead> response() const;
  // Trailers, without those that RFC 9110 §6.5.1 forbids. Fails with kHeadTooLarge (client) or
  // kBadResponse (origin).
  base::Result<Fields> trailers() const;

  // ":status" so far, 0 without.
  int status() const { return status_; }

 private:
  void keep_pseudo(std::string_view name, std::string_view value);
  base::Result<void> check_limits() const;
  base::Result<std::string> authority() const;
  Fields joined(std::string_view host) const;

  MessageKind kind_;
  Limits limits_;
  std::string method_, scheme_, authority_, path_;
  int status_ = 0;
  Fields fields_;
  std::uint64_t bytes_ = 0;
  std::uint32_t count_ = 0;
  std::uint64_t path_bytes_ = 0;
  std::uint64_t longest_ = 0;
};

// A request head as HTTP/2 says it. Views outlive the value's use.
struct RequestSection {
  std::string_view method;
  std::string_view scheme;  // empty for CONNECT
  std::string_view authority;
  std::string_view path;  // empty for CONNECT
  const Fields& fields;   // names in lower case, none that HTTP/2 forbids (http/rewrite.h)
};

}  // namespace http::h2
