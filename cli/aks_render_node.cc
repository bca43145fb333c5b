#include "cli/aks_render_node.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include "aks/render/node_forms.h"
#include "aks/render/node_script.h"
#include "aks/render/tar.h"
#include "cli/aks_render_run.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using aks::render::NodeFile;

constexpr const char* kExamples = R"(Without an option the files are listed with their contents.

Examples:
  sluice aks render node aks-proxy-config.json facts.json
  sluice aks render node aks-proxy-config.json --distro azurelinux --out root
  sluice aks render node aks-proxy-config.json facts.json --tar node.tar
  sluice aks render node aks-proxy-config.json facts.json --cloud-init > user-data
  sluice aks render node aks-proxy-config.json facts.json --script | ssh NODE sudo sh

Exit codes: 0 fine, 2 wrong configuration, 3 trouble with a file.)";

struct Flags {
  RenderFlags render;
  std::string directory, tar;
  bool cloud_init = false;
  bool script = false;
  bool json = false;
};

unsigned mode_of(const NodeFile& file) {
  constexpr unsigned kDefaultMode = 0644;
  return file.mode.empty() ? kDefaultMode
                           : static_cast<unsigned>(std::stoul(file.mode, nullptr, 8));
}

std::string relative(const NodeFile& file) { return file.path.substr(1); }

base::Failure unwritable(const fs::path& path) {
  return base::fail(
      base::ErrorCode::kIo, base::Party::kProxy,
      path.string() + " can't be written; check that its directory exists and is writable");
}

base::Result<void> write_whole(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content << std::flush;
  if (!file) return unwritable(path);
  return {};
}

// Into a directory that is new or empty, so that nothing of an earlier configuration stays.
base::Result<void> write_directory(const std::string& directory,
                                   const std::vector<NodeFile>& files) {
  std::error_code error;
  if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      directory +
                          " is not an empty directory, and files of an earlier configuration "
                          "could stay in it: name a new one");
  }
  fs::create_directories(directory, error);
  if (error) return unwritable(directory);
  for (const NodeFile& file : files) {
    const fs::path path = fs::path(directory) / relative(file);
    fs::create_directories(path.parent_path(), error);
    if (error) return unwritable(path);
    if (auto written = write_whole(path, file.content); !written) return written;
    fs::permissions(path, static_cast<fs::perms>(mode_of(file)), error);
    if (error) return unwritable(path);
  }
  return {};
}

base::Result<std::string> tar_of(const std::vector<NodeFile>& files) {
  std::vector<aks::render::TarEntry> entries;
  entries.reserve(files.size());
  for (const NodeFile& file : files)
    entries.push_back({relative(file), mode_of(file), file.content});
  return aks::render::make_tar(entries);
}

// Both hold /etc/environment as AKS's lines alone.
void note_environment(std::vector<aks::Finding>& findings) {
  findings.push_back(
      {aks::Severity::kNote, "node-environment", "/etc/environment",
       "only the lines that AKS appends are in it: append them to the node's own file "
       "instead of replacing that"});
}

// What goes to standard output; files are written on the way.
base::Result<std::string> make_output(const Flags& flags, const RenderInput& input,
                                      std::vector<aks::Finding>& findings) {
  const auto files = aks::render::node_files(input.values, input.distro);
  if (flags.script) return aks::render::node_script(input.values, input.distro);
  if (flags.cloud_init) return aks::render::cloud_init(files, input.distro);
  if (flags.json) return aks::render::node_listing_json(files, input.distro);
  if (flags.directory.empty() && flags.tar.empty()) {
    return aks::render::node_listing(files, input.distro);
  }
  if (!files.empty()) note_environment(findings);
  if (!flags.directory.empty()) {
    if (auto written = write_directory(flags.directory, files); !written) {
      return base::fail(written.error());
    }
    return std::string();
  }
  auto archive = tar_of(files);
  if (!archive || flags.tar == "-") return archive;
  if (auto written = write_whole(flags.tar, *archive); !written) return base::fail(written.error());
  return std::string();
}

int run(const Flags& flags) {
  bool failed = false;
  const int code =
      run_render(flags.render,
                 [&](const RenderInput& input,
                     std::vector<aks::Finding>& findings) -> std::optional<std::string> {
                   aks::render::lint_facts(input.facts, findings);
                   aks::render::lint_node_files(input.values, input.distro, findings);
                   auto output = make_output(flags, input, findings);
                   if (output) return std::move(*output);
                   complain(output.error());
                   failed = true;
                   return std::nullopt;
                 });
  return failed ? kEnvironmentTrouble : code;
}

}  // namespace

void add_aks_render_node(Command render, int& exit_code) {
  const Command command = render.add_subcommand("node", "The files of a node, byte for byte");
  const auto flags = std::make_shared<Flags>();
  add_facts_arguments(command, flags->render);
  command.add_option(
      "--distro", flags->render.distro,
      "ubuntu, azurelinux (mariner), azurelinux-osguard (acl) or flatcar; default ubuntu");
  command.add_option("--out", flags->directory, "write the files below a new directory");
  command.add_option("--tar", flags->tar, "write a tar archive, or - for standard output");
  command.add_flag("--cloud-init", flags->cloud_init, "print a cloud-init document");
  command.add_flag("--script", flags->script,
                   "print a script that may be run again and after changes");
  command.add_flag("--json", flags->json, "print the files as JSON");
  command.at_most_one({"--out", "--tar", "--cloud-init", "--script", "--json"});
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = run(*flags); });
}

}  // namespace cli
