#include "aks/render/node_forms.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aks/trusted_ca.h"

namespace aks::render {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view kDefaultMode = "0644";  // root's umask is 022

bool has_ca(const std::vector<NodeFile>& files, Distro distro) {
  return std::any_of(files.begin(), files.end(),
                     [distro](const NodeFile& file) { return file.path == ca_store(distro).path; });
}

// AKS opens these with >>; a new node has them empty or not at all.
bool is_appended(const NodeFile& file) { return file.ownership == Ownership::kLines; }

ordered_json file_object(const NodeFile& file) {
  ordered_json object = {{"path", file.path}};
  object["mode"] = file.mode.empty() ? ordered_json(nullptr) : ordered_json(file.mode);
  object["write"] = is_appended(file) ? "append" : "replace";
  object["contentBase64"] = encode_base64(file.content);
  return object;
}

}  // namespace

std::string node_listing(const std::vector<NodeFile>& files, Distro distro) {
  std::string out;
  for (const NodeFile& file : files) {
    out += "==> " + file.path + " (" +
           (file.mode.empty() ? "mode left alone" : "mode " + file.mode) + ", " +
           (is_appended(file) ? "appended" : "replaced") + ")\n" + file.content;
    if (!file.content.ends_with('\n')) out += '\n';
    if (file.path == ca_store(distro).path) {
      out += "==> then run: " + std::string(ca_store(distro).command) + "\n";
    }
  }
  return out;
}

std::string node_listing_json(const std::vector<NodeFile>& files, Distro distro) {
  ordered_json object = {{"distro", token_of(distro)}, {"files", ordered_json::array()}};
  for (const NodeFile& file : files) object["files"].push_back(file_object(file));
  object["ca_command"] =
      has_ca(files, distro) ? ordered_json(ca_store(distro).command) : ordered_json(nullptr);
  return print(object, Format::kJson);
}

std::string cloud_init(const std::vector<NodeFile>& files, Distro distro) {
  ordered_json document = {{"write_files", ordered_json::array()}};
  for (const NodeFile& file : files) {
    ordered_json object = {{"path", file.path}, {"owner", "root:root"}};
    object["permissions"] = file.mode.empty() ? kDefaultMode : std::string_view(file.mode);
    if (is_appended(file)) object["append"] = true;
    // A CA keeps its octets, whatever they are; the rest is text to be read.
    if (file.path == ca_store(distro).path) {
      object["encoding"] = "b64";
      object["content"] = encode_base64(file.content);
    } else {
      object["content"] = file.content;
    }
    document["write_files"].push_back(std::move(object));
  }
  if (has_ca(files, distro)) {
    document["runcmd"] = ordered_json::array({ordered_json::array({ca_store(distro).command})});
  }
  return "#cloud-config\n" + print(document, Format::kYaml);
}

}  // namespace aks::render
