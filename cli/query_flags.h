// Which part of the catalogue a command is about, as flags.
#pragma once

#include <string>
#include <vector>

#include "aks/catalogue.h"
#include "base/result.h"
#include "cli/command.h"

namespace cli {

struct QueryFlags {
  std::string cloud;  // "": the region tells it
  std::string region;
  std::vector<std::string> addons;  // "gpu" stands for GPU node pools
};

// --cloud, --region and --addon. The flags outlive the command.
void add_query_flags(Command command, QueryFlags& flags);

// Fails (client) with kBadRequest for an unknown cloud, for one that is not the region's, and
// without --cloud for an unknown region. Unknown add-ons are the catalogue's to refuse.
base::Result<aks::Query> query_of(const QueryFlags& flags);

// Lets a cluster's own region ("" when unknown) count where --region names none; it also tells the
// cloud then, unless --cloud does.
void take_region(aks::Query& query, const QueryFlags& flags, const std::string& region);

}  // namespace cli
