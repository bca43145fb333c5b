// What a pattern of scalars_names.h's host_pattern() matches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace config {

// `host` is in lower case and has no trailing dot; an address is matched by no pattern.
bool matches_host(std::string_view pattern, std::string_view host);
bool matches_any_host(const std::vector<std::string>& patterns, std::string_view host);

}  // namespace config
