// Server certificates that lie in files, and change there.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/file_stamp.h"
#include "base/result.h"
#include "tls/identity.h"
#include "tls/server.h"

namespace tls {

struct IdentityFiles {
  std::string certificate;  // PEM chain, the leaf first
  std::string key;          // PEM

  friend bool operator==(const IdentityFiles&, const IdentityFiles&) = default;
};

// Tells one content of the files from the next, also when Kubernetes swaps both at once. Take it
// before reading them: what changes meanwhile then shows at the next look.
std::array<base::FileStamp, 2> stamps_of(const IdentityFiles& files);

struct LoadedIdentity {
  Identity identity;
  // What is odd but works, for the log: a key that others may read, dates that are not now.
  std::vector<std::string> warnings;
};

// Fails (proxy), naming the file, with kIo when one can't be read, and kBadRequest when one is
// wrong or the two don't belong together.
base::Result<LoadedIdentity> load_identity(const IdentityFiles& files);

struct LoadedServer {
  std::shared_ptr<const ServerContext> context;
  base::WallTime not_after;  // of the leaf that expires first
  std::vector<std::string> warnings;
};

// A context that shows the certificates of `files`, as ServerContext::make chooses among them. To
// reload, load again and use the new context for new connections: those that exist keep theirs, and
// its session tickets end with it. Fails as load_identity.
base::Result<LoadedServer> load_server(std::span<const IdentityFiles> files,
                                       const ServerOptions& options);

}  // namespace tls
