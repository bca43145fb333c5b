// Manual pages, for man(1).
#pragma once

#include <string>
#include <string_view>

#include "cli/usage/definition.h"

namespace cli::usage {

// "sluice-aks-diff": the page's name, without the section.
std::string page_name(const Command& command);

// The page in the man macros of roff, section 1; release and date stand in its footer.
std::string manual_page(const Command& command, std::string_view release, std::string_view date);

}  // namespace cli::usage
