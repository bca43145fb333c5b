// What the webhook's server works with, as files say it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aks/finding.h"
#include "aks/pod_injection.h"
#include "base/clock.h"
#include "base/result.h"
#include "tls/server.h"

namespace aks::webhook {

// Where the settings come from, and those that no file holds.
struct Sources {
  std::string config_file;       // httpProxyConfig JSON, as for `az aks create`
  std::string certificate_file;  // PEM chain, the leaf first
  std::string key_file;          // PEM
  ClusterFacts facts;
  PodInjection injection;  // without variables, which the configuration brings
};

struct ServerIdentity {
  std::shared_ptr<const tls::ServerContext> context;
  base::WallTime not_after;  // of the leaf
};

// Fails (proxy) with kIo for a file that can't be read, kBadRequest for one that is wrong; what is
// wrong, and what is only odd, is appended to `findings`.
base::Result<std::shared_ptr<const PodInjection>> load_injection(const Sources& sources,
                                                                 std::vector<Finding>& findings);
// The same for certificate and key.
base::Result<ServerIdentity> load_identity(const Sources& sources);

// The settings in use. Readers keep what they took; a replacement is whole or not at all. All
// members are thread-safe.
class LiveSettings {
 public:
  LiveSettings(std::shared_ptr<const PodInjection> injection, ServerIdentity identity)
      : injection_(std::move(injection)), identity_(std::move(identity)) {}

  std::shared_ptr<const PodInjection> injection() const;
  ServerIdentity identity() const;
  void replace(std::shared_ptr<const PodInjection> injection);
  void replace(ServerIdentity identity);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const PodInjection> injection_;
  ServerIdentity identity_;
};

}  // namespace aks::webhook
