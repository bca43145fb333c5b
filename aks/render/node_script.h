// A shell script that gives a node the files of node_files.h, whatever it had before.
#pragma once

#include <string>

#include "aks/render/node_files.h"

namespace aks::render {

// A POSIX script. Unlike AKS's own, which appends, it replaces the lines and the CA that it or AKS
// wrote earlier, removes those that `values` no longer have, keeps all other lines, and changes
// nothing when run again. With values that configure no node it removes everything. It exits with
// 161, AKS's code, when the CA can't be installed.
std::string node_script(const Values& values, Distro distro);

}  // namespace aks::render
