// OCSP responses that servers send along with their certificate (RFC 6066 §8, RFC 6960).
#pragma once

#include "tls/handles.h"

namespace tls {

// Makes clients of `context` ask for the leaf's status, and judge what comes:
//
//   nothing, or one that is out of date     fine, unless the certificate demands one (RFC 7633)
//   "good"                                  fine
//   "revoked", whatever its dates           refused: revoked
//   "unknown", malformed, not verifiable,   refused: revocation_unknown (RFC 6066 §8: a client that
//   of another certificate, an error        got a response must abort if it is not satisfactory)
//
// Nothing is fetched from addresses in a certificate.
void judge_staples(ssl_ctx_st* context);

}  // namespace tls
