#include "cli/facts_flags.h"

#include <array>
#include <iostream>

#include "aks/no_proxy_entry.h"
#include "base/file.h"
#include "cli/aks_input.h"

namespace cli {
namespace {

using aks::Finding;
using aks::Severity;

struct PrefixFlag {
  const char* name;
  std::vector<std::string> FactsFlags::*texts;
  std::vector<base::Cidr> aks::ClusterFacts::*prefixes;
};
constexpr std::array kPrefixFlags = {
    PrefixFlag{"--pod-cidr", &FactsFlags::pod_cidrs, &aks::ClusterFacts::pod_cidrs},
    PrefixFlag{"--service-cidr", &FactsFlags::service_cidrs, &aks::ClusterFacts::service_cidrs},
    PrefixFlag{"--vnet-cidr", &FactsFlags::vnet_cidrs, &aks::ClusterFacts::vnet_cidrs},
    PrefixFlag{"--subnet-cidr", &FactsFlags::subnet_cidrs, &aks::ClusterFacts::subnet_cidrs}};

void lay_over(const std::vector<std::string>& texts, const char* flag, std::vector<base::Cidr>& out,
              std::vector<Finding>& findings) {
  if (texts.empty()) return;
  out.clear();
  for (const std::string& text : texts) {
    const auto prefix = base::Cidr::parse(text);
    if (prefix) {
      out.push_back(*prefix);
    } else {
      findings.push_back({Severity::kError, "facts-type", flag,
                          aks::cite(text) +
                              " is no address prefix; expected one such as 10.0.0.0/16 "
                              "without host bits"});
    }
  }
}

void lay_over(const std::string& fqdn, std::string& out, std::vector<Finding>& findings) {
  if (fqdn.empty()) return;
  out = fqdn;
  const aks::NoProxyEntry entry = aks::parse_no_proxy_entry(fqdn);
  if (entry.kind == aks::NoProxyKind::kName && !entry.port) return;
  findings.push_back(
      {Severity::kError, "facts-type", "--fqdn", aks::cite(fqdn) + " is no host name"});
}

}  // namespace

Option add_facts_flags(Command command, FactsFlags& flags) {
  const Option file = command
                          .add_option("--facts", flags.file,
                                      "the cluster's facts as JSON or YAML, the output of az aks "
                                      "show, or infrastructure code; "
                                      "flags replace what it says")
                          .value_name("FILE");
  command.add_option("--fqdn", flags.fqdn, "of the API server").value_name("NAME");
  for (const PrefixFlag& flag : kPrefixFlags) {
    command.add_option(flag.name, flags.*flag.texts, "may be repeated").value_name("CIDR");
  }
  return file;
}

base::Result<aks::ParsedFacts> read_facts_flags(const FactsFlags& flags) {
  aks::ParsedFacts out;
  out.facts.emplace();
  if (!flags.file.empty()) {
    const auto text = read_document(flags.file);
    if (!text) return base::fail(text.error());
    out = aks::parse_cluster_facts(*text);
  }
  if (!out.facts) return out;
  lay_over(flags.fqdn, out.facts->fqdn, out.findings);
  for (const PrefixFlag& flag : kPrefixFlags) {
    lay_over(flags.*flag.texts, flag.name, (*out.facts).*flag.prefixes, out.findings);
  }
  if (aks::has_errors(out.findings)) out.facts.reset();
  return out;
}

base::Result<aks::ClusterFacts> facts_of(const FactsFlags& flags) {
  auto parsed = read_facts_flags(flags);
  if (!parsed) return base::fail(parsed.error());
  for (const Finding& finding : parsed->findings) std::cerr << aks::to_string(finding) << "\n";
  if (parsed->facts) return std::move(*parsed->facts);
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    "the cluster's facts have errors (above); mend them first");
}

std::vector<std::string> arguments_of(const aks::ClusterFacts& facts) {
  std::vector<std::string> out;
  if (!facts.fqdn.empty()) out.insert(out.end(), {"--fqdn", facts.fqdn});
  for (const PrefixFlag& flag : kPrefixFlags) {
    for (const base::Cidr& prefix : facts.*flag.prefixes) {
      out.insert(out.end(), {flag.name, prefix.to_string()});
    }
  }
  return out;
}

}  // namespace cli
