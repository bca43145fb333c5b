#include "aks/webhook/settings.h"

#include "base/file.h"
#include "tls/bundle.h"

namespace aks::webhook {

base::Result<std::shared_ptr<const PodInjection>> load_injection(const Sources& sources,
                                                                 std::vector<Finding>& findings) {
  const auto text = base::read_file(sources.config_file, kMaxConfigBytes);
  if (!text) return base::fail(text.error());
  ParsedConfig parsed = parse_http_proxy_config(*text);
  findings.insert(findings.end(), parsed.findings.begin(), parsed.findings.end());
  if (!parsed.config) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      sources.config_file + " has errors; mend them first");
  }
  auto injection = std::make_shared<PodInjection>(sources.injection);
  injection->variables = pod_variables(render::values_of(*parsed.config, sources.facts));
  // Disabled means for AKS that pods get nothing.
  if (!parsed.config->enabled) injection->ca.reset();
  return std::shared_ptr<const PodInjection>(std::move(injection));
}

base::Result<ServerIdentity> load_identity(const Sources& sources) {
  const auto chain = base::read_file(sources.certificate_file, tls::kMaxBundleBytes);
  if (!chain) return base::fail(chain.error());
  auto key = base::read_file(sources.key_file, tls::kMaxBundleBytes);
  if (!key) return base::fail(key.error());
  auto identity = tls::Identity::from_pem(*chain, *key);
  tls::wipe(*key);
  base::Result<std::shared_ptr<const tls::ServerContext>> context = base::fail({});
  if (identity) {
    const base::WallTime not_after = identity->chain.front().facts().not_after;
    context = tls::ServerContext::make({std::move(*identity)}, {{"http/1.1"}});
    if (context) return ServerIdentity{std::move(*context), not_after};
  }
  base::Error error = identity ? context.error() : identity.error();
  error.code = base::ErrorCode::kBadRequest;
  error.detail = sources.certificate_file + " with " + sources.key_file + ": " + error.detail;
  return base::fail(std::move(error));
}

std::shared_ptr<const PodInjection> LiveSettings::injection() const {
  const std::lock_guard lock(mutex_);
  return injection_;
}

ServerIdentity LiveSettings::identity() const {
  const std::lock_guard lock(mutex_);
  return identity_;
}

void LiveSettings::replace(std::shared_ptr<const PodInjection> injection) {
  const std::lock_guard lock(mutex_);
  injection_ = std::move(injection);
}

void LiveSettings::replace(ServerIdentity identity) {
  const std::lock_guard lock(mutex_);
  identity_ = std::move(identity);
}

}  // namespace aks::webhook
