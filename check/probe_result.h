// What a probe found out.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "check/plan.h"

namespace check {

enum class Verdict { kPass, kWarn, kFail, kSkip };

// The stretches of a probe, in order. A probe has only those its kind needs.
enum class Phase {
  kConnect,       // name resolution and TCP, to the proxy or the direct destination
  kProxyTls,      // TLS to an https:// proxy
  kConnectReply,  // CONNECT sent until its answer's head is complete
  kTls,           // TLS to the destination, verification included
  kHttp,          // GET sent until the answer's head is complete
};
inline constexpr size_t kPhases = 5;

// Durations by phase; nullopt for phases that did not begin.
class PhaseDurations {
 public:
  std::optional<std::chrono::microseconds>& operator[](Phase phase) {
    return durations_[static_cast<size_t>(phase)];
  }
  const std::optional<std::chrono::microseconds>& operator[](Phase phase) const {
    return durations_[static_cast<size_t>(phase)];
  }
  std::chrono::microseconds total() const;

 private:
  std::array<std::optional<std::chrono::microseconds>, kPhases> durations_{};
};

// The destination's leaf certificate. Text comes from the network and is not escaped.
struct Certificate {
  std::string subject;
  std::string issuer;
  std::optional<base::WallTime> not_after;
};

enum class Inspected {
  kUnknown,  // no TLS, or nothing to compare with
  kNo,       // the chain ends in a system root
  kYes,      // the chain ends in trustedCa or in an authority nobody trusts
};

// Whether the proxy saw a direct probe: positive evidence, never assumed.
enum class ProxySaw { kUnknown, kNo, kYes };

struct ProbeResult {
  Probe probe;
  Verdict verdict = Verdict::kSkip;
  PhaseDurations phases;
  std::optional<Phase> failed_in;
  int connect_status = 0;  // of the answer to CONNECT; 0 without one
  int http_status = 0;     // of the answer to GET; 0 without one
  std::optional<Certificate> certificate;
  Inspected inspected = Inspected::kUnknown;
  std::string authority;  // subject of the one that the chain ends in, as far as it was sent
  // By the proxy's own log, why it did not inspect: "api-server", "listed", … as in
  // proxy/inspect/exemption.h; "" when it did, or nothing is known.
  std::string exemption;
  ProxySaw proxy_saw = ProxySaw::kUnknown;
  std::string reason;     // a sentence: why the verdict is what it is
  std::string next_step;  // a sentence; "" when there is nothing to do
};

// A skipped probe's result: its reason is the probe's note.
ProbeResult skipped_result(Probe probe);

// "pass", "warn", "fail", "skip".
std::string_view token_of(Verdict verdict);
// "connect", "proxy_tls", "connect_reply", "tls", "http".
std::string_view token_of(Phase phase);
// "unknown", "no", "yes".
std::string_view token_of(Inspected inspected);
std::string_view token_of(ProxySaw saw);

inline constexpr std::array<Phase, kPhases> kAllPhases = {
    Phase::kConnect, Phase::kProxyTls, Phase::kConnectReply, Phase::kTls, Phase::kHttp};

}  // namespace check
