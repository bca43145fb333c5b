#include "base/error.h"

#include <cstring>

namespace base {
namespace {

struct Row {
  ErrorCode code;
  int status;
  std::string_view token;
};

constexpr Row kRows[] = {
    {ErrorCode::kBadRequest, 400, "bad_request"},
    {ErrorCode::kUriTooLong, 414, "uri_too_long"},
    {ErrorCode::kHeadTooLarge, 431, "head_too_large"},
    {ErrorCode::kVersionUnsupported, 505, "version_unsupported"},
    {ErrorCode::kMethodUnsupported, 501, "method_unsupported"},
    {ErrorCode::kMethodRefused, 405, "method_refused"},
    {ErrorCode::kSchemeUnsupported, 501, "scheme_unsupported"},
    {ErrorCode::kCodingUnsupported, 501, "coding_unsupported"},
    {ErrorCode::kExpectationFailed, 417, "expectation_failed"},
    {ErrorCode::kOriginFormRefused, 400, "origin_form_refused"},
    {ErrorCode::kLoopDetected, 508, "loop_detected"},
    {ErrorCode::kMisdirected, 421, "misdirected"},
    {ErrorCode::kClientTimeout, 408, "client_timeout"},
    {ErrorCode::kClientClosed, 0, "client_closed"},
    {ErrorCode::kBodyTooLarge, 413, "body_too_large"},
    {ErrorCode::kDenied, 403, "denied"},
    {ErrorCode::kAddressDenied, 403, "address_denied"},
    {ErrorCode::kPortDenied, 403, "port_denied"},
    {ErrorCode::kTooManySessions, 503, "too_many_sessions"},
    {ErrorCode::kTooManyPerClient, 503, "too_many_per_client"},
    {ErrorCode::kNoDescriptors, 503, "no_descriptors"},
    {ErrorCode::kDraining, 503, "draining"},
    {ErrorCode::kDnsNotFound, 502, "dns_not_found"},
    {ErrorCode::kDnsNoAddress, 502, "dns_no_address"},
    {ErrorCode::kDnsServerFailure, 502, "dns_server_failure"},
    {ErrorCode::kDnsRefused, 502, "dns_refused"},
    {ErrorCode::kDnsTimeout, 504, "dns_timeout"},
    {ErrorCode::kDnsUnreachable, 502, "dns_unreachable"},
    {ErrorCode::kConnectRefused, 502, "connect_refused"},
    {ErrorCode::kConnectUnreachable, 502, "connect_unreachable"},
    {ErrorCode::kConnectTimeout, 504, "connect_timeout"},
    {ErrorCode::kConnectFailed, 502, "connect_failed"},
    {ErrorCode::kTlsHandshake, 502, "tls_handshake"},
    {ErrorCode::kTlsCertificate, 502, "tls_certificate"},
    {ErrorCode::kBadResponse, 502, "bad_response"},
    {ErrorCode::kOriginClosed, 502, "origin_closed"},
    {ErrorCode::kOriginReset, 502, "origin_reset"},
    {ErrorCode::kOriginRefused, 0, "origin_refused"},
    {ErrorCode::kHttp11Required, 0, "http_1_1_required"},
    {ErrorCode::kOriginTimeout, 504, "origin_timeout"},
    {ErrorCode::kOriginTruncated, 502, "origin_truncated"},
    {ErrorCode::kIdleTimeout, 504, "idle_timeout"},
    {ErrorCode::kTotalTimeout, 504, "total_timeout"},
    {ErrorCode::kIo, 500, "io"},
    {ErrorCode::kInternal, 500, "internal"},
    {ErrorCode::kCancelled, 503, "cancelled"},
};

// The table is indexed by code: the assertion keeps it complete and in order.
constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].code != static_cast<ErrorCode>(i)) return false;
  }
  return std::size(kRows) == static_cast<size_t>(ErrorCode::kCancelled) + 1;
}
static_assert(in_order(), "kRows needs one row per ErrorCode, in the order of the enum");

const Row& row(ErrorCode code) { return kRows[static_cast<size_t>(code)]; }

}  // namespace

int status_of(ErrorCode code) { return row(code).status; }

std::string_view token_of(ErrorCode code) { return row(code).token; }

std::string_view token_of(Party party) {
  switch (party) {
    case Party::kClient: return "client";
    case Party::kOrigin: return "origin";
    case Party::kProxy: return "proxy";
  }
  return "proxy";
}

std::string errno_name(int cause) {
  const char* name = ::strerrorname_np(cause);
  return name != nullptr ? name : std::to_string(cause);
}

}  // namespace base
