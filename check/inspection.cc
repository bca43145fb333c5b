#include "check/inspection.h"

#include <array>

#include "check/plan_hints.h"
#include "proxy/inspect/exemption.h"

namespace check {
namespace {

using proxy::inspect::Exemption;

// The proxy's word with its meaning: "api-server (it is an AKS API server, …)".
std::string exemption_words(const std::string& word) {
  constexpr std::array kAll = {Exemption::kListed, Exemption::kApiServer,
                               Exemption::kClientCertificate, Exemption::kPinned,
                               Exemption::kNotTls};
  for (const Exemption each : kAll) {
    if (token_of(each) == word) return word + " (" + std::string(reason_of(each)) + ")";
  }
  return word;
}

bool has_tls(const Probe& probe) {
  return probe.kind == ProbeKind::kConnectTls || probe.kind == ProbeKind::kDirectTls;
}

}  // namespace

void expect_inspection(ProbeResult& result) {
  const Probe& probe = result.probe;
  const bool reached = result.verdict == Verdict::kPass || result.verdict == Verdict::kWarn;
  const bool expected = reached && probe.kind == ProbeKind::kConnectTls &&
                        probe.inspection == aks::Inspection::kAcceptable;
  if (!expected || result.inspected != Inspected::kNo || !result.exemption.empty()) return;
  result.verdict = Verdict::kFail;
  result.failed_in = Phase::kTls;
  result.reason += ", but its TLS was not inspected: the chain ends in " + result.authority;
  result.next_step = hint_for(probe, Trouble::kNotInspected);
}

std::string inspection_words(const ProbeResult& result) {
  if (!has_tls(result.probe)) return "no TLS";
  if (result.inspected == Inspected::kUnknown) return "nothing known";
  const std::string authority = result.authority.empty() ? "an unnamed CA" : result.authority;
  if (result.inspected == Inspected::kYes) return "by " + authority;
  std::string why;
  if (result.probe.route == aks::Route::kDirect && !result.probe.proxy) {
    why = "past the proxy; ";
  } else if (!result.exemption.empty()) {
    why = exemption_words(result.exemption) + "; ";
  }
  return why + "its chain ends in " + authority;
}

}  // namespace check
