#include "cli/aks_endpoints_command.h"

#include <iostream>
#include <memory>

#include "aks/allow_list/allow_list.h"
#include "aks/endpoint_diff.h"
#include "aks/endpoint_report.h"
#include "aks/profile.h"
#include "base/file.h"
#include "cli/aks_input.h"
#include "cli/exit_code.h"
#include "cli/query_flags.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice aks endpoints --region westeurope --addon monitor
  sluice aks endpoints --region westeurope --need optional --via any --json
  sluice aks endpoints --region westeurope --as sluice > sluice.yaml
  sluice aks endpoints --region chinaeast2 --as squid > aks-endpoints.conf
  sluice aks endpoints --region westeurope --via any --as azure-firewall > aks-egress.json
  sluice aks endpoints --facts cluster.json --registry contoso --registry-region westeurope
  sluice aks endpoints --region westeurope --json > old.json; later: --diff old.json

--private is for private clusters and those with API Server VNet Integration, --isolated for
network-isolated ones, whose registry is reached directly; --facts tells both, region, add-ons and
registries with a private link.

--need is the least that counts: required, recommended (and required), optional (all). Nothing is
asked of the network; the data is compiled in, with its source and date in every form.

Exit codes: 0 printed, 1 with --diff: there are differences, 2 wrong usage, 3 a file that can't be
read.)";

struct Flags {
  QueryFlags query;
  std::string os = "linux";
  std::string need = "required";
  std::string via = "proxy";
  std::string product;
  std::string facts;
  std::string old_report;
  std::vector<std::string> registries, registry_regions;
  bool gpu = false;
  bool is_private = false;
  bool isolated = false;
  bool json = false;
};

// What the cluster itself tells counts besides what the flags say.
base::Result<void> add_facts(const Flags& flags, aks::Query& query) {
  if (flags.facts.empty()) return {};
  const auto facts = read_facts(flags.facts, std::cerr);
  if (!facts) return base::fail(facts.error());
  const aks::ClusterTraits& traits = facts->traits;
  take_region(query, flags.query, facts->cluster.region);
  query.addons.insert(query.addons.end(), traits.addons.begin(), traits.addons.end());
  if (traits.is_private || traits.vnet_integration) {
    query.api_server = aks::ApiServer::kInVirtualNetwork;
  }
  if (aks::is_network_isolated(traits)) query.isolation = aks::Isolation::kNetworkIsolated;
  std::vector<std::string> linked = facts->private_registries;
  if (!traits.cache_registry.empty()) linked.push_back(traits.cache_registry);
  for (const std::string& name : linked) {
    query.registries.push_back({name, {}, aks::Route::kDirect});
  }
  return {};
}

void add_registries(const Flags& flags, aks::Query& query) {
  const bool isolated = query.isolation != aks::Isolation::kNone;
  for (const std::string& name : flags.registries) {
    query.registries.push_back(
        {name, flags.registry_regions, isolated ? aks::Route::kDirect : aks::Route::kProxy});
  }
}

base::Result<aks::Query> whole_query(const Flags& flags) {
  auto query = query_of(flags.query);
  if (!query) return query;
  query->os = flags.os == "windows" ? aks::Os::kWindows
              : flags.os == "any"   ? aks::Os::kAny
                                    : aks::Os::kLinux;
  if (flags.gpu) query->gpu = aks::Gpu::kYes;
  query->at_least = flags.need == "optional"      ? aks::Need::kOptional
                    : flags.need == "recommended" ? aks::Need::kRecommended
                                                  : aks::Need::kRequired;
  if (flags.is_private) query->api_server = aks::ApiServer::kInVirtualNetwork;
  if (flags.isolated) query->isolation = aks::Isolation::kNetworkIsolated;
  if (auto added = add_facts(flags, *query); !added) return base::fail(added.error());
  add_registries(flags, *query);
  return query;
}

