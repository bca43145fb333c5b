#include "cli/query_flags.h"

#include "aks/finding.h"
#include "aks/profile.h"
#include "aks/regions.h"
#include "base/ascii.h"

namespace cli {
namespace {

base::Failure refuse(std::string sentence) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(sentence));
}

}  // namespace

void add_query_flags(Command command, QueryFlags& flags) {
  command
      .add_option("--cloud", flags.cloud,
                  "public, china or gov; else the region tells it, and without one public")
      .value_name("CLOUD")
      .proposes({"public", "china", "gov"});
  command.add_option("--region", flags.region, "e.g. westeurope")
      .value_name("REGION")
      .proposes(aks::regions());
  command
      .add_option("--addon", flags.addons,
                  "an add-on that is enabled, or gpu; may be repeated, or a list with commas")
      .separated_by(',')
      .value_name("ADDON");
}

base::Result<aks::Query> query_of(const QueryFlags& flags) {
  aks::Query query;
  query.region = aks::normal_region(flags.region).value_or(flags.region);
  query.cloud = aks::cloud_of_region(query.region);
  if (flags.cloud.empty() && aks::normal_region(flags.region)) {
    const auto known = aks::check_region(query.region, "--cloud public");
    if (!known) return refuse("--region: " + known.error().detail);
  }
  if (!flags.cloud.empty()) {
    const auto cloud = aks::parse_cloud(flags.cloud);
    if (!cloud) {
      return refuse("--cloud " + aks::cite(flags.cloud) +
                    " is unknown; expected public, china or gov");
    }
    const bool known = aks::check_region(query.region, "").has_value();
    if (known && *cloud != query.cloud) {
      return refuse("--region " + aks::cite(flags.region) + " is in the cloud " +
                    std::string(aks::token_of(query.cloud)) + ", not in --cloud " +
                    aks::cite(flags.cloud) + "; leave out --cloud or name a region of it");
    }
    query.cloud = *cloud;
  }
  for (const std::string& addon : flags.addons) {
    if (base::iequals(addon, aks::kGpuAddon)) {
      query.gpu = aks::Gpu::kYes;
    } else {
      query.addons.push_back(addon);
    }
  }
  return query;
}

void take_region(aks::Query& query, const QueryFlags& flags, const std::string& region) {
  if (!query.region.empty() || region.empty()) return;
  query.region = region;
  if (flags.cloud.empty()) query.cloud = aks::cloud_of_region(region);
}

}  // namespace cli
