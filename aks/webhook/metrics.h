// What the webhook counts, in the Prometheus text format.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "aks/admission.h"
#include "base/clock.h"

namespace aks::webhook {

enum class File : std::uint8_t { kConfig, kCertificate };
enum class Reload : std::uint8_t { kDone, kFailed };

// Thread-safe.
class Metrics {
 public:
  void count(AdmissionOutcome outcome, std::chrono::microseconds took);
  void count(File file, Reload reload);
  void count_connection() { ++connections_; }
  void count_failed_handshake() { ++failed_handshakes_; }

  // `open`: connections now; `not_after`: the end of the certificate in use.
  std::string text(std::uint64_t open, base::WallTime not_after) const;

 private:
  using Count = std::atomic<std::uint64_t>;
  std::array<Count, kAdmissionOutcomes> outcomes_{};
  Count review_us_{};
  std::array<std::array<Count, 2>, 2> reloads_{};
  Count connections_{};
  Count failed_handshakes_{};
};

}  // namespace aks::webhook
