// What policy says of a request, for decisions and records.
#pragma once

#include <cstdint>
#include <string_view>

namespace proxy::policy {

enum class Verdict : std::uint8_t {
  kAllow,
  kWouldDeny,  // let through, but only because policy.enforce is report
  kDeny,
  kNeedsAddress,  // not settled: it depends on an address that is not known (yet)
};

// Whether an address with this verdict may be dialled.
constexpr bool lets_through(Verdict verdict) {
  return verdict == Verdict::kAllow || verdict == Verdict::kWouldDeny;
}

// "allow", "would-deny" or "deny", as records have it; "-" while it depends on an address that is
// not known, as of a name that can't be resolved.
std::string_view token_of(Verdict verdict);

}  // namespace proxy::policy
