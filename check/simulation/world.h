// A small internet on loopback: a public root with an origin for every name, a cluster with its API
// server and a service, and the platform's addresses. Real TLS, real certificates, no network.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "check/simulation/origin_server.h"
#include "net/loop.h"
#include "tls/authority.h"

namespace check {

struct WorldSpec {
  base::IpAddress address = base::IpAddress::v4({127, 0, 0, 1});
  // Ports; 0 picks free ones.
  std::uint16_t public_tls_port = 0;
  std::uint16_t public_http_port = 0;
  std::uint16_t cluster_tls_port = 0;
  std::uint16_t platform_http_port = 0;
  std::vector<std::string> public_names;  // served with valid certificates of the public root
  std::string public_root = "Simulated Public Root";  // the common name of that root
  std::string expired_name;  // served with one that has run out; "" for none
  // Served with a valid certificate by an origin that asks for the client's as well; "" for none.
  std::string asking_name{};
  std::vector<std::string> cluster_names;  // the API server's name and service addresses
  enum class Platform { kServed, kAbsent } platform = Platform::kServed;
};

class World {
 public:
  // Makes the authorities and starts the servers on a thread of their own. Fails when a port is
  // taken or a certificate can't be made.
  static base::Result<std::unique_ptr<World>> start(const WorldSpec& spec);
  ~World();

  // Only of what the spec asks for.
  const base::Endpoint& public_tls() const { return public_tls_->endpoint(); }
  const base::Endpoint& public_http() const { return public_http_->endpoint(); }
  const base::Endpoint& asking_tls() const { return asking_tls_->endpoint(); }
  const base::Endpoint& cluster_tls() const { return cluster_tls_->endpoint(); }
  const base::Endpoint& platform_http() const { return platform_http_->endpoint(); }
  const tls::Authority& public_root() const { return public_root_; }
  const tls::Authority& cluster_root() const { return cluster_root_; }

 private:
  World(tls::Authority public_root, tls::Authority cluster_root)
      : public_root_(std::move(public_root)), cluster_root_(std::move(cluster_root)) {}

  base::Result<void> open(const WorldSpec& spec);
  base::Result<void> open_public(const WorldSpec& spec, const tls::PrivateKey& key);
  base::Result<void> open_asking(const WorldSpec& spec, const tls::PrivateKey& key);
  base::Result<void> open_cluster(const WorldSpec& spec, const tls::PrivateKey& key);
  base::Result<void> serve(std::unique_ptr<OriginServer>& slot, const base::Endpoint& endpoint,
                           const char* name, std::vector<tls::Identity> shown,
                           const tls::ServerOptions& options = {});

  tls::Authority public_root_;
  tls::Authority cluster_root_;
  net::Loop loop_;
  std::unique_ptr<OriginServer> public_tls_;
  std::unique_ptr<OriginServer> public_http_;
  std::unique_ptr<OriginServer> asking_tls_;
  std::unique_ptr<OriginServer> cluster_tls_;
  std::unique_ptr<OriginServer> platform_http_;
  std::thread thread_;
};

}  // namespace check
