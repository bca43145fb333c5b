#include "cli/aks_learn_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <limits>
#include <memory>

#include "aks/learn_text.h"
#include "aks/learned_file.h"
#include "aks/profile.h"
#include "base/ascii.h"
#include "base/file.h"

namespace cli {
namespace {

constexpr int kWrongUsage = 2;
constexpr int kEnvironmentTrouble = 3;

constexpr const char* kExamples = R"(Examples:
  sluice run --learn learned.json --set policy.enforce=report     let a cluster work for a while, then
  sluice aks learn learned.json --region westeurope --addon monitor
  sluice aks learn learned.json --region westeurope --as sluice > sluice.yaml

Exit codes: 0 fine, 2 wrong usage or a file of another kind, 3 the file can't be read.)";

struct Flags {
  std::string file;
  std::string cloud;
  std::string region;
  std::vector<std::string> addons;
  std::string as;
  bool json = false;
  bool with_unknown = false;
};

int complain(const std::string& sentence, int code) {
  std::cerr << "sluice: " << sentence << "\n";
  return code;
}

base::Result<aks::Query> query_of(const Flags& flags) {
  aks::Query query;
  query.region = flags.region;
  query.cloud = aks::cloud_of_region(aks::normal_region(flags.region).value_or(""));
  if (!flags.cloud.empty()) {
    const auto cloud = aks::parse_cloud(flags.cloud);
    if (!cloud) {
      return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                        "--cloud " + flags.cloud + " is unknown; expected public, china or gov");
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

std::string format(const Flags& flags, const aks::LearnReport& report) {
  if (flags.as == "sluice") {
    return aks::format_learn_policy(
        report, flags.with_unknown ? aks::Unknown::kAllow : aks::Unknown::kComment);
  }
  return flags.json ? aks::format_learn_json(report) : aks::format_learn_table(report);
}

int learn(const Flags& flags) {
  const auto query = query_of(flags);
  if (!query) return complain(query.error().detail, kWrongUsage);
  const auto text = base::read_file(flags.file, aks::kMaxLearnedBytes);
  if (!text) return complain(text.error().detail, kEnvironmentTrouble);
  const auto learned = aks::parse_learned(*text, std::numeric_limits<std::size_t>::max());
  if (!learned) return complain(flags.file + ": " + learned.error().detail, kWrongUsage);
  const auto catalogue = aks::Catalogue::embedded();
  if (!catalogue) return complain(catalogue.error().detail, kEnvironmentTrouble);
  const auto report = aks::learn_report(*catalogue, *query, *learned);
  if (!report) return complain(report.error().detail, kWrongUsage);
  std::cout << format(flags, *report) << std::flush;
  return 0;
}

}  // namespace

void add_aks_learn(CLI::App& aks, int& exit_code) {
  CLI::App& command = *aks.add_subcommand(
      "learn", "Turn the destinations that `sluice run --learn` recorded into an allow-list");
  const auto flags = std::make_shared<Flags>();
  command.add_option("file", flags->file, "the file of `sluice run --learn`")
      ->type_name("FILE")
      ->required();
  command.add_option("--cloud", flags->cloud, "public, china or gov; else the region tells it");
  command.add_option("--region", flags->region, "e.g. westeurope; else any region's names count");
  command.add_option(
      "--addon", flags->addons,
      "an add-on that is enabled, or gpu; may be repeated; without it those that were "
      "seen count");
  auto* json = command.add_flag("--json", flags->json, "as JSON");
  auto* as = command.add_option("--as", flags->as, "sluice: as a configuration file")
                 ->check(CLI::IsMember({"sluice"}))
                 ->excludes(json);
  command
      .add_flag("--with-unknown", flags->with_unknown,
                "with --as sluice: also allow what the catalogue does not know")
      ->needs(as);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = learn(*flags); });
}

}  // namespace cli
