#include "tls/identity_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "base/file.h"
#include "base/file_in_time.h"
#include "tls/bundle.h"

namespace tls {
namespace {

base::Failure in_files(const IdentityFiles& files, base::Error error) {
  error.code = base::ErrorCode::kBadRequest;
  error.detail = files.certificate + " with " + files.key + ": " + error.detail;
  return base::fail(std::move(error));
}

void look_at_permissions(const std::string& path, std::vector<std::string>& warnings) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || (status.st_mode & 07) == 0) return;
  std::array<char, 8> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", status.st_mode & 07777U);
  warnings.push_back("every user of this system may use the key " + path + " (its mode is " +
                     mode.data() + "); chmod 0600, or defaultMode: 0400 for a Kubernetes Secret");
}

void look_at_dates(const IdentityFiles& files, const CertificateFacts& leaf,
                   std::vector<std::string>& warnings) {
  const base::WallTime now = base::wall_now();
  if (leaf.not_after <= now) {
    warnings.push_back(files.certificate + " has expired (" + to_string(leaf.not_after) +
                       "); clients will refuse it until it is renewed");
  } else if (leaf.not_before > now) {
    warnings.push_back(files.certificate + " is not valid before " + to_string(leaf.not_before) +
                       "; clients will refuse it until then, or this system's clock is wrong");
  }
}

}  // namespace

std::array<base::FileStamp, 2> stamps_of(const IdentityFiles& files) {
  return {base::stamp_of(files.certificate), base::stamp_of(files.key)};
}

base::Result<LoadedIdentity> load_identity(const IdentityFiles& files) {
  const auto chain = base::read_file_in_time(files.certificate, kMaxBundleBytes);
  if (!chain) return base::fail(chain.error());
  auto key = base::read_file_in_time(files.key, kMaxBundleBytes);
  if (!key) return base::fail(std::move(key).error());
  auto identity = Identity::from_pem(*chain, *key);
  wipe(*key);
  if (!identity) return in_files(files, std::move(identity).error());
  LoadedIdentity loaded{std::move(*identity), {}};
  look_at_permissions(files.key, loaded.warnings);
  look_at_dates(files, loaded.identity.chain.front().facts(), loaded.warnings);
  return loaded;
}

base::Result<LoadedServer> load_server(std::span<const IdentityFiles> files,
                                       const ServerOptions& options) {
  LoadedServer server{{}, base::WallTime::max(), {}};
  std::vector<Identity> identities;
  identities.reserve(files.size());
  for (const IdentityFiles& one : files) {
    auto loaded = load_identity(one);
    if (!loaded) return base::fail(std::move(loaded).error());
    // By itself first, so that an error names the files at fault.
    const auto usable = ServerContext::make({loaded->identity});
    if (!usable) return in_files(one, usable.error());
    server.not_after = std::min(server.not_after, loaded->identity.chain.front().facts().not_after);
    server.warnings.insert(server.warnings.end(), loaded->warnings.begin(), loaded->warnings.end());
    identities.push_back(std::move(loaded->identity));
  }
  auto context = ServerContext::make(std::move(identities), options);
  if (!context) return base::fail(std::move(context).error());
  server.context = std::move(*context);
  return server;
}

}  // namespace tls
