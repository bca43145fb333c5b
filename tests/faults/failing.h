// Failures on purpose: the n-th call of a kind fails, of those that the proxy itself makes.
#pragma once

#include <cstdint>

namespace faults {

enum class Kind : std::uint8_t { kNone, kSystemCall, kOpenSslMemory, kNghttp2Memory };

// From now on calls of `kind` are counted from 0, and the one numbered `number` fails.
void fail(Kind kind, unsigned number);
// No call fails any more. Returns how many were counted.
unsigned stop();

// Called by each call: whether this one has to fail.
bool is_due(Kind kind);

}  // namespace faults
