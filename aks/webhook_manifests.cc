#include "aks/webhook_manifests.h"

#include <nlohmann/json.hpp>

#include "aks/pod_injection.h"
#include "aks/trusted_ca.h"

namespace aks {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kPort = 8443;
constexpr int kProbePort = 8081;
constexpr int kUser = 65532;  // the image's
constexpr int kSecretMode = 0440;
constexpr const char* kConfigKey = "http-proxy-config.json";

std::string secret_name(const WebhookManifest& manifest) { return manifest.name + "-tls"; }

Json labels(const WebhookManifest& manifest) { return {{"app.kubernetes.io/name", manifest.name}}; }

Json object(const char* api, const char* kind, const WebhookManifest& manifest) {
  return {{"apiVersion", api},
          {"kind", kind},
          {"metadata",
           {{"name", manifest.name},
            {"namespace", manifest.name_space},
            {"labels", labels(manifest)}}}};
}

Json name_space(const WebhookManifest& manifest) {
  return {{"apiVersion", "v1"},
          {"kind", "Namespace"},
          {"metadata",
           {{"name", manifest.name_space},
            {"labels", {{"pod-security.kubernetes.io/enforce", "restricted"}}}}}};
}

Json config_map(const WebhookManifest& manifest) {
  Json made = object("v1", "ConfigMap", manifest);
  made["data"] = {{kConfigKey, manifest.config}};
  return made;
}

Json secret(const WebhookManifest& manifest) {
  Json made = object("v1", "Secret", manifest);
  made["metadata"]["name"] = secret_name(manifest);
  made["type"] = "kubernetes.io/tls";
  made["stringData"] = {{"tls.crt", manifest.certificate}, {"tls.key", manifest.key}};
  return made;
}

Json issuer(const WebhookManifest& manifest) {
  Json made = object("cert-manager.io/v1", "Issuer", manifest);
  made["spec"] = {{"selfSigned", Json::object()}};
  return made;
}

Json managed_certificate(const WebhookManifest& manifest) {
  Json made = object("cert-manager.io/v1", "Certificate", manifest);
  made["spec"] = {{"secretName", secret_name(manifest)},
                  {"dnsNames", service_names(manifest)},
                  {"privateKey", {{"algorithm", "ECDSA"}, {"size", 256}}},
                  {"issuerRef", {{"name", manifest.name}}}};
  return made;
}

Json service(const WebhookManifest& manifest) {
  Json made = object("v1", "Service", manifest);
  made["spec"] = {
      {"selector", labels(manifest)},
      {"ports", Json::array({{{"name", "https"}, {"port", 443}, {"targetPort", kPort}}})}};
  return made;
}

Json budget(const WebhookManifest& manifest) {
  Json made = object("policy/v1", "PodDisruptionBudget", manifest);
  made["spec"] = {{"maxUnavailable", 1}, {"selector", {{"matchLabels", labels(manifest)}}}};
  return made;
}

// Reviews come from the API server: through konnectivity's agents, which are pods, or from its own
// addresses where it is part of the network. Nobody else has a reason to hold connections here.
// Probes come from the node, which policies always admit.
Json network_policy(const WebhookManifest& manifest) {
  Json made = object("networking.k8s.io/v1", "NetworkPolicy", manifest);
  const Json agents = {
      {"namespaceSelector", {{"matchLabels", {{"kubernetes.io/metadata.name", "kube-system"}}}}},
      {"podSelector", {{"matchLabels", {{"app", "konnectivity-agent"}}}}}};
  Json from = Json::array({agents});
  for (const std::string& cidr : manifest.admitted) from.push_back({{"ipBlock", {{"cidr", cidr}}}});
  made["spec"] = {
      {"podSelector", {{"matchLabels", labels(manifest)}}},
      {"policyTypes", {"Ingress", "Egress"}},
      {"ingress",
       Json::array(
           {{{"from", from}, {"ports", Json::array({{{"protocol", "TCP"}, {"port", kPort}}})}},
            {{"ports", Json::array({{{"protocol", "TCP"}, {"port", kProbePort}}})}}})},
      {"egress", Json::array()}};
  return made;
}

Json probe(const char* path) {
  return {{"httpGet", {{"path", path}, {"port", kProbePort}}}, {"timeoutSeconds", 3}};
}

Json container(const WebhookManifest& manifest) {
  Json arguments = {"aks",      "webhook",
                    "--listen", "[::]:" + std::to_string(kPort),
                    "--probes", "[::]:" + std::to_string(kProbePort)};
  for (const std::string& argument :
       {std::string("--http-proxy-config"), std::string("/etc/sluice/webhook/") + kConfigKey,
        std::string("--cert"), std::string("/etc/sluice/tls/tls.crt"), std::string("--key"),
        std::string("/etc/sluice/tls/tls.key")}) {
    arguments.push_back(argument);
  }
  for (const std::string& argument : manifest.arguments) arguments.push_back(argument);
  return {
      {"name", "webhook"},
      {"image", manifest.image},
      {"args", arguments},
      {"ports", Json::array({{{"name", "https"}, {"containerPort", kPort}},
                             {{"name", "probes"}, {"containerPort", kProbePort}}})},
      {"readinessProbe", probe("/readyz")},
      {"livenessProbe", probe("/livez")},
      {"resources",
       {{"requests", {{"cpu", "50m"}, {"memory", "64Mi"}}}, {"limits", {{"memory", "384Mi"}}}}},
      {"securityContext",
       {{"allowPrivilegeEscalation", false},
        {"readOnlyRootFilesystem", true},
        {"capabilities", {{"drop", {"ALL"}}}}}},
      {"volumeMounts",
       // Whole directories: kubelet does not renew single files mounted by subPath.
       Json::array({{{"name", "config"}, {"mountPath", "/etc/sluice/webhook"}, {"readOnly", true}},
                    {{"name", "tls"}, {"mountPath", "/etc/sluice/tls"}, {"readOnly", true}}})}};
}

Json deployment(const WebhookManifest& manifest) {
  Json made = object("apps/v1", "Deployment", manifest);
  const Json spread = {{"maxSkew", 1},
                       {"topologyKey", "kubernetes.io/hostname"},
                       {"whenUnsatisfiable", "ScheduleAnyway"},
                       {"labelSelector", {{"matchLabels", labels(manifest)}}}};
  made["spec"] = {
      {"replicas", manifest.replicas},
      {"selector", {{"matchLabels", labels(manifest)}}},
      {"template",
       {{"metadata",
         {{"labels", labels(manifest)},
          // It talks to nobody, and must start without help.
          {"annotations", {{kOptOutAnnotation, "true"}}}}},
        {"spec",
         {{"automountServiceAccountToken", false},
          {"nodeSelector", {{"kubernetes.io/os", "linux"}}},
          // While it is away no pod starts, unless the failure policy says otherwise.
          {"priorityClassName", "system-cluster-critical"},
          {"securityContext",
           {{"runAsNonRoot", true},
            {"runAsUser", kUser},
            {"runAsGroup", kUser},
            {"fsGroup", kUser},
            {"seccompProfile", {{"type", "RuntimeDefault"}}}}},
          {"topologySpreadConstraints", Json::array({spread})},
          {"containers", Json::array({container(manifest)})},
          {"volumes", Json::array({{{"name", "config"}, {"configMap", {{"name", manifest.name}}}},
                                   {{"name", "tls"},
                                    {"secret",
                                     {{"secretName", secret_name(manifest)},
                                      {"defaultMode", kSecretMode}}}}})}}}}}};
  return made;
}

Json selector(const WebhookManifest& manifest) {
  Json excluded = Json::array({manifest.name_space});
  for (const std::string& each : manifest.excluded_namespaces) excluded.push_back(each);
  Json made = {{"matchExpressions", Json::array({{{"key", "kubernetes.io/metadata.name"},
                                                  {"operator", "NotIn"},
                                                  {"values", excluded}}})}};
  const size_t equals = manifest.namespace_label.find('=');
  if (equals != std::string::npos) {
    made["matchLabels"] = {
        {manifest.namespace_label.substr(0, equals), manifest.namespace_label.substr(equals + 1)}};
  }
  return made;
}

Json rule(const char* operation, const char* resource) {
  return {{"apiGroups", {""}},
          {"apiVersions", {"v1"}},
          {"operations", {operation}},
          {"resources", {resource}},
          {"scope", "Namespaced"}};
}

Json registration(const WebhookManifest& manifest) {
  using Certificate = WebhookManifest::Certificate;
  Json made = object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", manifest);
  made["metadata"].erase("namespace");  // it belongs to the cluster
  Json annotations = Json::object();
  if (manifest.enforcer == WebhookManifest::Enforcer::kDisable) {
    annotations["admissions.enforcer/disabled"] = "true";
  }
  if (manifest.source == Certificate::kManager) {
    annotations["cert-manager.io/inject-ca-from"] = manifest.name_space + "/" + manifest.name;
  }
  if (!annotations.empty()) made["metadata"]["annotations"] = annotations;

  Json client = {{"service",
                  {{"namespace", manifest.name_space},
                   {"name", manifest.name},
                   {"path", "/mutate"},
                   {"port", 443}}}};
  if (manifest.source != Certificate::kManager) {
    client["caBundle"] = encode_base64(manifest.ca_bundle);
  }
  Json rules = Json::array({rule("CREATE", "pods")});
  if (manifest.ephemeral == WebhookManifest::Ephemeral::kYes) {
    rules.push_back(rule("UPDATE", "pods/ephemeralcontainers"));
  }
  const bool fail = manifest.on_failure == WebhookManifest::OnFailure::kFail;
  made["webhooks"] = Json::array({{{"name", service_names(manifest).front()},
                                   {"admissionReviewVersions", {"v1"}},
                                   {"clientConfig", client},
                                   {"rules", rules},
                                   {"namespaceSelector", selector(manifest)},
                                   {"failurePolicy", fail ? "Fail" : "Ignore"},
                                   // Another webhook may add a container after this one ran.
                                   {"reinvocationPolicy", "IfNeeded"},
                                   {"sideEffects", "None"},
                                   {"timeoutSeconds", manifest.timeout_seconds}}});
  return made;
}

}  // namespace

std::vector<std::string> service_names(const WebhookManifest& manifest) {
  const std::string base = manifest.name + "." + manifest.name_space + ".svc";
  return {base, base + ".cluster.local"};
}

std::string webhook_manifests(const WebhookManifest& manifest, render::Format format) {
  using Certificate = WebhookManifest::Certificate;
  std::vector<Json> made = {name_space(manifest), config_map(manifest)};
  if (manifest.source == Certificate::kGiven) made.push_back(secret(manifest));
  if (manifest.source == Certificate::kManager) {
    made.push_back(issuer(manifest));
    made.push_back(managed_certificate(manifest));
  }
  for (const auto make : {service, budget, network_policy, deployment, registration}) {
    made.push_back(make(manifest));
  }
  return print_all(made, format);
}

}  // namespace aks
