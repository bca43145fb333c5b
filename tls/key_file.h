// Private keys in files: who may read them is checked before they are believed.
#pragma once

#include <string>

#include "base/result.h"
#include "tls/private_key.h"

namespace tls {

// Whose a file is and who may use it, as stat tells.
struct FileAccess {
  unsigned mode = 0;
  unsigned owner = 0;
};

// Whether a process of the user `self` may believe a key in such a file at `path`: a regular file
// of its own or of root's, closed to everyone else. Of a file of root's that is handed to another
// user the group may read: the kubelet (fsGroup) and systemd (LoadCredential) have no other way.
// Fails with kBadRequest.
base::Result<void> check_key_access(const std::string& path, FileAccess file, unsigned self);

// Reads the key in `path` after check_key_access; its text is wiped. Symbolic links are followed,
// since Kubernetes mounts a Secret as links to `..data/`; the file they lead to is what counts.
// Fails with kIo when it can't be read, kBadRequest otherwise.
base::Result<PrivateKey> read_key_file(const std::string& path);

// Writes `key` to a new file at `path` with mode 0600. Fails (kIo) when anything exists there,
// since overwriting a key can't be undone. No part of a file stays behind after a failure.
base::Result<void> write_key_file(const std::string& path, const PrivateKey& key);

}  // namespace tls
