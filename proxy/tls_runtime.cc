#include "proxy/tls_runtime.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "tls/authority_files.h"
#include "tls/identity_files.h"
#include "tls/revocations.h"
#include "tls/trust.h"

namespace proxy {
namespace {

base::Result<void> make_listener(const config::Tls& config, TlsRuntime& out) {
  tls::ServerOptions options;
  if (config.http2) options.alpn.emplace_back(kAlpnHttp2);
  options.alpn.emplace_back("http/1.1");
  options.resumption = tls::Resumption::kByTicket;
  if (!config.client_authorities.empty()) {
    tls::TrustStore authorities;
    const auto added = authorities.add_path(config.client_authorities);
    if (!added) return base::fail(added.error());
    if (!config.client_revocations.empty()) {
      const auto lists = tls::add_revocations(authorities, config.client_revocations);
      if (!lists) return base::fail(lists.error());
    }
    options.client_certificates = tls::ClientCertificates{
        std::move(authorities), config.client_certificates == config::ClientCertificates::kOptional
                                    ? tls::ClientCertificate::kOptional
                                    : tls::ClientCertificate::kRequired};
  }
  std::vector<tls::IdentityFiles> files;
  files.reserve(config.certificates.size());
  for (const config::CertificateFiles& each : config.certificates) {
    files.push_back({each.certificate, each.key});
  }
  auto loaded = tls::load_server(files, options);
  if (!loaded) return base::fail(loaded.error());
  out.listener = std::move(loaded->context);
  out.warnings = std::move(loaded->warnings);
  return {};
}

base::Result<void> make_inspection(const config::Tls& config, base::WallTime now, TlsRuntime& out) {
  auto authority = tls::load_authority({config.ca_certificate, config.ca_key}, now);
  if (!authority) return base::fail(authority.error());
  auto issuer =
      tls::LeafIssuer::make(std::move(*authority),
                            std::chrono::duration_cast<std::chrono::seconds>(config.leaf_validity));
  if (!issuer) return base::fail(issuer.error());
  out.issuer = std::move(*issuer);
  auto leaves =
      tls::LeafServer::make(config.resumption ? tls::Resumption::kByTicket : tls::Resumption::kOff);
  if (!leaves) return base::fail(leaves.error());
  out.leaves = std::move(*leaves);

  auto trust = tls::TrustStore::system();
  if (!trust) return base::fail(trust.error());
  for (const std::string& path : config.origin_roots) {
    const auto added = trust->add_path(path);
    if (!added) return base::fail(added.error());
  }
  // An origin that our own CA vouches for is this proxy, or somebody with its key.
  trust->distrust(out.issuer->authority().certificate());
  for (const http::Protocol protocol : {http::Protocol::kHttp1, http::Protocol::kHttp2}) {
    tls::ClientOptions options;
    if (protocol == http::Protocol::kHttp2) options.alpn.emplace_back(kAlpnHttp2);
    options.alpn.emplace_back("http/1.1");
    auto origins = tls::ClientContext::make(*trust, options);
    if (!origins) return base::fail(origins.error());
    out.origins[static_cast<size_t>(protocol)] = std::move(*origins);
  }
  return {};
}

// Of a file, or of a directory and what is in it: a file that is written anew in its place leaves
// its directory as it was.
void add_stamps(std::vector<base::FileStamp>& stamps, const std::string& path) {
  namespace fs = std::filesystem;
  stamps.push_back(base::stamp_of(path));
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    files.push_back(entry->path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) stamps.push_back(base::stamp_of(file));
}

}  // namespace

std::vector<base::FileStamp> TlsRuntime::stamps_of(const config::Tls& config) {
  std::vector<std::string> paths{config.client_authorities, config.client_revocations,
                                 config.ca_certificate, config.ca_key};
  for (const config::CertificateFiles& files : config.certificates) {
    paths.push_back(files.certificate);
    paths.push_back(files.key);
  }
  paths.insert(paths.end(), config.origin_roots.begin(), config.origin_roots.end());
  std::vector<base::FileStamp> stamps;
  stamps.reserve(paths.size());
  for (const std::string& path : paths) add_stamps(stamps, path);
  return stamps;
}

bool TlsRuntime::is_stale(const config::Tls& config, base::WallTime now) const {
  return stamps != stamps_of(config) || (issuer != nullptr && now - made_at >= kKeyLifetime);
}

base::Result<std::shared_ptr<const TlsRuntime>> TlsRuntime::make(const config::Tls& config,
                                                                 base::WallTime now) {
  auto runtime = std::make_shared<TlsRuntime>();
  runtime->made_at = now;
  // Before they are read: what changes meanwhile shows at the next look.
  runtime->stamps = stamps_of(config);
  if (!config.listen.empty()) {
    const base::Result<void> made = make_listener(config, *runtime);
    if (!made) return base::fail(made.error());
  }
  if (config.inspects()) {
    const base::Result<void> made = make_inspection(config, now, *runtime);
    if (!made) return base::fail(made.error());
  }
  return std::shared_ptr<const TlsRuntime>(std::move(runtime));
}

}  // namespace proxy
