// Methods (RFC 9110 §9): any token is one, and those of the IANA registry have properties.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "http/lint.h"

namespace http {

// The longest registered one has 17 octets.
inline constexpr size_t kMaxMethodBytes = 64;

// Whether `method` may be asked for: a token of at most kMaxMethodBytes, neither reserved (PRI and
// "*") nor a registered method in other letters, which some servers would take for that method and
// a rule about it would not. The lint is kMethodUnregistered, or none. Fails (client) with
// kMethodUnsupported.
base::Result<Lints> judge_method(std::string_view method);

// Whether a request may be sent a second time when nothing is known of the first (RFC 9110 §9.2.2).
// Nothing that is not registered may.
bool is_idempotent(std::string_view method);

}  // namespace http
