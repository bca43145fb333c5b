// The Kubernetes objects that run `sluice aks webhook` in a cluster.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aks/render/document.h"

namespace aks {

struct WebhookManifest {
  std::string name = "sluice-webhook";
  std::string name_space = "sluice-webhook";
  std::string image = "sluice:latest";
  std::string config;                  // httpProxyConfig JSON, as it stands in its file
  std::vector<std::string> arguments;  // further ones of `sluice aks webhook`
  std::uint32_t replicas = 2;
  // What becomes of pods while the webhook does not answer. AKS's own fails them, which controllers
  // try again; to ignore lets pods start that lack their proxy.
  enum class OnFailure : std::uint8_t { kFail, kIgnore } on_failure = OnFailure::kFail;
  std::uint32_t timeout_seconds = 5;
  // Namespaces whose pods are left alone, besides the webhook's own.
  std::vector<std::string> excluded_namespaces{"kube-system"};
  std::string namespace_label;  // "key=value": only namespaces that carry it; "" for all
  // CIDRs that may send reviews besides konnectivity's agents: the API server's subnet where the
  // cluster has API Server VNet Integration.
  std::vector<std::string> admitted;
  // AKS's Admissions Enforcer keeps webhooks away from its own namespaces unless told not to.
  enum class Enforcer : std::uint8_t { kRespect, kDisable } enforcer = Enforcer::kRespect;
  // Whether reviews of ephemeral containers are sent, too.
  enum class Ephemeral : std::uint8_t { kNo, kYes } ephemeral = Ephemeral::kNo;

  // Who makes the serving certificate. kGiven: `certificate` and `key` become the Secret. kManager:
  // cert-manager makes one and fills in the CA. kMine: the Secret is there already.
  enum class Certificate : std::uint8_t { kGiven, kManager, kMine } source = Certificate::kMine;
  std::string ca_bundle;    // PEM by which the API server knows the webhook; not for kManager
  std::string certificate;  // PEM
  std::string key;          // PEM
};

// The names under which the API server may reach the webhook's service.
std::vector<std::string> service_names(const WebhookManifest& manifest);

// The objects in the order in which they can be applied; the MutatingWebhookConfiguration comes
// last, when all that it calls is there.
std::string webhook_manifests(const WebhookManifest& manifest, render::Format format);

}  // namespace aks
