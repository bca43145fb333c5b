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

// A status by which something on the way refuses: what it guards is closed.
bool is_refusal(int status) {
  return status == 403 || status == 407 || status == 451 || status >= 500;
}

// Turns what a direct probe found into an answer to whether egress is closed. Something on the way
// may take the connection: the destination's own certificate, or an answer that is no refusal,
// shows that the way is open; of a stranger's certificate it is not known whether it lets out what
// does not ask for certificates.
void judge_closed(ProbeResult& result, const PhaseEnd& end) {
  const Probe& probe = result.probe;
  const std::string where = probe.host + " on port " + std::to_string(probe.port);
  // After a handshake that was verified the way is open, whatever comes of the GET.
  const bool verified = probe.kind == ProbeKind::kDirectTls && result.inspected == Inspected::kNo;
  if (verified || (!end && !is_refusal(result.http_status))) {
    result.verdict = Verdict::kFail;
    result.reason = "reached without the proxy, so that clients which ignore it get out unseen";
    result.next_step = "Close direct egress to " + where +
                       " (firewall, network security group, outbound type of the cluster), and "
                       "leave the proxy's own way open.";
    return;
  }
  const std::string found =
      end ? end->reason
          : "something on the way refuses, HTTP " + std::to_string(result.http_status);
  result.failed_in.reset();
  const bool stranger =
      end && (end->trouble == Trouble::kTlsUntrusted || end->trouble == Trouble::kTlsName ||
              end->trouble == Trouble::kTlsExpired);
  result.verdict = stranger ? Verdict::kWarn : Verdict::kPass;
  result.reason =
      (stranger ? "something answers in its place, and may let traffic out: " : "closed: ") + found;
  if (stranger) {
    result.next_step =
        "Find out what takes direct connections to " + where + ", and have it refuse them.";
  }
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
      if (result.probe.wanted == Wanted::kClosed) {
        judge_closed(result, end);
        co_return result;
      }
      result.verdict = result.probe.weight == Weight::kAdvisory ? Verdict::kWarn : Verdict::kFail;
      result.reason = end->reason;
      result.next_step = hint_for(result.probe, end->trouble);
      co_return result;
    }
  }
  if (result.probe.wanted == Wanted::kClosed) {
    judge_closed(result, std::nullopt);
  } else {
    judge(result);
  }
  co_return result;
}

}  // namespace check
