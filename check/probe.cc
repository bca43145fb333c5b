#include "check/probe.h"

#include "check/connection.h"

namespace check {
namespace {

using Step = net::Task<PhaseEnd> (Connection::*)();

std::vector<Step> steps_of(const Probe& probe) {
  std::vector<Step> steps{&Connection::connect};
  const bool tls_proxy = probe.proxy && probe.proxy->scheme == aks::ProxyScheme::kHttps;
  if (tls_proxy) steps.push_back(&Connection::start_proxy_tls);
  switch (probe.kind) {
    case ProbeKind::kConnectTls:
      steps.insert(steps.end(),
                   {&Connection::open_tunnel, &Connection::start_tls, &Connection::request});
      break;
    case ProbeKind::kDirectTls:
      steps.insert(steps.end(), {&Connection::start_tls, &Connection::request});
      break;
    case ProbeKind::kPlainHttp:
    case ProbeKind::kDirectHttp: steps.push_back(&Connection::request); break;
    case ProbeKind::kDirectTcp:
    case ProbeKind::kSkipped: break;
  }
  return steps;
}

std::string success_reason(const ProbeResult& result) {
  std::string reason = result.probe.route == aks::Route::kProxy ? "reached through the proxy"
                                                                : "reached without the proxy";
  if (result.http_status != 0) reason += ", HTTP " + std::to_string(result.http_status);
  if (result.inspected == Inspected::kYes) reason += ", TLS inspected by the proxy";
  return reason;
}

void judge(ProbeResult& result) {
  result.failed_in.reset();
  result.verdict = Verdict::kPass;
  result.reason = success_reason(result);
  if (result.inspected == Inspected::kYes &&
      result.probe.inspection == aks::Inspection::kForbidden) {
    result.verdict = Verdict::kFail;
    result.failed_in = Phase::kTls;
    result.reason = "its TLS is inspected, which this endpoint does not allow";
    result.next_step = hint_for(result.probe, Trouble::kIntercepted);
  } else if (!result.probe.warning.empty()) {
    result.verdict = Verdict::kWarn;
    result.reason += "; " + result.probe.warning;
  }
}

}  // namespace

net::Task<ProbeResult> run_probe(const ProbeContext& context, Probe probe) {
  if (probe.kind == ProbeKind::kSkipped) co_return skipped_result(std::move(probe));
  ProbeResult result;
  result.probe = std::move(probe);
  {
    Connection connection(context, result);
    for (const Step step : steps_of(result.probe)) {
      auto phase = (connection.*step)();
      const PhaseEnd end = co_await phase;
      if (!end) continue;
      result.verdict = result.probe.weight == Weight::kAdvisory ? Verdict::kWarn : Verdict::kFail;
      result.reason = end->reason;
      result.next_step = hint_for(result.probe, end->trouble);
      co_return result;
    }
  }
  judge(result);
  co_return result;
}

}  // namespace check
