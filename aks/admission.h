// A mutating admission webhook as a function: the octets of an AdmissionReview
// (admission.k8s.io/v1) in, the octets of the answer out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aks/pod_injection.h"

namespace aks {

// etcd takes objects of 1.5 MiB, the API server requests of 3 MiB; an update's review holds two
// objects and some lines around them.
inline constexpr size_t kMaxReviewBytes = 7 * 1024 * 1024;
// Objects and arrays inside each other. Pods have about 15 levels; deeper input is an attack on
// whoever walks it recursively.
inline constexpr size_t kMaxReviewDepth = 64;

// Values of any kind: pods have some thousands, and each takes about a hundred octets of memory.
inline constexpr size_t kMaxReviewValues = 250'000;

// What became of a review; the names are labels of a metric.
enum class AdmissionOutcome : std::uint8_t {
  kPatched,    // something was missing and is added
  kUnchanged,  // nothing is missing, or nothing may be changed any more
  kOptedOut,   // the annotation says so
  kOther,      // no pod: allowed as it is
  kRefused,    // no review that can be answered
};
inline constexpr size_t kAdmissionOutcomes = 5;

struct AdmissionAnswer {
  AdmissionOutcome outcome = AdmissionOutcome::kRefused;
  int status = 200;  // of HTTP: 400 or 413 with kRefused
  std::string body;  // JSON: an AdmissionReview, or with kRefused a Status (meta/v1)
};

// Everything that can be read is allowed, patched or not; a denial is never the answer. A review
// that can't be read is an HTTP error, so that failurePolicy decides what becomes of the request.
AdmissionAnswer review_admission(std::string_view review, const PodInjection& injection);

// The JSON body of an HTTP error, in the form that the API server shows to people (Status,
// meta/v1).
std::string status_body(int code, const std::string& message);

std::string_view token_of(AdmissionOutcome outcome);

}  // namespace aks
