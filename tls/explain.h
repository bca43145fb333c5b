// Sentences about handshakes that failed.
#pragma once

#include <optional>

#include "base/error.h"
#include "tls/certificate.h"
#include "tls/stream.h"

namespace tls {

// The error of a stream whose handshake failed: whom it was with, what is wrong with which
// certificate, and what to do. `leaf` is the peer's certificate where it is known.
base::Error explain(const TlsStream& stream, const std::optional<CertificateFacts>& leaf);

// The error of a handshake that was not over at its deadline.
base::Error explain_timeout(const TlsStream& stream);

// The words for octets that are not TLS: "it speaks plain HTTP on this port". Empty for anything
// that may be TLS.
std::string not_tls(std::string_view first_octets);

}  // namespace tls
