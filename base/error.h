// What can go wrong on the way of a request, and whose fault it is.
#pragma once

#include <string>
#include <string_view>

namespace base {

// Whose behaviour caused an error. The access log and the metrics carry it, so that an operator
// sees at once whether to look at the workload, at the destination or at the proxy.
enum class Party { kClient, kOrigin, kProxy };

// A closed set: metrics use the names as labels. `status_of` and `token_of` are total over it.
enum class ErrorCode {
  // The client's message.
  kBadRequest,          // malformed or ambiguous message; 400
  kUriTooLong,          // 414
  kHeadTooLarge,        // 431
  kVersionUnsupported,  // 505
  kMethodUnsupported,   // 501
  kMethodRefused,       // 405
  kSchemeUnsupported,   // 501
  kCodingUnsupported,   // 501, a transfer coding other than chunked
  kExpectationFailed,   // 417
  kOriginFormRefused,   // 400, origin-form request-target sent to a proxy
  kLoopDetected,        // 508, own pseudonym in Via
  kMisdirected,         // 421, for another origin than the TLS connection is
  kClientTimeout,       // 408, head or body did not arrive in time
  kClientClosed,        // the client went away (FIN or RST) before the end of its message
  kBodyTooLarge,        // 413
  // Policy.
  kDenied,            // 403, a rule or the default said no
  kAddressDenied,     // 403, every resolved address is refused by the address guard
  kPortDenied,        // 403, port not among the allowed CONNECT ports
  kTooManySessions,   // 503
  kTooManyPerClient,  // 503
  kNoDescriptors,     // 503, EMFILE or ENFILE
  kDraining,          // 503
  // Name resolution.
  kDnsNotFound,       // 502, NXDOMAIN
  kDnsNoAddress,      // 502, the name exists without A or AAAA records
  kDnsServerFailure,  // 502, SERVFAIL and kin
  kDnsRefused,        // 502, the server refused the query
  kDnsTimeout,        // 504
  kDnsUnreachable,    // 502, no name server could be reached
  // Reaching the origin.
  kConnectRefused,      // 502
  kConnectUnreachable,  // 502, host or network unreachable
  kConnectTimeout,      // 504
  kConnectFailed,       // 502, any other connect error
  // TLS, to the proxy or to the origin.
  kTlsHandshake,    // 502
  kTlsCertificate,  // 502
  // The origin's message.
  kBadResponse,      // 502, malformed, ambiguous or oversized
  kOriginClosed,     // 502, closed before a complete head
  kOriginReset,      // 502
  kOriginRefused,    // REFUSED_STREAM, for the client as well: it may ask again
  kHttp11Required,   // HTTP_1_1_REQUIRED, for the client as well: it has to ask by HTTP/1.1
  kOriginTimeout,    // 504, no response head in time
  kOriginTruncated,  // body cut short after the head was forwarded
  // Either side, late.
  kIdleTimeout,   // nothing moved for the idle limit
  kTotalTimeout,  // the session's total limit
  kIo,            // any other system error
  kInternal,      // a state that should not exist
  kCancelled,     // ended by shutdown
};

// A failure as a value. `cause` is an errno where there is one, else 0. `detail` is a sentence for
// people: what, which, why, next step; it may carry wire bytes and must be escaped when logged.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  Party party = Party::kProxy;
  int cause = 0;
  std::string detail;
};

// The status a client gets for the error while no response head was sent (RFC 9110 §15).
// 0 where no response makes sense: the client is gone, or a stream's reset says it better.
int status_of(ErrorCode code);

// The error's stable name in logs and metrics, e.g. "dns_not_found".
std::string_view token_of(ErrorCode code);
std::string_view token_of(Party party);

// "ECONNREFUSED" for 111; decimal for numbers without a name.
std::string errno_name(int cause);

}  // namespace base
