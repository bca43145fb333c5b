// Text inside HTML and XML, from sources that may be hostile.
#pragma once

#include <string>
#include <string_view>

namespace check {

// `text` for element content and quoted attributes of HTML and XML 1.0: markup characters become
// references; octets that are no UTF-8, and characters that XML 1.0 §2.2 excludes, become U+FFFD.
std::string escape_markup(std::string_view text);

}  // namespace check
