// The files of a node that decide about its proxy, taken off it by whatever means.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/render/node_files.h"
#include "base/result.h"

namespace aks::audit {

inline constexpr std::size_t kMaxNodeFile = std::size_t{4} * 1024 * 1024;
inline constexpr std::size_t kMaxCaptureBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t kMaxNodeFiles = 1000;

struct SnapshotFile {
  std::string content;
  unsigned mode = 0644;
};

// Files by their path on the node, e.g. "/etc/environment".
using NodeSnapshot = std::map<std::string, SnapshotFile>;

// What a snapshot holds of a node: single files, and folders of which the files directly inside
// count. All begin with '/'.
const std::vector<std::string>& snapshot_files();
const std::vector<std::string>& snapshot_folders();
bool is_of_interest(std::string_view path);

// Where node_collect.sh puts the variables with which a unit runs: "/run/sluice/kubelet.environ",
// one NAME=VALUE a line.
std::string running_path(std::string_view unit);

// Reads what collect_script() prints, also when kubectl's chatter stands around it, or a tar
// archive whose paths are relative to the node's root (or to "host"). Fails (client, kBadRequest)
// for anything else, and when none of the node's files is in it.
base::Result<NodeSnapshot> read_capture(std::string_view text);

// A script for sh on the node that prints a capture, and changes nothing there.
std::string_view collect_script();

// By ID in os-release, else by the place where the proxy's CA lies; nullopt when neither tells.
std::optional<render::Distro> distro_of(const NodeSnapshot& snapshot);

}  // namespace aks::audit
