#include "http/proxy_status.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "http/headline.h"
#include "http/octets.h"

namespace http {
namespace {

using base::ErrorCode;

// A head of the client's may have 8 KiB and less; the page has the whole sentence.
constexpr size_t kMaxSentence = 500;

std::string_view error_type(ErrorCode code) {
  switch (code) {
    case ErrorCode::kBadRequest:
    case ErrorCode::kUriTooLong:
    case ErrorCode::kHeadTooLarge:
    case ErrorCode::kVersionUnsupported:
    case ErrorCode::kMethodUnsupported:
    case ErrorCode::kMethodRefused:
    case ErrorCode::kSchemeUnsupported:
    case ErrorCode::kCodingUnsupported:
    case ErrorCode::kExpectationFailed:
    case ErrorCode::kOriginFormRefused:
    case ErrorCode::kMisdirected:
    case ErrorCode::kClientTimeout:
    case ErrorCode::kClientClosed:
    case ErrorCode::kBodyTooLarge: return "http_request_error";
    case ErrorCode::kLoopDetected: return "proxy_loop_detected";
    case ErrorCode::kDenied:
    case ErrorCode::kPortDenied: return "http_request_denied";
    case ErrorCode::kAddressDenied: return "destination_ip_prohibited";
    // Answered without trying to reach anything.
    case ErrorCode::kTooManySessions:
    case ErrorCode::kTooManyPerClient:
    case ErrorCode::kNoDescriptors:
    case ErrorCode::kDraining:
    case ErrorCode::kCancelled: return "proxy_internal_response";
    case ErrorCode::kDnsNotFound:
    case ErrorCode::kDnsNoAddress:
    case ErrorCode::kDnsServerFailure:
    case ErrorCode::kDnsRefused:
    case ErrorCode::kDnsUnreachable: return "dns_error";
    case ErrorCode::kDnsTimeout: return "dns_timeout";
    case ErrorCode::kConnectRefused: return "connection_refused";
    case ErrorCode::kConnectUnreachable: return "destination_ip_unroutable";
    case ErrorCode::kConnectTimeout: return "connection_timeout";
    case ErrorCode::kConnectFailed: return "destination_unavailable";
    case ErrorCode::kTlsHandshake: return "tls_protocol_error";
    case ErrorCode::kTlsCertificate: return "tls_certificate_error";
    case ErrorCode::kBadResponse: return "http_protocol_error";
    case ErrorCode::kOriginClosed:
    case ErrorCode::kOriginReset:
    case ErrorCode::kOriginRefused:
    case ErrorCode::kHttp11Required: return "connection_terminated";
    case ErrorCode::kOriginTimeout:
    case ErrorCode::kIdleTimeout: return "connection_read_timeout";
    case ErrorCode::kTotalTimeout: return "http_response_timeout";
    case ErrorCode::kOriginTruncated: return "http_response_incomplete";
    case ErrorCode::kIo:
    case ErrorCode::kInternal: return "proxy_internal_error";
  }
  return "proxy_internal_error";
}

// A token of structured fields (RFC 8941 §3.3.4); other pseudonyms are written as strings.
bool is_sf_token(std::string_view text) {
  return !text.empty() && (base::is_alpha(text[0]) || text[0] == '*') &&
         std::all_of(text.begin(), text.end(), [](char octet) {
           return is_octet(octet, kTokenOctet) || octet == ':' || octet == '/';
         });
}

// RFC 8941 §3.3.3.
std::string sf_string(std::string_view text) {
  std::string out = "\"";
  for (const char octet : ascii_text(text)) {
    if (octet == '"' || octet == '\\') out += '\\';
    out += octet;
  }
  return out + "\"";
}

}  // namespace

std::string_view proxy_status_error(std::string_view code) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kCancelled); ++i) {
    if (base::token_of(static_cast<ErrorCode>(i)) == code) {
      return error_type(static_cast<ErrorCode>(i));
    }
  }
  return error_type(ErrorCode::kInternal);
}

std::string proxy_status(std::string_view pseudonym) {
  return is_sf_token(pseudonym) ? std::string(pseudonym) : sf_string(pseudonym);
}

std::string proxy_status(std::string_view pseudonym, std::string_view code,
                         std::string_view sentence, std::string_view request_id) {
  std::string details(code);
  if (!sentence.empty()) details.append(": ").append(sentence.substr(0, kMaxSentence));
  if (sentence.size() > kMaxSentence) details += "...";
  if (!request_id.empty()) details.append(" (id ").append(request_id).append(")");
  std::string out = proxy_status(pseudonym);
  out.append("; error=").append(proxy_status_error(code));
  out.append("; details=").append(sf_string(details));
  return out;
}

}  // namespace http
