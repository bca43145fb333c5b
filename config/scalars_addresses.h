// Scalars that are addresses, prefixes and endpoints.
#pragma once

#include <cstdint>
#include <optional>

#include "base/ip.h"
#include "config/scalar.h"
#include "config/schema.h"

namespace config {

// "192.0.2.1", "2001:db8::1".
Scalar<base::IpAddress> ip_address();

// "10.0.0.0/8", or an address for that address alone. Host bits are refused with the right prefix,
// and so are IPv4-mapped prefixes, which would match nothing (clients' addresses are unmapped
// first).
Scalar<base::Cidr> cidr();

// "0.0.0.0:3128", "[::]:3128"; port 0 is any free one.
Scalar<Listener> listener();

// Like listener(), or "off", which is nullopt.
Scalar<std::optional<base::Endpoint>> endpoint_or_off();

// A name server: "10.0.0.10", "10.0.0.10:53", "2001:db8::53" or "[2001:db8::53]:53".
Scalar<base::Endpoint> name_server();

}  // namespace config
