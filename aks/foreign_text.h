// Texts that are neither JSON nor YAML but that people have at hand when they look for a
// configuration, and how to make something of them that can be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aks {

// "is Bicep; give what it compiles to: …": the sentence's end for a document of Bicep, Terraform's
// language, PEM, a saved plan or messages of the az CLI. nullopt for anything else.
std::optional<std::string> foreign_text(std::string_view text);

// Whether a text begins as UTF-16: with its byte order mark, or without one and with two characters
// of ASCII, as all documents here do.
bool is_utf16(std::string_view text);

// The text of a document of UTF-16, without its mark. nullopt when it does not begin as one, or
// when what follows is not UTF-16 (RFC 2781).
std::optional<std::string> utf8_of_utf16(std::string_view text);

}  // namespace aks
