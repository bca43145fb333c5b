#include "aks/render/node_script.h"

#include <array>

#include "aks/render/quote.h"
#include "aks/trusted_ca.h"

namespace aks {

// Compiled in from node_script.sh (cmake/embed.cmake).
std::string_view embedded_node_script_sh();

namespace render {
namespace {

constexpr std::string_view kNames =
    "(HTTP_PROXY|http_proxy|HTTPS_PROXY|https_proxy|NO_PROXY|no_proxy)";

// How the script treats one file of node_files, and which lines in it are AKS's (as an extended
// regular expression without backslashes, which awk's dialects disagree on).
struct LineFile {
  const char* path;
  const char* mode;  // "": left as found
  std::string pattern;
  std::string_view header;  // of the section that the lines belong to; "" when there are none
};

std::array<LineFile, 4> line_files() {
  const std::string names(kNames);
  return {{{"/etc/environment", "", "^ *(export +)?" + names + " *=", ""},
           {"/etc/apt/apt.conf.d/95proxy", "0644", "^ *[Aa]cquire::https?::[Pp]roxy ", ""},
           {"/etc/systemd/system.conf.d/proxy.conf", "0644",
            "^DefaultEnvironment=\"" + names + "=[^ ]*\"$", "[Manager]"},
           {"/etc/systemd/system/kubelet.service.d/10-httpproxy.conf", "0644",
            "^EnvironmentFile=/etc/environment$", "[Service]"}}};
}

// The lines for `path`, without the header, which the script writes itself.
std::string lines_for(const std::vector<NodeFile>& files, const LineFile& wanted) {
  for (const NodeFile& file : files) {
    if (file.path != wanted.path) continue;
    const size_t skip = wanted.header.empty() ? 0 : wanted.header.size() + 1;
    return file.content.substr(skip);
  }
  return "";
}

// With a CA that was replaced or has gone, Debian's tool leaves hash links to the old one, and
// makes none to the new one, unless it begins afresh.
std::string ca_command(const Values& values, Distro distro) {
  const auto [path, command] = ca_store(distro);
  const std::string tail =
      " " + std::string(command) + (distro == Distro::kUbuntu ? " --fresh" : "") + "\n";
  if (!values.configures_nodes() || values.trusted_ca.empty()) {
    return "drop_ca " + std::string(path) + tail;
  }
  return "put_ca " + std::string(path) + " \\\n  " + shell_quoted(values.trusted_ca) + " \\\n " +
         tail;
}

}  // namespace

std::string node_script(const Values& values, Distro distro) {
  const std::vector<NodeFile> files = node_files(values, distro);
  std::string out =
      "#!/bin/sh\n"
      "# Gives this node (" +
      std::string(token_of(distro)) +
      ") the HTTP proxy of its AKS cluster. May be run again, also after a change of the\n"
      "# configuration. Made by `sluice aks render node --script`.\n";
  out += embedded_node_script_sh();
  out += '\n' + ca_command(values, distro);
  for (const LineFile& file : line_files()) {
    out += "\nput_lines " + std::string(file.path) + " '" + file.mode + "' \\\n  " +
           shell_quoted(file.pattern) + " " + shell_quoted(file.header) + " <<'END'\n" +
           lines_for(files, file) + "END\n";
  }
  return out + "\nfinish\n";
}

}  // namespace render
}  // namespace aks
