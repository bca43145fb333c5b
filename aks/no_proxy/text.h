// What the readers of lists share: pieces of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/destination.h"
#include "aks/no_proxy/rule.h"

namespace aks::no_proxy {

inline constexpr std::string_view kSpace = " \t\n\v\f\r";

// `text` without characters of `set` at both ends.
std::string_view trim(std::string_view text, std::string_view set = kSpace);

// `text` without any characters of `set` in front.
std::string_view trim_front(std::string_view text, std::string_view set);

// The pieces between characters of `separators`, empty ones included.
std::vector<std::string_view> split(std::string_view list, std::string_view separators);

// Whether `text` is digits and nothing else.
bool is_number(std::string_view text);

// The port that `digits` name. Numbers that do not fit equal no port.
unsigned number_of(std::string_view digits);

// Whether `host` is a name below `domain`: "www.example.com" below "example.com". Case counts.
bool is_below(std::string_view host, std::string_view domain);

// What to call a match of text with text: an address that ends in the entry's text is no name below
// a domain.
Rule below_rule(const Destination& to);
Rule itself_rule(const Destination& to);

}  // namespace aks::no_proxy
