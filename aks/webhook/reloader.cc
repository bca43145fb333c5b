#include "aks/webhook/reloader.h"

#include "base/log.h"
#include "tls/certificate.h"

namespace aks::webhook {
namespace {

void reload_config(const Sources& sources, LiveSettings& settings, Metrics& metrics) {
  std::vector<Finding> findings;
  auto injection = load_injection(sources, findings);
  for (const Finding& finding : findings) {
    const bool error = finding.severity == Severity::kError;
    base::log(error ? base::LogLevel::kError : base::LogLevel::kWarn,
              "reload: " + sources.config_file + ": " + finding.path + ": " + finding.message);
  }
  metrics.count(File::kConfig, injection ? Reload::kDone : Reload::kFailed);
  if (!injection) {
    return base::log_error("reload: " + injection.error().detail +
                           "; the configuration in use is kept");
  }
  settings.replace(std::move(*injection));
  base::log_info("reload: " + sources.config_file + " is in use from now on");
}

void reload_identity(const Sources& sources, LiveSettings& settings, Metrics& metrics) {
  auto identity = load_identity(sources);
  metrics.count(File::kCertificate, identity ? Reload::kDone : Reload::kFailed);
  if (!identity) {
    return base::log_error("reload: " + identity.error().detail +
                           "; the certificate in use is kept");
  }
  for (const std::string& warning : identity->warnings) base::log_warn("reload: " + warning);
  const std::string end = tls::to_string(identity->not_after);
  settings.replace(std::move(*identity));
  base::log_info("reload: " + sources.identity.certificate +
                 " is in use from now on, valid until " + end);
}

}  // namespace

Reloader::Reloader(Sources sources)
    : sources_(std::move(sources)),
      config_(base::stamp_of(sources_.config_file)),
      identity_(tls::stamps_of(sources_.identity)) {}

void Reloader::poll(LiveSettings& settings, Metrics& metrics) {
  // Stamps are taken before reading: what changes meanwhile shows at the next call.
  if (const base::FileStamp now = base::stamp_of(sources_.config_file); now != config_) {
    config_ = now;
    reload_config(sources_, settings, metrics);
  }
  if (const auto now = tls::stamps_of(sources_.identity); now != identity_) {
    identity_ = now;
    reload_identity(sources_, settings, metrics);
  }
}

}  // namespace aks::webhook
