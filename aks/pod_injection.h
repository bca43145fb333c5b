// What a pod gets at its admission, and the JSON Patch (RFC 6902) that gives it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "aks/pod_variables.h"
#include "base/result.h"

namespace aks {

// Whoever sets this annotation of a pod to "true" gets nothing, here as with AKS.
inline constexpr const char* kOptOutAnnotation = "kubernetes.azure.com/no-http-proxy-vars";

// Whoever has this annotation is to reach the API server by its name: clients of Kubernetes take
// KUBERNETES_SERVICE_HOST, by default the service's address, which no name in noProxy covers.
inline constexpr const char* kServiceHostAnnotation =
    "kubernetes.azure.com/set-kube-service-host-fqdn";

// The proxy's CA, mounted from a ConfigMap of the pod's namespace. AKS does not do this: it
// installs trustedCa on nodes alone.
struct CaMount {
  std::string config_map;
  std::string key = "ca.crt";
  std::string directory = "/etc/sluice/ca";
  // Variables that get the file's path, such as SSL_CERT_FILE. Most of them replace the roots that
  // an image brings, so the bundle must then hold those as well.
  std::vector<std::string> variables;
};

struct PodInjection {
  std::vector<PodVariable> variables;
  // AKS leaves init containers and ephemeral ones without variables; so does the default.
  bool init_containers = false;
  bool ephemeral_containers = false;
  std::optional<CaMount> ca;
  // KUBERNETES_SERVICE_HOST of pods that have kServiceHostAnnotation; "" leaves it to kubelet.
  std::string service_host{};
};

// More containers in a pod than this are refused: a node runs far fewer.
inline constexpr size_t kMaxContainers = 512;

// The lists of containers that a request may still change.
enum class PodChange { kCreation, kEphemeralContainers };

// The operations that add to `pod` what `injection` has and the pod lacks; an empty array when
// nothing is missing. A name that a container has already stays as it is, whatever its value. New
// variables go in front of the container's own, so that those keep their order and may refer to the
// new ones as $(VAR); a reference reaches only what stands before it. For kEphemeralContainers only
// containers that `before` lacks are touched, since the others can't be changed any more. Fails
// (client) with kBadRequest when the pod is not shaped like one.
base::Result<nlohmann::json> pod_patch(const nlohmann::json& pod, const nlohmann::json& before,
                                       PodChange change, const PodInjection& injection);

// Whether the pod carries the annotation with the value "true".
bool opts_out(const nlohmann::json& pod);

// Whether the pod carries kServiceHostAnnotation; its value does not matter to AKS.
bool wants_service_host(const nlohmann::json& pod);

}  // namespace aks
