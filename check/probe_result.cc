#include "check/probe_result.h"

namespace check {

std::chrono::microseconds PhaseDurations::total() const {
  std::chrono::microseconds sum{0};
  for (const auto& duration : durations_) sum += duration.value_or(std::chrono::microseconds{0});
  return sum;
}

ProbeResult skipped_result(Probe probe) {
  ProbeResult result;
  result.reason = probe.note;
  result.probe = std::move(probe);
  return result;
}

std::string_view token_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kWarn: return "warn";
    case Verdict::kFail: return "fail";
    case Verdict::kSkip: return "skip";
  }
  return "skip";
}

std::string_view token_of(Phase phase) {
  switch (phase) {
    case Phase::kConnect: return "connect";
    case Phase::kProxyTls: return "proxy_tls";
    case Phase::kConnectReply: return "connect_reply";
    case Phase::kTls: return "tls";
    case Phase::kHttp: return "http";
  }
  return "connect";
}

std::string_view token_of(Inspected inspected) {
  switch (inspected) {
    case Inspected::kUnknown: return "unknown";
    case Inspected::kNo: return "no";
    case Inspected::kYes: return "yes";
  }
  return "unknown";
}

std::string_view token_of(ProxySaw saw) {
  switch (saw) {
    case ProxySaw::kUnknown: return "unknown";
    case ProxySaw::kNo: return "no";
    case ProxySaw::kYes: return "yes";
  }
  return "unknown";
}

}  // namespace check