base::Result<aks::allow_list::Selection> select(const Flags& flags) {
  const auto query = whole_query(flags);
  if (!query) return base::fail(query.error());
  const auto catalogue = aks::Catalogue::embedded();
  if (!catalogue) return base::fail(catalogue.error());
  auto endpoints = catalogue->select(*query);
  if (!endpoints) return base::fail(endpoints.error());
  const auto undocumented = catalogue->undocumented_addons(*query);
  if (!undocumented) return base::fail(undocumented.error());
  for (const std::string& addon : *undocumented) {
    std::cerr << "note: nothing is documented for the add-on " << addon << " in the cloud "
              << aks::token_of(query->cloud)
              << "; ask for its endpoints before relying on this list\n";
  }
  std::erase_if(*endpoints, [&flags](const aks::Endpoint& endpoint) {
    return flags.via != "any" && aks::token_of(endpoint.via) != flags.via;
  });
  return aks::allow_list::Selection{std::move(*endpoints), catalogue->provenance(), *query};
}

int print_difference(const Flags& flags, const aks::allow_list::Selection& selection) {
  const auto old = base::read_file(flags.old_report == "-" ? "/dev/stdin" : flags.old_report,
                                   aks::kMaxOldReport);
  if (!old) return complain(old.error());
  const auto diff = aks::diff_endpoints(*old, selection);
  if (!diff) return complain(diff.error());
  std::cout << (flags.json ? aks::endpoint_diff_json(*diff) : aks::endpoint_diff_text(*diff));
  return diff->is_same() ? 0 : kCheckFailed;
}

int print(const Flags& flags) {
  const auto selection = select(flags);
  if (!selection) return complain(selection.error());
  if (!flags.old_report.empty()) return print_difference(flags, *selection);
  base::Result<std::string> text = std::string();
  if (const auto product = aks::allow_list::parse_product(flags.product)) {
    text = aks::allow_list::format_allow_list(*selection, *product);
  } else {
    text = flags.json ? aks::endpoint_json(*selection) : aks::endpoint_table(*selection);
  }
  if (!text) return complain(text.error());
  std::cout << *text;
  return 0;
}

}  // namespace

void add_aks_endpoints(Command aks, int& exit_code) {
  const Command command = aks.add_subcommand(
      "endpoints", "The destinations that AKS documents, as a list or as rules to allow them");
  const auto flags = std::make_shared<Flags>();
  add_query_flags(command, flags->query);
  command.add_option("--os", flags->os, "of the node pools")
      .one_of({"linux", "windows", "any"})
      .shows_default();
  command.add_flag("--gpu", flags->gpu, "the cluster has GPU nodes; the same as --addon gpu");
  command.add_option("--need", flags->need, "the least that counts")
      .one_of({"required", "recommended", "optional"})
      .shows_default();
  command.add_option("--via", flags->via, "what goes through the proxy, past it, or both")
      .one_of({"proxy", "direct", "any"})
      .shows_default();
  const Option product =
      command.add_option("--as", flags->product, "an allow-list for this product")
          .one_of({"sluice", "squid", "azure-firewall", "smokescreen"});
  command.add_flag("--json", flags->json, "prints the endpoints as JSON").excludes(product);
  command
      .add_option("--facts", flags->facts,
                  "the cluster's facts, the output of az aks show, or infrastructure code")
      .value_name("FILE");
  command.add_flag("--private", flags->is_private,
                   "the API server is private, or has API Server VNet Integration");
  command.add_flag("--isolated", flags->isolated,
                   "the cluster is network-isolated: it needs its registry alone");
  const Option registry =
      command.add_option("--registry", flags->registries, "a registry of your own; may be repeated")
          .value_name("NAME");
  command
      .add_option("--registry-region", flags->registry_regions,
                  "where it is replicated to; may be repeated; default the cluster's region")
      .value_name("REGION")

      .needs(registry);
  command
      .add_option("--diff", flags->old_report,
                  "what came, went or changed since this output of --json")
      .value_name("OLD")
      .excludes(product);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = print(*flags); });
}

}  // namespace cli
