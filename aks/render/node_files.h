// The files that AKS's node scripts write for an httpProxyConfig: bytes, modes and order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "aks/render/values.h"

namespace aks::render {

enum class Distro { kUbuntu, kAzureLinux, kAzureLinuxOsGuard, kFlatcar };

// "ubuntu", "azurelinux", "azurelinux-osguard", "flatcar".
std::string_view token_of(Distro distro);
std::optional<Distro> parse_distro(std::string_view token);

// Where the distribution takes a CA from, and the command that makes it trusted.
struct CaStore {
  std::string_view path;
  std::string_view command;
};
CaStore ca_store(Distro distro);

enum class Ownership {
  kLines,  // AKS adds its lines to what the node has (it appends, without looking for them)
  kFile,   // the file is written as a whole
};

struct NodeFile {
  std::string path;
  // In octal; "" where AKS leaves the mode alone, which is 0644 for a file that was not there.
  std::string mode;
  Ownership ownership = Ownership::kLines;
  std::string content;
};

// In the order of AKS's scripts: the CA, after which `ca_store().command` runs, then
// /etc/environment, apt, systemd and kubelet. Values are written without any quoting, as AKS does.
// Empty when neither proxy is set, since AKS touches nothing then.
std::vector<NodeFile> node_files(const Values& values, Distro distro);

// What readers of the files, and PROXY_VARS, make of characters that AKS does not quote.
void lint_node_values(const Values& values, std::vector<Finding>& findings);

// The same, and files that the distribution has no reader for.
void lint_node_files(const Values& values, Distro distro, std::vector<Finding>& findings);

}  // namespace aks::render
