// Whether it is the platform and the API server that answer, or something on the way in their
// place.
#pragma once

#include <optional>
#include <string_view>

#include "check/plan.h"
#include "tls/certificate.h"

namespace check {

// What only the platform itself answers with: IMDS with the JSON of the node's metadata, wireserver
// with the XML of its versions. nullopt for probes of anything else.
std::optional<std::string_view> platform_sign(const Probe& probe);

// Every API server's certificate has the names of the kubernetes service.
bool names_api_server(const tls::CertificateFacts& certificate);

}  // namespace check
