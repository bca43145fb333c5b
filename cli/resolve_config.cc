#include "cli/resolve_config.h"

#include "aks/effective_no_proxy.h"
#include "aks/http_proxy_config.h"
#include "aks/profile.h"
#include "base/file.h"

namespace cli {
namespace {

class Resolver {
 public:
  Resolver(config::Loaded& loaded, const std::string& file) : loaded_(loaded), file_(file) {}

  void resolve_profile() {
    config::Policy& policy = loaded_.config.policy;
    const base::Result<void> applied = aks::apply_profile(policy);
    if (!applied) add(config::Severity::kError, "policy.profile", applied.error().detail);
  }

  void resolve_misroutes() {
    config::Misroutes& misroutes = loaded_.config.misroutes;
    const std::string& path = misroutes.http_proxy_config;
    if (path.empty()) return;
    const auto text = base::read_file(path, aks::kMaxConfigBytes);
    if (!text) return add(config::Severity::kError, kFileKey, text.error().detail);
    const aks::ParsedConfig parsed = aks::parse_http_proxy_config(*text);
    for (const aks::Finding& finding : parsed.findings) {
      // The noProxy list is what counts here; the rest is for `sluice aks validate`.
      if (finding.severity == aks::Severity::kError) {
        add(config::Severity::kError, kFileKey, path + ": " + aks::to_string(finding));
      }
    }
    if (!parsed.config) return;
    misroutes.no_proxy.clear();
    if (!parsed.config->enabled) {
      return add(config::Severity::kWarning, kFileKey,
                 path +
                     " is disabled (\"enabled\": false), so AKS tells clients no noProxy and no "
                     "request counts as misrouted; name the configuration that is in force, or "
                     "set misroutes: off");
    }
    const aks::ClusterFacts facts{misroutes.fqdn,       "",
                                  misroutes.pod_cidrs,  misroutes.service_cidrs,
                                  misroutes.vnet_cidrs, misroutes.subnet_cidrs};
    for (aks::EffectiveEntry& entry : aks::effective_no_proxy(parsed.config->no_proxy, facts)) {
      misroutes.no_proxy.push_back(std::move(entry.text));
    }
  }

 private:
  static constexpr const char* kFileKey = "misroutes.http_proxy_config";

  void add(config::Severity severity, const std::string& key, const std::string& message) {
    loaded_.problems.push_back(
        config::problem_at(severity, key, key + ": " + message, loaded_.sources, file_));
  }

  config::Loaded& loaded_;
  const std::string& file_;
};

}  // namespace

void resolve_references(config::Loaded& loaded, const std::string& file) {
  if (config::has_errors(loaded.problems)) return;
  Resolver resolver(loaded, file);
  resolver.resolve_profile();
  resolver.resolve_misroutes();
}

}  // namespace cli
