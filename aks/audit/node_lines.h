// The proxy variables in a node's files, each file in its own syntax.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aks::audit {

struct Assignment {
  std::string name;  // of the six; apt's two keys under HTTP_PROXY and HTTPS_PROXY
  std::string value;
  int line = 0;  // from 1
};

enum class Syntax {
  kEnvironment,  // /etc/environment: NAME=VALUE, perhaps quoted
  kApt,          // Acquire::http::proxy "VALUE";
  kManager,      // systemd's DefaultEnvironment= of [Manager]
  kUnit,         // systemd's Environment= of [Service]
};

// In the order of the lines, so that of equal names the last one counts. Other lines are stepped
// over.
std::vector<Assignment> read_assignments(std::string_view text, Syntax syntax);

}  // namespace aks::audit
