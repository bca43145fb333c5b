// What every form of `sluice aks render` starts from: the configuration and the cluster's facts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aks/cluster_facts.h"
#include "aks/http_proxy_config.h"
#include "aks/render/node_files.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/facts_flags.h"

namespace cli {

struct RenderFlags {
  std::string config_file;
  FactsFlags facts;
  std::string region, distro;
};

// Adds CONFIG alone, or FACTS and the facts' flags as well. `flags` outlives the parsing.
void add_config_argument(Command command, RenderFlags& flags);
void add_facts_arguments(Command command, RenderFlags& flags);

struct RenderInput {
  aks::HttpProxyConfig config;
  aks::ClusterFacts facts;
  aks::render::Values values;
  aks::render::Distro distro = aks::render::Distro::kUbuntu;
};

// Reads the files and lays the flags over the facts. Appends everything found; nullopt when that
// includes an error. Fails (proxy, kIo) when a file can't be read.
base::Result<std::optional<RenderInput>> load_render_input(const RenderFlags& flags,
                                                           std::vector<aks::Finding>& findings);

}  // namespace cli
