#include "aks/audit/pod_view.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "aks/pod_injection.h"

namespace aks::audit {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> kNames = {"HTTP_PROXY",  "http_proxy", "HTTPS_PROXY",
                                                    "https_proxy", "NO_PROXY",   "no_proxy"};

// By which clients find authorities (OpenSSL, requests, Node, curl, git, the AWS tools, Deno).
constexpr std::array<std::string_view, 8> kTrustVariables = {
    "SSL_CERT_FILE",  "SSL_CERT_DIR",   "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
    "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "AWS_CA_BUNDLE",      "DENO_CERT"};

// Where images look by themselves, and where nodes keep what trustedCa brought.
constexpr std::array<std::string_view, 7> kTrustPlaces = {
    "/etc/ssl/certs",      "/usr/local/share/ca-certificates", "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",  "/usr/share/pki/ca-trust-source",   "/usr/share/ca-certificates",
    "/etc/ca-certificates"};

const json& member(const json& object, const char* key) {
  static const json kNone;
  if (!object.is_object()) return kNone;
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

std::string text(const json& object, const char* key) {
  const json& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool is_true(const json& object, const char* key) {
  const json& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_trust_place(std::string_view path) {
  return std::any_of(kTrustPlaces.begin(), kTrustPlaces.end(), [path](std::string_view place) {
    return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
  });
}

ContainerView view_container(const json& container, Role role) {
  ContainerView out;
  out.name = text(container, "name");
  out.role = role;
  if (role == Role::kInit && text(container, "restartPolicy") == "Always") {
    out.role = Role::kSidecar;
  }
  const json& env = member(container, "env");
  if (env.is_array()) {
    for (const json& entry : env) {
      const std::string name = text(entry, "name");
      if (contains(kNames, name)) {
        out.proxy_env[name] = {text(entry, "value"), member(entry, "valueFrom").is_object()};
      } else if (contains(kTrustVariables, name)) {
        out.trust = name;
      }
    }
  }
  const json& mounts = member(container, "volumeMounts");
  if (out.trust.empty() && mounts.is_array()) {
    for (const json& mount : mounts) {
      const std::string path = text(mount, "mountPath");
      if (is_trust_place(path)) out.trust = path;
    }
  }
  return out;
}

void view_containers(const json& spec, const char* key, Role role, PodView& out) {
  const json& list = member(spec, key);
  if (!list.is_array()) return;
  for (const json& container : list) {
    if (container.is_object()) out.containers.push_back(view_container(container, role));
  }
}

bool is_for_windows(const json& spec) {
  if (text(member(spec, "os"), "name") == "windows") return true;
  const json& selector = member(spec, "nodeSelector");
  return text(selector, "kubernetes.io/os") == "windows" ||
         text(selector, "beta.kubernetes.io/os") == "windows";
}

}  // namespace

OwnerView controller_of(const json& object) {
  const json& owners = member(member(object, "metadata"), "ownerReferences");
  if (!owners.is_array()) return {};
  for (const json& owner : owners) {
    if (is_true(owner, "controller")) return {text(owner, "kind"), text(owner, "name")};
  }
  return {};
}

std::string name_of(const json& object) { return text(member(object, "metadata"), "name"); }

std::string namespace_of(const json& object) {
  return text(member(object, "metadata"), "namespace");
}

std::optional<PodView> view_pod(const json& pod) {
  const json& spec = member(pod, "spec");
  if (!member(spec, "containers").is_array()) return std::nullopt;
  const json& metadata = member(pod, "metadata");
  const json& annotations = member(metadata, "annotations");
  const std::string phase = text(member(pod, "status"), "phase");
  PodView out;
  out.name_space = namespace_of(pod);
  out.name = name_of(pod);
  out.owner = controller_of(pod);
  out.template_hash = text(member(metadata, "labels"), "pod-template-hash");
  if (member(annotations, kOptOutAnnotation).is_string()) {
    out.opt_out = text(annotations, kOptOutAnnotation);
  }
  out.is_finished = phase == "Succeeded" || phase == "Failed";
  out.is_mirror = member(annotations, "kubernetes.io/config.mirror").is_string();
  out.on_host_network = is_true(spec, "hostNetwork");
  out.on_windows = is_for_windows(spec);
  view_containers(spec, "initContainers", Role::kInit, out);
  view_containers(spec, "containers", Role::kContainer, out);
  view_containers(spec, "ephemeralContainers", Role::kEphemeral, out);
  return out;
}

std::string_view token_of(Role role) {
  switch (role) {
    case Role::kContainer: return "container";
    case Role::kInit: return "init container";
    case Role::kSidecar: return "sidecar";
    case Role::kEphemeral: return "ephemeral container";
  }
  return "container";
}

}  // namespace aks::audit
