// Why a TLS peer is not accepted: a closed vocabulary that reports, log fields and metric labels
// share.
#pragma once

#include <cstdint>
#include <string_view>

namespace tls {

enum class Fault : std::uint8_t {
  kNone,
  // The certificate chain.
  kExpired,
  kNotYetValid,
  kSelfSigned,       // the leaf itself, unknown to the trust store
  kUntrustedRoot,    // the chain ends in an authority that is not in the trust store
  kIncompleteChain,  // the server did not send its intermediate certificates
  kHostMismatch,
  kWeakKey,
  kWeakSignature,
  kRevoked,
  kRevocationUnknown,
  kBadPurpose,
  kBadCa,
  kNameConstraint,
  kPathLength,
  kCriticalExtension,
  kMalformedCertificate,
  // The handshake.
  kProtocolVersion,
  kNoCipher,
  kWeakDh,
  kAlertReceived,
  kHandshakeTimeout,
  kHandshakeEof,
  kClientCertificateRequested,
  kClientCertificateMissing,
  kOther,
};
inline constexpr Fault kLastFault = Fault::kOther;

// The word of the vocabulary: "ok" for kNone, "expired", "host_mismatch", …
std::string_view token_of(Fault fault);

// What is wrong, as the second half of a sentence: "the certificate has expired".
std::string_view meaning_of(Fault fault);

// What to do about it, as an imperative. Empty where nothing general can be said.
std::string_view advice_of(Fault fault);

// Whether the peer's certificate, rather than the handshake, is at fault.
bool is_certificate_fault(Fault fault);

}  // namespace tls
