#include "aks/webhook/settings.h"

#include "base/file.h"

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

base::Result<tls::LoadedServer> load_identity(const Sources& sources) {
  return tls::load_server({{sources.identity}}, {{"http/1.1"}});
}

std::shared_ptr<const PodInjection> LiveSettings::injection() const {
  const std::lock_guard lock(mutex_);
  return injection_;
}

tls::LoadedServer LiveSettings::identity() const {
  const std::lock_guard lock(mutex_);
  return identity_;
}

void LiveSettings::replace(std::shared_ptr<const PodInjection> injection) {
  const std::lock_guard lock(mutex_);
  injection_ = std::move(injection);
}

void LiveSettings::replace(tls::LoadedServer identity) {
  const std::lock_guard lock(mutex_);
  identity_ = std::move(identity);
}

}  // namespace aks::webhook
