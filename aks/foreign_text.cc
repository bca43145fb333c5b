#include "aks/foreign_text.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace aks {
namespace {

// The first line that is neither blank nor a comment, up to a bound.
std::string_view first_line(std::string_view text) {
  constexpr int kMaxLines = 1000;
  bool in_comment = false;
  for (int i = 0; i < kMaxLines && !text.empty(); ++i) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t first = line.find_first_not_of(" \t\r");
    line.remove_prefix(std::min(first, line.size()));
    if (in_comment) {
      in_comment = line.find("*/") == line.npos;
      continue;
    }
    if (line.starts_with("/*")) {
      in_comment = line.find("*/", 2) == line.npos;
      continue;
    }
    if (!line.empty() && !line.starts_with("//") && !line.starts_with('#')) return line;
  }
  return {};
}

// Whether the line is "word …", "word=…" or "word {".
bool begins_with_word(std::string_view line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  return line.starts_with(' ') || line.starts_with('\t') || line.starts_with('=') ||
         line.starts_with('{');
}

bool is_bicep_parameters(std::string_view line) { return line.starts_with("using '"); }

bool is_bicep(std::string_view line) {
  constexpr std::array kWords = {"targetScope", "param", "var",   "metadata",
                                 "type",        "func",  "import"};
  if (line.find(':') != line.npos && line.find('\'') == line.npos && !line.starts_with('@'))
    return false;
  if (std::any_of(kWords.begin(), kWords.end(),
                  [line](const char* word) { return begins_with_word(line, word); }))
    return true;
  if (line.starts_with('@')) return line.find('(') != line.npos;
  return (line.starts_with("resource ") || line.starts_with("module ")) &&
         line.find('\'') != line.npos;
}

bool is_terraform(std::string_view line) {
  constexpr std::array kWords = {"terraform", "provider", "resource", "module", "variable",
                                 "data",      "locals",   "output",   "moved",  "import"};
  return line.find('{') != line.npos &&
         std::any_of(kWords.begin(), kWords.end(),
                     [line](const char* word) { return begins_with_word(line, word); });
}

void append_utf8(std::string& out, unsigned code) {
  const auto octet = [&out](unsigned value) { out += static_cast<char>(value); };
  if (code < 0x80) return octet(code);
  if (code < 0x800) {
    octet(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    octet(0xe0 | code >> 12);
    octet(0x80 | (code >> 6 & 0x3f));
  } else {
    octet(0xf0 | code >> 18);
    octet(0x80 | (code >> 12 & 0x3f));
    octet(0x80 | (code >> 6 & 0x3f));
  }
  octet(0x80 | (code & 0x3f));
}

}  // namespace

std::optional<std::string> foreign_text(std::string_view text) {
  if (text.starts_with("PK\x03\x04"))
    return "is a saved plan of Terraform or another zip file; give the output of terraform show "
           "-json PLAN";
  const std::string_view line = first_line(text);
  if (line.starts_with("-----BEGIN "))
    return "is PEM, which goes into trustedCa of a configuration as the output of base64 -w0 FILE";
  if (line.starts_with("WARNING: ") || line.starts_with("ERROR: "))
    return "begins with a message of the az CLI, which goes to standard error: write only "
           "standard output into the file (az … -o json > FILE, without 2>&1)";
  if (is_bicep_parameters(line))
    return "is a file of Bicep's parameters; give what it compiles to: az bicep build-params "
           "--file FILE --stdout";
  if (is_terraform(line))
    return "is Terraform's language; give the plan as JSON: terraform plan -out plan && terraform "
           "show -json plan";
  if (is_bicep(line))
    return "is Bicep; give what it compiles to: az bicep build --file FILE --stdout";
  return std::nullopt;
}

bool is_utf16(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return true;
  return text.size() > 3 && (text[0] == '\0') != (text[1] == '\0') &&
         (text[2] == '\0') == (text[0] == '\0') && (text[3] == '\0') == (text[1] == '\0');
}

std::optional<std::string> utf8_of_utf16(std::string_view text) {
  if (!is_utf16(text) || text.size() % 2 != 0) return std::nullopt;
  const bool marked = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
  const bool little = marked ? text.starts_with("\xff\xfe") : text[0] != '\0';
  std::string out;
  unsigned high = 0;
  for (size_t i = marked ? 2 : 0; i < text.size(); i += 2) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const unsigned unit = little ? first | static_cast<unsigned>(second) << 8
                                 : second | static_cast<unsigned>(first) << 8;
    const bool low = unit >= 0xdc00 && unit < 0xe000;
    if (low != (high != 0)) return std::nullopt;
    if (low) {
      append_utf8(out, 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
      high = 0;
    } else if (unit >= 0xd800 && unit < 0xdc00) {
      high = unit;
    } else {
      append_utf8(out, unit);
    }
  }
  if (high != 0) return std::nullopt;
  return out;
}

}  // namespace aks
