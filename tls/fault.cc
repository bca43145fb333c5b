#include "tls/fault.h"

#include <array>

namespace tls {
namespace {

struct Row {
  Fault fault;
  std::string_view token;
  std::string_view meaning;
  std::string_view advice;
};

constexpr std::array<Row, static_cast<size_t>(kLastFault) + 1> kRows{{
    {Fault::kNone, "ok", "nothing is wrong", ""},
    {Fault::kExpired, "expired", "a certificate of its chain has expired",
     "have it renewed, or set this machine's clock right"},
    {Fault::kNotYetValid, "not_yet_valid", "a certificate of its chain is not valid yet",
     "check the clock of this machine and of the one that issued it"},
    {Fault::kSelfSigned, "self_signed", "the certificate is signed by itself and not trusted",
     "use one from an authority; if this one is meant, add it to what is trusted here, which is "
     "tls.origin_roots of a proxy that inspects and trustedCa of a node"},
    {Fault::kUntrustedRoot, "untrusted_root", "its chain ends in an authority that is not trusted",
     "if that authority is meant, add its root certificate to what is trusted here, which is "
     "tls.origin_roots of a proxy that inspects and trustedCa of a node"},
    {Fault::kIncompleteChain, "incomplete_chain",
     "the server sends its certificate without the intermediate",
     "configure the server to send its whole chain"},
    {Fault::kHostMismatch, "host_mismatch", "the certificate is for other names",
     "check where the name resolves to, or have a certificate issued with it as subjectAltName"},
    {Fault::kWeakKey, "weak_key", "a key of its chain is too short",
     "have it reissued with P-256 or RSA of at least 2048 bits"},
    {Fault::kWeakSignature, "weak_signature", "a signature of its chain uses a broken digest",
     "have it reissued with SHA-256"},
    {Fault::kRevoked, "revoked", "a certificate of its chain is revoked", "have it reissued"},
    {Fault::kRevocationUnknown, "revocation_unknown",
     "the revocation state of its chain is unknown", "provide a current revocation list"},
    {Fault::kBadPurpose, "bad_purpose", "the certificate is meant for another purpose",
     "have it reissued with the extended key usage serverAuth"},
    {Fault::kBadCa, "bad_ca",
     "a certificate of its chain signed another without being an authority",
     "have the chain reissued by an authority with CA:TRUE and keyCertSign"},
    {Fault::kNameConstraint, "name_constraint",
     "an authority of its chain may not vouch for this name",
     "have it issued by another authority"},
    {Fault::kPathLength, "path_len", "its chain is longer than an authority in it allows",
     "have the intermediate reissued"},
    {Fault::kCriticalExtension, "critical_ext",
     "a certificate of its chain has an unknown critical extension", "have it reissued without it"},
    {Fault::kMalformedCertificate, "malformed_cert", "a certificate of its chain breaks RFC 5280",
     "have it reissued; the detail names the rule"},
    {Fault::kProtocolVersion, "protocol_version", "it does not speak TLS 1.2 or 1.3",
     "enable TLS 1.2 or later there"},
    {Fault::kNoCipher, "no_cipher", "no cipher suite, group or protocol is common to both sides",
     "enable ECDHE with AES-GCM or ChaCha20 there"},
    {Fault::kWeakDh, "weak_dh", "its Diffie-Hellman parameters are too short",
     "enable ECDHE there"},
    {Fault::kAlertReceived, "alert_received", "it broke the handshake off with an alert",
     "its log says why"},
    {Fault::kHandshakeTimeout, "handshake_timeout", "it did not finish the handshake in time",
     "check that the port speaks TLS and that nothing on the way swallows packets"},
    {Fault::kHandshakeEof, "handshake_eof", "it closed the connection during the handshake",
     "check that the port speaks TLS and that no firewall on the way refuses the name"},
    {Fault::kClientCertificateRequested, "client_cert_requested", "it demands a client certificate",
     "reach it through a tunnel, with a client that has one"},
    {Fault::kClientCertificateMissing, "client_cert_missing", "it sent no client certificate",
     "give the client a certificate that an authority of this listener issued"},
    {Fault::kOther, "other", "the handshake failed", ""},
}};

constexpr bool in_order() {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<size_t>(kRows[i].fault) != i || kRows[i].token.empty()) return false;
  }
  return true;
}
static_assert(in_order(), "one row per fault, in the order of the enum");

const Row& row_of(Fault fault) { return kRows[static_cast<size_t>(fault)]; }

}  // namespace

std::string_view token_of(Fault fault) { return row_of(fault).token; }
std::string_view meaning_of(Fault fault) { return row_of(fault).meaning; }
std::string_view advice_of(Fault fault) { return row_of(fault).advice; }

bool is_certificate_fault(Fault fault) {
  return fault >= Fault::kExpired && fault <= Fault::kMalformedCertificate;
}

}  // namespace tls
