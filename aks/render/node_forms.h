// Node files on their way to a node: as a listing or a cloud-init. The script is in node_script.h.
#pragma once

#include <string>

#include "aks/render/document.h"
#include "aks/render/node_files.h"

namespace aks::render {

// Paths, modes and contents in AKS's order, for people and for machines.
std::string node_listing(const std::vector<NodeFile>& files, Distro distro);
std::string node_listing_json(const std::vector<NodeFile>& files, Distro distro);

// A user-data document ("#cloud-config") that writes the files and then runs the CA command.
// /etc/environment is appended to, as AKS does.
std::string cloud_init(const std::vector<NodeFile>& files, Distro distro);

}  // namespace aks::render
