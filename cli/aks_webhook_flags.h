// The flags of `sluice aks webhook` that say what pods get; the server and its manifests share
// them.
#pragma once

#include <string>
#include <vector>

#include "aks/webhook/settings.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace cli {

struct WebhookFlags {
  std::string config;
  std::string fqdn;
  std::vector<std::string> pod_cidrs, service_cidrs, vnet_cidrs, subnet_cidrs;
  bool init_containers = false;
  bool ephemeral_containers = false;
  std::string ca_config_map, ca_key, ca_directory;
  std::vector<std::string> ca_variables;
};

// `flags` outlives the parsing.
void add_webhook_flags(CLI::App& command, WebhookFlags& flags);

// Everything but certificate and key. Fails (client) with kBadRequest, naming the flag.
base::Result<aks::webhook::Sources> sources_of(const WebhookFlags& flags);

// The flags as arguments that give the same again, without --config.
std::vector<std::string> arguments_of(const WebhookFlags& flags);

}  // namespace cli
