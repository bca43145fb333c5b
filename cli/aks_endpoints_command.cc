#include "cli/aks_endpoints_command.h"

#include <iostream>
#include <memory>

#include "aks/allow_list/allow_list.h"
#include "aks/endpoint_report.h"
#include "cli/query_flags.h"

namespace cli {
namespace {

constexpr int kWrongUsage = 2;
constexpr int kInternal = 3;

constexpr const char* kExamples = R"(Examples:
  sluice aks endpoints --region westeurope --addon monitor
  sluice aks endpoints --region westeurope --need optional --via any --json
  sluice aks endpoints --region westeurope --as sluice > sluice.yaml
  sluice aks endpoints --region chinaeast2 --as squid > aks-endpoints.conf
  sluice aks endpoints --region westeurope --via any --as azure-firewall > aks-egress.json

--need is the least that counts: required, recommended (and required), optional (all). Nothing is
asked of the network; the data is compiled in, with its source and date in every form.

Exit codes: 0 printed, 2 wrong usage.)";

struct Flags {
  QueryFlags query;
  std::string os = "linux";
  std::string need = "required";
  std::string via = "proxy";
  std::string product;
  bool gpu = false;
  bool json = false;
};

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
  return query;
}

base::Result<aks::allow_list::Selection> select(const Flags& flags) {
  const auto query = whole_query(flags);
  if (!query) return base::fail(query.error());
  const auto catalogue = aks::Catalogue::embedded();
  if (!catalogue) return base::fail(catalogue.error());
  auto endpoints = catalogue->select(*query);
  if (!endpoints) return base::fail(endpoints.error());
  std::erase_if(*endpoints, [&flags](const aks::Endpoint& endpoint) {
    return flags.via != "any" && aks::token_of(endpoint.via) != flags.via;
  });
  return aks::allow_list::Selection{std::move(*endpoints), catalogue->provenance(), *query};
}

int print(const Flags& flags) {
  const auto selection = select(flags);
  base::Result<std::string> text = std::string();
  if (!selection) {
    text = base::fail(selection.error());
  } else if (const auto product = aks::allow_list::parse_product(flags.product)) {
    text = aks::allow_list::format_allow_list(*selection, *product);
  } else {
    text = flags.json ? aks::endpoint_json(*selection) : aks::endpoint_table(*selection);
  }
  if (text) {
    std::cout << *text;
    return 0;
  }
  std::cerr << "sluice: " << text.error().detail << "\n";
  return text.error().code == base::ErrorCode::kBadRequest ? kWrongUsage : kInternal;
}

}  // namespace

void add_aks_endpoints(Command aks, int& exit_code) {
  const Command command = aks.add_subcommand(
      "endpoints", "The destinations that AKS documents, as a list or as rules to allow them");
  const auto flags = std::make_shared<Flags>();
  add_query_flags(command, flags->query);
  command.add_option("--os", flags->os, "of the node pools")
      .one_of({"linux", "windows", "any"})
      .capture_default_str();
  command.add_flag("--gpu", flags->gpu, "the cluster has GPU nodes; the same as --addon gpu");
  command.add_option("--need", flags->need, "the least that counts")
      .one_of({"required", "recommended", "optional"})
      .capture_default_str();
  command.add_option("--via", flags->via, "what goes through the proxy, past it, or both")
      .one_of({"proxy", "direct", "any"})
      .capture_default_str();
  const Option product =
      command.add_option("--as", flags->product, "an allow-list for this product")
          .one_of({"sluice", "squid", "azure-firewall", "smokescreen"});
  command.add_flag("--json", flags->json, "prints the endpoints as JSON").excludes(product);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = print(*flags); });
}

}  // namespace cli
