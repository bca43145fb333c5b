// The flags of `sluice aks webhook` that say what pods get; the server and its manifests share
// them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aks/webhook/settings.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/facts_flags.h"

namespace cli {

struct WebhookFlags {
  std::string config;
  FactsFlags facts;
  bool init_containers = false;
  bool ephemeral_containers = false;
  bool service_host = false;
  std::string ca_config_map, ca_key, ca_directory;
  std::vector<std::string> ca_variables;
};

// `flags` outlives the parsing.
void add_webhook_flags(Command command, WebhookFlags& flags);

// Everything but certificate and key. Fails (client) with kBadRequest, naming the flag.
base::Result<aks::webhook::Sources> sources_of(const WebhookFlags& flags);

// What pods get. Findings go to standard error, facts that noProxy misses among them. Fails as
// aks::webhook::load_injection does.
base::Result<std::shared_ptr<const aks::PodInjection>> load_pods(
    const aks::webhook::Sources& sources);

// The flags as arguments that give the same again, without --http-proxy-config; `facts` as
// sources_of has them, since the file of --facts is not there where the arguments are used.
std::vector<std::string> arguments_of(const WebhookFlags& flags, const aks::ClusterFacts& facts);

}  // namespace cli
