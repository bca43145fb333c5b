#include "proxy/tls_runtime.h"

#include <chrono>

#include "base/file.h"
#include "tls/authority_files.h"
#include "tls/bundle.h"
#include "tls/trust.h"

namespace proxy {
namespace {

base::Result<tls::Identity> load_identity(const config::CertificateFiles& files) {
  const auto chain = base::read_file(files.certificate, tls::kMaxBundleBytes);
  if (!chain) return base::fail(chain.error());
  const auto key = base::read_file(files.key, tls::kMaxBundleBytes);
  if (!key) return base::fail(key.error());
  auto identity = tls::Identity::from_pem(*chain, *key);
  if (identity) return identity;
  base::Error error = identity.error();
  error.detail = files.certificate + " with " + files.key + ": " + error.detail;
  return base::fail(std::move(error));
}

base::Result<void> make_listener(const config::Tls& config, TlsRuntime& out) {
  std::vector<tls::Identity> identities;
  identities.reserve(config.certificates.size());
  for (const config::CertificateFiles& files : config.certificates) {
    auto identity = load_identity(files);
    if (!identity) return base::fail(identity.error());
    identities.push_back(std::move(*identity));
  }
  tls::ServerOptions options;
  options.alpn = {"http/1.1"};
  auto context = tls::ServerContext::make(std::move(identities), options);
  if (!context) return base::fail(context.error());
  out.listener = std::move(*context);
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
  auto leaves = tls::LeafServer::make();
  if (!leaves) return base::fail(leaves.error());
  out.leaves = std::move(*leaves);

  auto trust = tls::TrustStore::system();
  if (!trust) return base::fail(trust.error());
  for (const std::string& path : config.origin_roots) {
    const auto added = trust->add_path(path);
    if (!added) return base::fail(added.error());
  }
  tls::ClientOptions options;
  options.alpn = {"http/1.1"};
  auto origins = tls::ClientContext::make(std::move(*trust), options);
  if (!origins) return base::fail(origins.error());
  out.origins = std::move(*origins);
  return {};
}

}  // namespace

base::Result<std::shared_ptr<const TlsRuntime>> TlsRuntime::make(const config::Tls& config,
                                                                 base::WallTime now) {
  auto runtime = std::make_shared<TlsRuntime>();
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
