// Private keys in files: who may read them is checked before they are believed.
#pragma once

#include <string>

#include "base/result.h"
#include "tls/private_key.h"

namespace tls {

// Reads the key in `path`; its text is wiped. Symbolic links are followed, since Kubernetes mounts
// a Secret as links to `..data/`; what counts is the file they lead to, which must be a regular
// file of this process's user or of root, closed to everyone else. Of a file of root's that is
// handed to another user, the group may read: the kubelet (fsGroup) and systemd (LoadCredential)
// have no other way. Fails with kIo when it can't be read, kBadRequest otherwise.
base::Result<PrivateKey> read_key_file(const std::string& path);

// Writes `key` to a new file at `path` with mode 0600. Fails (kIo) when anything exists there,
// since overwriting a key can't be undone. No part of a file stays behind after a failure.
base::Result<void> write_key_file(const std::string& path, const PrivateKey& key);

}  // namespace tls
