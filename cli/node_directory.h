// A node's files below a directory in which its root is, or into which they were copied.
#pragma once

#include <string>

#include "aks/audit/node_snapshot.h"
#include "base/result.h"

namespace cli {

// Links are followed as on the node: an absolute one begins at `root`. Files that can't be read are
// left out. Fails (proxy, kIo) when `root` is no directory, and (client, kBadRequest) when none of
// the node's files is below it.
base::Result<aks::audit::NodeSnapshot> read_node_directory(const std::string& root);

}  // namespace cli
