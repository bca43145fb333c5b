#include "cli/aks_webhook_manifests_command.h"

#include <iostream>
#include <memory>

#include "aks/webhook_manifests.h"
#include "base/file.h"
#include "cli/aks_webhook_flags.h"
#include "cli/exit_code.h"
#include "tls/authority.h"
#include "tls/bundle.h"

namespace cli {
namespace {

using aks::WebhookManifest;

constexpr const char* kExamples = R"(Examples:
  sluice aks webhook manifests -f http-proxy-config.json --self-signed \
      --fqdn demo-1a2b.hcp.westeurope.azmk8s.io --pod-cidr 10.244.0.0/16 > webhook.yaml
  sluice aks webhook manifests -f http-proxy-config.json --cert-manager --failure-policy Ignore
  sluice aks webhook manifests -f http-proxy-config.json --ca-bundle ca.pem --json

With --self-signed the output holds a private key: keep it out of version control. The CA's own key
is thrown away, so a new certificate comes with a new CA.

Exit codes: 0 printed, 2 wrong usage or configuration, 3 trouble with the environment.)";

struct Flags {
  WebhookFlags pods;
  WebhookManifest manifest;
  std::string failure_policy = "Fail";
  std::string ca_bundle;
  std::uint32_t days = 365;
  bool self_signed = false;
  bool cert_manager = false;
  bool kube_system = false;
  bool json = false;
};

base::Result<void> make_certificate(WebhookManifest& manifest, std::uint32_t days) {
  // Clocks of API servers may be behind this one.
  const base::WallTime begin = base::wall_now() - std::chrono::hours(1);
  const base::WallTime end = begin + std::chrono::hours(24) * days;
  const auto authority = tls::Authority::create({manifest.name + " CA", begin, end});
  if (!authority) return base::fail(authority.error());
  const auto key = tls::PrivateKey::generate();
  if (!key) return base::fail(key.error());
  const auto leaf = authority->issue({service_names(manifest), begin, end}, *key);
  if (!leaf) return base::fail(leaf.error());
  manifest.source = WebhookManifest::Certificate::kGiven;
  manifest.ca_bundle = authority->certificate().pem();
  manifest.certificate = leaf->chain.front().pem();
  manifest.key = key->pem();
  return {};
}

base::Result<void> read_ca_bundle(const std::string& path, WebhookManifest& manifest) {
  auto text = base::read_file(path, tls::kMaxBundleBytes);
  if (!text) return base::fail(text.error());
  const auto certificates = tls::parse_bundle(*text);
  if (!certificates) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      "--ca-bundle " + path + ": " + certificates.error().detail);
  }
  for (const tls::Certificate& each : *certificates) manifest.ca_bundle += each.pem();
  return {};
}

base::Result<void> read_config(const WebhookFlags& flags, WebhookManifest& manifest) {
  auto sources = sources_of(flags);
  if (!sources) return base::fail(sources.error());
  const auto injection = load_pods(*sources);
  if (!injection) return base::fail(injection.error());
  auto text = base::read_file(flags.config, aks::kMaxConfigBytes);
  if (!text) return base::fail(text.error());
  manifest.config = std::move(*text);
  if (!manifest.config.ends_with('\n')) manifest.config += '\n';
  manifest.arguments = arguments_of(flags, sources->facts);
  return {};
}

base::Result<void> complete(const Flags& flags, WebhookManifest& manifest) {
  const int ways = int{flags.self_signed} + int{flags.cert_manager} + int{!flags.ca_bundle.empty()};
  if (ways != 1) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      "say where the certificate comes from: --self-signed, --cert-manager, or "
                      "--ca-bundle FILE for a Secret of your own");
  }
  for (const std::string& cidr : manifest.admitted) {
    if (base::Cidr::parse(cidr)) continue;
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      "--admit " + aks::cite(cidr) +
                          " is no range of addresses; expected one such as 10.226.0.0/28");
  }
  if (auto done = read_config(flags.pods, manifest); !done) return done;
  if (flags.failure_policy == "Ignore") manifest.on_failure = WebhookManifest::OnFailure::kIgnore;
  if (flags.pods.ephemeral_containers) manifest.ephemeral = WebhookManifest::Ephemeral::kYes;
  if (flags.kube_system) {
    manifest.enforcer = WebhookManifest::Enforcer::kDisable;
    std::erase(manifest.excluded_namespaces, "kube-system");
  }
  if (flags.cert_manager) manifest.source = WebhookManifest::Certificate::kManager;
  if (flags.self_signed) return make_certificate(manifest, flags.days);
  return flags.ca_bundle.empty() ? base::Result<void>() : read_ca_bundle(flags.ca_bundle, manifest);
}

int print(const Flags& flags) {
  WebhookManifest manifest = flags.manifest;
  if (auto done = complete(flags, manifest); !done) return complain(done.error());
  using aks::render::Format;
  std::cout << aks::webhook_manifests(manifest, flags.json ? Format::kJson : Format::kYaml);
  tls::wipe(manifest.key);
  return 0;
}

}  // namespace

void add_aks_webhook_manifests(Command webhook, int& exit_code) {
  const Command command = webhook.add_subcommand(
      "manifests", "Print the Kubernetes objects that run the webhook in a cluster");
  const auto flags = std::make_shared<Flags>();
  WebhookManifest& manifest = flags->manifest;
  add_webhook_flags(command, flags->pods);
  command.add_flag("--self-signed", flags->self_signed,
                   "make a CA and a serving certificate, printed as a Secret");
  command.add_option("--days", flags->days, "validity of what --self-signed makes")
      .in_range(1, 3650)
      .shows_default();
  command.add_flag("--cert-manager", flags->cert_manager, "have cert-manager make and renew them");
  command.add_option("--ca-bundle", flags->ca_bundle,
                     "PEM file of the CA that signed your own Secret's certificate");
  command
      .add_option("--failure-policy", flags->failure_policy,
                  "what becomes of pods while the webhook is away")
      .one_of({"Fail", "Ignore"})
      .shows_default();
  command.add_option("--timeout", manifest.timeout_seconds, "seconds the API server waits")
      .in_range(1, 30)
      .shows_default();
  command.add_option("--name", manifest.name, "of all objects").kubernetes_name().shows_default();
  command.add_option("--namespace", manifest.name_space, "where the webhook runs")
      .kubernetes_name()
      .shows_default();
  command.add_option("--image", manifest.image, "the container image").shows_default();
  command.add_option("--replicas", manifest.replicas, "pods of the webhook")
      .in_range(1, 100)
      .shows_default();
  command.add_option("--exclude-namespace", manifest.excluded_namespaces,
                     "leave its pods alone; may be repeated; default kube-system");
  command.add_option("--namespace-label", manifest.namespace_label,
                     "KEY=VALUE: only namespaces with this label");
  command.add_option("--admit", manifest.admitted,
                     "CIDR that may send reviews besides konnectivity's agents, such as the API "
                     "server's subnet; may be repeated");
  command.add_flag("--kube-system", flags->kube_system,
                   "pods of kube-system too: tells AKS's Admissions Enforcer to stay away");
  command.add_flag("--json", flags->json, "a List in JSON instead of YAML");
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = print(*flags); });
}

}  // namespace cli
