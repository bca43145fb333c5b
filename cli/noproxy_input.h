// What `sluice noproxy` asks about when it is given an httpProxyConfig: what AKS tells clients.
#pragma once

#include <string>

#include "aks/no_proxy/environment.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/facts_flags.h"

namespace cli {

struct ConfigFlags {
  std::string file;  // "-" is standard input; "" when no configuration is asked about
  FactsFlags facts;
};

// Adds --http-proxy-config and the facts' flags. `flags` outlives the parsing.
void add_config_flags(Command command, ConfigFlags& flags);

// Nothing when the configuration is disabled.
struct ToldByAks {
  aks::no_proxy::Environment environment;
  std::string list;  // the effective noProxy
};

// Says on standard error what is wrong, that the configuration is disabled, or which facts the list
// misses. Fails with kIo for a file that can't be read, kBadRequest for what is wrong.
base::Result<ToldByAks> read_told_by_aks(const ConfigFlags& flags);

// Fails (kBadRequest) when there are facts but no configuration that they would complete.
base::Result<void> check_config_flags(const ConfigFlags& flags);

}  // namespace cli
