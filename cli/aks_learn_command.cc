#include "cli/aks_learn_command.h"

#include <iostream>
#include <limits>
#include <memory>

#include "aks/learn_text.h"
#include "aks/learned_file.h"
#include "base/file.h"
#include "cli/exit_code.h"
#include "cli/query_flags.h"

namespace cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  sluice run --learn learned.json --set policy.enforce=report     let a cluster work for a while, then
  sluice aks learn learned.json --region westeurope --addon monitor
  sluice aks learn learned.json --region westeurope --as sluice > sluice.yaml

Without --region any region's names count, without --addon the add-ons that were seen.

Exit codes: 0 fine, 2 wrong usage or a file of another kind, 3 the file can't be read.)";

struct Flags {
  std::string file;
  QueryFlags query;
  std::string as;
  bool json = false;
  bool with_unknown = false;
};

std::string format(const Flags& flags, const aks::LearnReport& report) {
  if (flags.as == "sluice") {
    return aks::format_learn_policy(
        report, flags.with_unknown ? aks::Unknown::kAllow : aks::Unknown::kComment);
  }
  return flags.json ? aks::format_learn_json(report) : aks::format_learn_table(report);
}

int learn(const Flags& flags) {
  const auto query = query_of(flags.query);
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

void add_aks_learn(Command aks, int& exit_code) {
  const Command command = aks.add_subcommand(
      "learn", "Turn the destinations that `sluice run --learn` recorded into an allow-list");
  const auto flags = std::make_shared<Flags>();
  command.add_option("FILE", flags->file, "the file of `sluice run --learn`")
      .value_name("FILE")
      .required();
  add_query_flags(command, flags->query);
  const Option json = command.add_flag("--json", flags->json, "as JSON");
  const Option as = command.add_option("--as", flags->as, "sluice: as a configuration file")
                        .one_of({"sluice"})
                        .excludes(json);
  command
      .add_flag("--with-unknown", flags->with_unknown,
                "with --as sluice: also allow what the catalogue does not know")
      .needs(as);
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = learn(*flags); });
}

}  // namespace cli
