// What the first octets of a tunnel have told of the connection that is inspected in it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "http/head.h"
#include "http/target.h"
#include "proxy/origin_pool.h"
#include "proxy/policy/verdict.h"
#include "proxy/runtime.h"
#include "tls/certificate.h"
#include "tls/fault.h"
#include "tls/peer_name.h"

namespace proxy::inspect {

// Why nothing inside will be served: every request gets this as its answer.
struct Refusal {
  base::Error error;
  tls::Fault fault = tls::Fault::kNone;              // kNone when it is not the origin's TLS
  std::optional<tls::CertificateFacts> certificate;  // the origin's
  // What policy said of the CONNECT.
  policy::Verdict verdict = policy::Verdict::kDeny;
  std::string rule;
  std::string next_step;
};

struct Inside {
  RuntimePtr runtime;       // under which the client was shown its certificate
  http::Authority dialled;  // what the CONNECT named
  http::Authority origin;   // whom requests are for: the SNI, or the same
  tls::PeerName peer;       // the origin's host, as certificates name it
  std::string pool_key;
  // A connection to the origin that no request has used yet.
  std::unique_ptr<OriginConnection> fresh;
  // What the client would speak at best, and with it the origin.
  http::Protocol offer = http::Protocol::kHttp1;
  base::IpAddress address;  // of the origin, that policy has judged for both names
  std::optional<Refusal> refusal;
};

}  // namespace proxy::inspect
