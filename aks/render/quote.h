// String literals of the languages that a configuration is written into. Each function takes any
// octets, but NUL for the shell, and returns the literal with its quotes.
#pragma once

#include <string>
#include <string_view>

namespace aks::render {

// POSIX shell, single quotes: nothing inside is special but ' itself.
std::string shell_quoted(std::string_view text);

// HCL: "${" and "%{" begin templates, so they are doubled to "$${" and "%%{".
std::string hcl_quoted(std::string_view text);

// Bicep: single quotes, "${" interpolates.
std::string bicep_quoted(std::string_view text);

// An ARM template evaluates a string that begins with '[' and ends with ']'; "[[" makes it text. No
// quotes: JSON's come with the document.
std::string arm_text(std::string_view text);

// The value of a container's variable: Kubernetes expands $(NAME) and halves "$$", so every '$' is
// doubled. No quotes.
std::string kubernetes_text(std::string_view text);

}  // namespace aks::render
