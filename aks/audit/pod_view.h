// A pod as `kubectl get pods -o json` prints it, cut down to what decides about its proxy.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace aks::audit {

enum class Role { kContainer, kInit, kSidecar, kEphemeral };

// A variable of a container's `env`.
struct EnvValue {
  std::string text;             // "" is a value
  bool from_elsewhere = false;  // a ConfigMap, Secret or field: the pod does not tell
};

// What tells that a container trusts more than its image does, e.g. "SSL_CERT_FILE". Unknown ("")
// is no "no": an image may bring the authority.
using TrustSign = std::string;

struct ContainerView {
  std::string name;
  Role role = Role::kContainer;
  std::map<std::string, EnvValue> proxy_env;  // of the six names, those set
  TrustSign trust;
};

struct OwnerView {
  std::string kind;  // "ReplicaSet", "Node", …; "" for a pod without controller
  std::string name;
};

struct PodView {
  std::string name_space, name;
  OwnerView owner;
  std::string template_hash;           // label pod-template-hash
  std::optional<std::string> opt_out;  // the annotation's value
  bool is_finished = false;            // phase Succeeded or Failed
  bool is_mirror = false;              // of a static pod: kubelet runs a file of the node
  bool on_host_network = false;
  bool on_windows = false;
  std::vector<ContainerView> containers;  // init, regular and ephemeral ones
};

// nullopt when the object has no spec with containers. Members of wrong types count as absent.
std::optional<PodView> view_pod(const nlohmann::json& pod);

// The controller in metadata.ownerReferences.
OwnerView controller_of(const nlohmann::json& object);

// metadata.name and metadata.namespace; "" when absent.
std::string name_of(const nlohmann::json& object);
std::string namespace_of(const nlohmann::json& object);

// "container", "init container", "sidecar", "ephemeral container".
std::string_view token_of(Role role);

}  // namespace aks::audit
