// The file of `sluice run --learn`: JSON, one destination a line.
#pragma once

#include <string>
#include <string_view>

#include "aks/learned.h"
#include "base/result.h"

namespace aks {

// Files above this are refused: 100 000 destinations with all their clients stay below.
inline constexpr std::size_t kMaxLearnedBytes = 128 * 1024 * 1024;

std::string format_learned(const Learned& learned);

// Reads what format_learned writes; what exceeds `limit` destinations is counted as dropped. Hosts
// are judged like those of requests, so nothing comes out that could not have come in. Fails
// (client) with kBadRequest, naming the first entry that is wrong, or what the file is instead.
base::Result<Learned> parse_learned(std::string_view text, std::size_t limit);

// "connect", "forward".
std::string_view token_of(LearnedMethod method);

}  // namespace aks
