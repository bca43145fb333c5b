// Why a tunnel that was to be inspected is not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/schema.h"

namespace proxy::inspect {

enum class Exemption : std::uint8_t {
  kNone,
  kListed,             // in tls.passthrough
  kApiServer,          // AKS gives clients of its API servers no way to trust another CA
  kClientCertificate,  // the origin asks for one, which only the client has
  kPinned,             // the client rejected our certificate before
  kNotTls,             // the client speaks something else
  kNotHttp,            // the client offers by ALPN nothing that is inspected
};

// The word for records: "listed", "api-server", …; "" for kNone.
std::string_view token_of(Exemption exemption);
// Why, as a sentence's second half: "it is in tls.passthrough".
std::string_view reason_of(Exemption exemption);

// What the name alone says. `host` as http::Authority has it.
Exemption exempt_by_name(const config::Tls& config, std::string_view host);

// Whether a client that offers these protocols by ALPN may speak HTTP: it offers it, or nothing.
bool offers_http(const std::vector<std::string>& protocols);

}  // namespace proxy::inspect
