#include "aks/render/values.h"

#include <algorithm>

namespace aks::render {
namespace {

bool has_blank(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet <= 0x20 || octet == 0x7f;
  });
}

void lint_text(std::string_view text, const std::string& path, std::vector<Finding>& findings) {
  if (!has_blank(text)) return;
  findings.push_back({Severity::kError, "render-blank", path,
                      cite(text) +
                          " has a blank or a control character, which ends a value or a line "
                          "in the files of a node: remove it"});
}

void lint_missing(bool missing, const char* flag, const char* what,
                  std::vector<Finding>& findings) {
  if (!missing) return;
  findings.push_back({Severity::kNote, "facts-missing", flag,
                      std::string(what) +
                          " unknown, so noProxy lacks what AKS adds for it: give it with " + flag});
}

// AKS adds the pods' range, or the nodes' subnet where pods have none.
void lint_pods(const ClusterFacts& facts, std::vector<Finding>& findings) {
  if (!facts.pod_cidrs.empty()) return;
  if (facts.pod_network == PodNetwork::kOwnRange)
    return lint_missing(true, "--pod-cidr", "the pods' network is", findings);
  const bool flat = facts.pod_network == PodNetwork::kFlat;
  lint_missing(facts.subnet_cidrs.empty(), flat ? "--subnet-cidr" : "--pod-cidr",
               flat ? "the nodes' subnet is"
                    : "the pods' network (or, where pods share the nodes' subnet, that: "
                      "--subnet-cidr) is",
               findings);
}

}  // namespace

Values values_of(const HttpProxyConfig& config, const ClusterFacts& facts) {
  if (!config.enabled) return {};
  return {config.written.http_proxy, config.written.https_proxy,
          join_no_proxy(effective_no_proxy(config.no_proxy, facts)), config.written.trusted_ca};
}

std::vector<Variable> variables_of(const Values& values) {
  std::vector<Variable> variables;
  const auto add = [&variables](const char* upper, const char* lower, const std::string& value) {
    if (value.empty()) return;
    variables.emplace_back(upper, value);
    variables.emplace_back(lower, value);
  };
  add("HTTP_PROXY", "http_proxy", values.http_proxy);
  add("HTTPS_PROXY", "https_proxy", values.https_proxy);
  add("NO_PROXY", "no_proxy", values.no_proxy);
  return variables;
}

void lint_values(const HttpProxyConfig& config, std::vector<Finding>& findings) {
  lint_text(config.written.http_proxy, "$.httpProxy", findings);
  if (config.written.https_proxy != config.written.http_proxy) {
    lint_text(config.written.https_proxy, "$.httpsProxy", findings);
  }
}

void lint_facts(const ClusterFacts& facts, std::vector<Finding>& findings) {
  lint_missing(facts.fqdn.empty(), "--fqdn", "the API server's name is", findings);
  lint_missing(facts.vnet_cidrs.empty(), "--vnet-cidr", "the virtual network is", findings);
  lint_missing(lacks_ipv6_network(facts), "--vnet-cidr", "the virtual network's IPv6 range is",
               findings);
  lint_pods(facts, findings);
  lint_missing(facts.service_cidrs.empty(), "--service-cidr", "the services' network is", findings);
  const std::string region = region_of_fqdn(facts.fqdn);
  if (!facts.region.empty() && !region.empty() && region != facts.region) {
    findings.push_back({Severity::kWarning, "facts-region", "--region",
                        "the region is " + cite(facts.region) +
                            ", but the API server's name is in " + cite(region) +
                            ": one of the two belongs to another cluster"});
  }
}

}  // namespace aks::render
