// What a session remembers for its one log line, and the line in three formats.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/ip.h"
#include "config/schema.h"
#include "http/lint.h"
#include "proxy/policy/verdict.h"

namespace proxy {

// Where a session's time went; phases that did not happen stay zero.
struct PhaseTimes {
  std::chrono::microseconds queue{0};  // accept to first byte of the request
  std::chrono::microseconds dns{0};
  std::chrono::microseconds connect{0};
  std::chrono::microseconds tls{0};
  std::chrono::microseconds first_byte{0};  // request sent to first byte of the answer
  std::chrono::microseconds total{0};
};

struct AccessRecord {
  base::WallTime time;  // when the request (or tunnel) began
  std::string id;       // the request id that error replies show
  base::Endpoint client;
  std::string method;                    // as received; "-" when no request was read
  std::string target;                    // canonical "host:port", or URL without query for forward
  std::optional<base::Endpoint> origin;  // the address that was dialled
  int status = 0;                        // sent to the client; 0 when nothing was sent
  // kNeedsAddress until it is settled.
  policy::Verdict verdict = policy::Verdict::kNeedsAddress;
  std::string rule;      // deciding rule, "" when none
  std::string misroute;  // "listed:10.0.0.0/16" (Observer::see), "" when none
  std::string identity;  // in the client's certificate, "" without one
  // Of a tunnel that was looked into: "inspected", or why it was not ("api-server",
  // inspect::token_of); of requests inside: "inspected". Else "".
  std::string_view inspection;
  std::string server_name;      // in the ClientHello, where one was read
  std::string_view tls_reason;  // why TLS with the origin failed (tls/fault.h), "" when it did not
  http::Lints lints;            // what was put right in either message
  std::optional<base::Error> error;  // whose fault and why, when it did not end well
  std::uint64_t bytes_in = 0;        // from the client (head and body or tunnel)
  std::uint64_t bytes_out = 0;       // to the client
  std::uint32_t exchange = 0;        // ordinal of the request on its client connection, from 1
  PhaseTimes phases;
};

// One line without newline. Controls are escaped in every format; nothing but what the record holds
// appears, so no Authorization, cookies or query strings.
std::string format_record(const AccessRecord& record, config::LogFormat format);

}  // namespace proxy
