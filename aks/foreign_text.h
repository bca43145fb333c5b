// Texts that are neither JSON nor YAML but that people have at hand when they look for a
// configuration, and how to make something of them that can be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aks {

// "is Bicep; give what it compiles to: …": the sentence's end for a document of Bicep, Terraform's
// language, PEM or a saved plan. nullopt for anything else.
std::optional<std::string> foreign_text(std::string_view text);

// The text of a document that begins with the byte order mark of UTF-16, without the mark. nullopt
// when there is none, or when what follows is not UTF-16 (RFC 2781).
std::optional<std::string> utf8_of_utf16(std::string_view text);

}  // namespace aks
