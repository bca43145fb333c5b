// What the webhook's server works with, as files say it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aks/finding.h"
#include "aks/pod_injection.h"
#include "base/result.h"
#include "tls/identity_files.h"

namespace aks::webhook {

// Where the settings come from, and those that no file holds.
struct Sources {
  std::string config_file;  // httpProxyConfig JSON, as for `az aks create`
  tls::IdentityFiles identity;
  ClusterFacts facts;
  PodInjection injection;  // without variables, which the configuration brings
};

// Fails (proxy) with kIo for a file that can't be read, kBadRequest for one that is wrong; what is
// wrong, and what is only odd, is appended to `findings`.
base::Result<std::shared_ptr<const PodInjection>> load_injection(const Sources& sources,
                                                                 std::vector<Finding>& findings);
// The same for certificate and key.
base::Result<tls::LoadedServer> load_identity(const Sources& sources);

// The settings in use. Readers keep what they took; a replacement is whole or not at all. All
// members are thread-safe.
class LiveSettings {
 public:
  LiveSettings(std::shared_ptr<const PodInjection> injection, tls::LoadedServer identity)
      : injection_(std::move(injection)), identity_(std::move(identity)) {}

  std::shared_ptr<const PodInjection> injection() const;
  tls::LoadedServer identity() const;
  void replace(std::shared_ptr<const PodInjection> injection);
  void replace(tls::LoadedServer identity);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const PodInjection> injection_;
  tls::LoadedServer identity_;
};

}  // namespace aks::webhook
