#include "tls/explain.h"

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "tls/error.h"

namespace tls {
namespace {

// Alerts with which a client says that it does not believe our certificate (RFC 8446 §6.2).
constexpr int kBadCertificate = 42;
constexpr int kCertificateUnknown = 46;
constexpr int kUnknownCa = 48;

bool refuses_our_certificate(int alert) {
  return alert == kBadCertificate || alert == kCertificateUnknown || alert == kUnknownCa;
}

std::string opening(const TlsStream& stream) {
  return "TLS with " + base::printable(stream.peer(), base::Spaces::kKeep, 300) + " failed: ";
}

std::string list_names(const CertificateFacts& leaf) {
  constexpr size_t kShown = 5;
  if (leaf.sans.empty()) return "no DNS name or IP address at all";
  std::string list;
  const size_t shown = std::min(kShown, leaf.sans.size());
  for (size_t i = 0; i < shown; ++i) list += (i == 0 ? "" : ", ") + leaf.sans[i];
  if (leaf.san_count > shown) list += " and " + std::to_string(leaf.san_count - shown) + " more";
  return list;
}

// The facts that bear on the fault.
std::string certificate_clause(const PeerCheck& check, const CertificateFacts& leaf, Fault fault) {
  std::string clause = " (subject \"" + leaf.subject + "\", issuer \"" + leaf.issuer + "\"";
  if (fault == Fault::kHostMismatch) clause += ", valid for " + list_names(leaf);
  if (check.depth == 0 && fault == Fault::kExpired)
    clause += ", expired " + to_string(leaf.not_after);
  if (check.depth == 0 && fault == Fault::kNotYetValid) {
    clause += ", valid from " + to_string(leaf.not_before);
  }
  if (check.depth > 0) clause += ", at fault: \"" + check.at_fault + "\"";
  return clause + (check.reason.empty() ? ")" : "; OpenSSL: " + check.reason + ")");
}

std::string with_advice(std::string sentence, std::string_view advice) {
  if (!advice.empty()) sentence.append("; ").append(advice);
  return sentence;
}

// The advice for origins is about their chains and about what this system trusts.
std::string_view certificate_advice(const TlsStream& stream, Fault fault) {
  if (stream.party() != base::Party::kClient) return advice_of(fault);
  switch (fault) {
    case Fault::kSelfSigned:
    case Fault::kUntrustedRoot:
    case Fault::kIncompleteChain:
      return "use one that an authority of this listener issued, with its intermediates";
    case Fault::kBadPurpose: return "have it reissued with the extended key usage clientAuth";
    default: return advice_of(fault);
  }
}

std::string certificate_sentence(const TlsStream& stream, const CertificateFacts& leaf,
                                 Fault fault) {
  std::string sentence = opening(stream);
  sentence += meaning_of(fault);
  sentence += certificate_clause(stream.peer_check(), leaf, fault);
  return with_advice(std::move(sentence), certificate_advice(stream, fault));
}

// A choice by ALPN that finds nothing is a fault like one of a cipher, with another remedy.
std::string_view handshake_advice(const TlsStream::Failure& failure) {
  constexpr int kNoApplicationProtocol = 120;  // RFC 7301 §3.2
  const bool is_alpn = failure.alert == kNoApplicationProtocol ||
                       failure.reason == ERR_reason_error_string(ERR_PACK(
                                             ERR_LIB_SSL, 0, SSL_R_NO_APPLICATION_PROTOCOL));
  return is_alpn ? "make both sides offer a common protocol by ALPN, such as http/1.1"
                 : advice_of(failure.fault);
}

std::string alert_sentence(const TlsStream& stream, int alert) {
  std::string sentence = opening(stream) + "it sent the alert " + alert_name(alert);
  if (stream.party() == base::Party::kClient && refuses_our_certificate(alert)) {
    return with_advice(std::move(sentence),
                       "it does not trust our certificate: give it the authority that issued it");
  }
  return with_advice(std::move(sentence), handshake_advice(*stream.failure()));
}

std::string handshake_sentence(const TlsStream& stream, const TlsStream::Failure& failure) {
  const std::string plain = not_tls(stream.first_octets());
  if (!plain.empty()) return opening(stream) + plain;
  if (failure.alert >= 0) return alert_sentence(stream, failure.alert);
  std::string sentence = opening(stream);
  sentence += meaning_of(failure.fault);
  if (failure.fault == Fault::kHandshakeEof) {
    if (failure.cause != kTruncated) sentence += " (" + base::errno_name(failure.cause) + ")";
    // What a client of ours sees of a handshake is our certificate, and many say nothing of it.
    if (stream.party() == base::Party::kClient && !stream.first_octets().empty()) {
      return with_advice(std::move(sentence),
                         "most clients that do so don't trust the certificate that they were "
                         "shown: give them the authority that issued it");
    }
  } else if (!failure.reason.empty()) {
    sentence += " (OpenSSL: " + failure.reason + ")";
  }
  return with_advice(std::move(sentence), handshake_advice(failure));
}

}  // namespace

std::string not_tls(std::string_view first_octets) {
  // A record starts with its content type, 20 to 24, and the major version 3 (RFC 8446 §5.1).
  if (first_octets.size() < 5 || (first_octets[0] >= 20 && first_octets[0] <= 24)) return {};
  if (first_octets.starts_with("HTTP/")) {
    return "it answers in plain HTTP on this port; use http:// or its TLS port";
  }
  constexpr std::array<std::string_view, 7> kMethods{"GET ",  "POST ", "HEAD ", "PUT ",
                                                     "CONNE", "OPTIO", "DELETE"};
  for (const std::string_view method : kMethods) {
    if (first_octets.starts_with(method.substr(0, 5))) {
      return "it speaks plain HTTP to a port that expects TLS; use https:// there or the plain "
             "port";
    }
  }
  return "what it sent is not TLS (it begins \"" + base::printable(first_octets) +
         "\"); check the port";
}

base::Error explain(const TlsStream& stream, const std::optional<CertificateFacts>& leaf) {
  const TlsStream::Failure& failure = *stream.failure();
  const bool certificate = is_certificate_fault(failure.fault);
  const base::ErrorCode code =
      certificate ? base::ErrorCode::kTlsCertificate : base::ErrorCode::kTlsHandshake;
  return {code, stream.party(), failure.cause,
          certificate && leaf ? certificate_sentence(stream, *leaf, failure.fault)
                              : handshake_sentence(stream, failure)};
}

base::Error explain_timeout(const TlsStream& stream) {
  const bool client = stream.party() == base::Party::kClient;
  std::string sentence = opening(stream);
  sentence += meaning_of(Fault::kHandshakeTimeout);
  return {client ? base::ErrorCode::kClientTimeout : base::ErrorCode::kOriginTimeout,
          stream.party(), ETIMEDOUT,
          with_advice(std::move(sentence), advice_of(Fault::kHandshakeTimeout))};
}

}  // namespace tls
