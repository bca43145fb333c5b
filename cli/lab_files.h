// What `sluice lab origins` leaves in a directory for the other machines of the lab.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "tls/authority.h"

namespace cli {

// The endpoint that a lab with a registry has there.
inline constexpr const char* kLabRegistry = "mcr.microsoft.com";
// What the lab's proxy is called.
inline constexpr const char* kLabProxy = "proxy.lab.example";

// The lab as its proxy has to know it.
struct LabPlan {
  std::vector<std::string> names;      // of the endpoints
  std::vector<std::string> addresses;  // where they are
  std::vector<std::string> registry;   // where kLabRegistry is instead; empty: where the others are
  std::uint16_t tls_port = 0;
  std::uint16_t http_port = 0;
  enum class Tunnels { kRelayed, kInspected } tunnels = Tunnels::kRelayed;
  std::string http_proxy_config;  // a file that lacks the CA of the proxy; "" for none
};

// Writes, in place of what is there:
//   public-roots.pem              the root of the endpoints, which stands for the public ones
//   sluice-ca.pem, .key           the proxy's CA: nodes get it as trustedCa
//   listener.pem, .key            of that CA, what the proxy shows where it listens with TLS
//   registry.pem, .key            of the public root, for the registry, where there is one
//   admin-token                   what the proxy's admin listener asks for
//   sluice.yaml                   the proxy's configuration, with the paths of the above
//   http-proxy-config.json        plan.http_proxy_config with the proxy's CA as trustedCa
// Keys, the token and sluice.yaml are for the owner alone. Fails with kIo, or with kBadRequest when
// plan.http_proxy_config is none.
base::Result<void> write_lab_files(const std::string& directory, const LabPlan& plan,
                                   const tls::Authority& public_root);

}  // namespace cli
