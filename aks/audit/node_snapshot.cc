#include "aks/audit/node_snapshot.h"

#include <algorithm>

#include "aks/audit/tar_reader.h"
#include "aks/trusted_ca.h"
#include "base/ascii.h"

namespace aks {
std::string_view embedded_node_collect_sh();  // made by cmake/embed.cmake
namespace audit {
namespace {

constexpr std::string_view kBegin = "-----BEGIN SLUICE NODE-----";
constexpr std::string_view kEnd = "-----END SLUICE NODE-----";

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, what);
}

// "./host/etc/environment" → "/etc/environment"
std::string path_on_node(std::string_view path) {
  for (bool stripped = true; stripped;) {
    stripped = false;
    for (const std::string_view start : {"./", "/"}) {
      if (!path.starts_with(start)) continue;
      path.remove_prefix(start.size());
      stripped = true;
    }
  }
  if (path.starts_with("host/")) path.remove_prefix(5);
  return "/" + std::string(path);
}

// The octets between the two lines, nullopt without them.
std::optional<base::Result<std::string>> unwrap(std::string_view text) {
  const size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + kBegin.size());
  const size_t end = text.find(kEnd);
  if (end == std::string_view::npos) {
    return refuse("the capture ends in the middle: run the script again");
  }
  std::string encoded(text.substr(0, end));
  std::erase(encoded, '\r');  // a terminal's
  auto octets = decode_base64(encoded);
  if (!octets) return refuse("the capture is damaged: something else was printed into it");
  return base::Result<std::string>(std::move(*octets));
}

std::string os_release_id(const NodeSnapshot& snapshot) {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    const auto file = snapshot.find(path);
    if (file == snapshot.end()) continue;
    const std::string text = "\n" + file->second.content;
    const size_t at = text.find("\nID=");
    if (at == std::string::npos) continue;
    std::string id = text.substr(at + 4, text.find('\n', at + 4) - at - 4);
    std::erase(id, '"');
    return base::lower(id);
  }
  return "";
}

}  // namespace

const std::vector<std::string>& snapshot_files() {
  static const std::vector<std::string> files = {
      "/etc/environment",
      "/etc/os-release",
      "/usr/lib/os-release",
      "/etc/apt/apt.conf",
      "/etc/systemd/system.conf",
      "/etc/ssl/certs/proxyCA.pem",
      "/etc/ssl/certs/ca-certificates.crt",
      "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"};
  return files;
}

const std::vector<std::string>& snapshot_folders() {
  static const std::vector<std::string> folders = {"/etc/apt/apt.conf.d",
                                                   "/etc/systemd/system.conf.d",
                                                   "/etc/systemd/system/kubelet.service.d",
                                                   "/etc/systemd/system/containerd.service.d",
                                                   "/usr/local/share/ca-certificates",
                                                   "/usr/share/pki/ca-trust-source/anchors",
                                                   "/etc/pki/ca-trust/source/anchors",
                                                   "/run/sluice"};
  return folders;
}

bool is_of_interest(std::string_view path) {
  const auto& files = snapshot_files();
  if (std::find(files.begin(), files.end(), path) != files.end()) return true;
  const std::string_view folder = path.substr(0, path.rfind('/'));
  const auto& folders = snapshot_folders();
  return std::find(folders.begin(), folders.end(), folder) != folders.end();
}

std::string running_path(std::string_view unit) {
  return "/run/sluice/" + std::string(unit) + ".environ";
}

base::Result<NodeSnapshot> read_capture(std::string_view text) {
  const auto unwrapped = unwrap(text);
  if (unwrapped) {
    if (!*unwrapped) return base::fail(unwrapped->error());
    text = **unwrapped;
  }
  NodeSnapshot snapshot;
  bool too_much = false;
  const auto done = read_tar(text, [&](const TarMember& member) {
    std::string path = path_on_node(member.path);
    if (!is_of_interest(path)) return;
    if (member.content.size() > kMaxNodeFile || snapshot.size() >= kMaxNodeFiles) {
      too_much = true;
    } else {
      snapshot[std::move(path)] = {std::string(member.content), member.mode};
    }
  });
  if (!done) return base::fail(done.error());
  if (too_much) return refuse("it holds larger or more files than a node has there");
  if (snapshot.empty()) {
    return refuse(
        "the archive has none of the node's files; its paths must be like "
        "etc/environment, from the node's root on");
  }
  return snapshot;
}

std::string_view collect_script() { return embedded_node_collect_sh(); }

std::optional<render::Distro> distro_of(const NodeSnapshot& snapshot) {
  const std::string id = os_release_id(snapshot);
  if (id == "azurecontainerlinux") return render::Distro::kAzureLinuxOsGuard;
  if (const auto known = render::parse_distro(id)) return known;
  if (id == "debian") return render::Distro::kUbuntu;
  for (const auto distro : {render::Distro::kUbuntu, render::Distro::kAzureLinux,
                            render::Distro::kAzureLinuxOsGuard, render::Distro::kFlatcar}) {
    if (snapshot.count(std::string(render::ca_store(distro).path)) > 0) return distro;
  }
  return std::nullopt;
}

}  // namespace audit
}  // namespace aks
