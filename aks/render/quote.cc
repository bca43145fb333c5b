#include "aks/render/quote.h"

namespace aks::render {
namespace {

constexpr char kHex[] = "0123456789abcdef";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The escapes that HCL and Bicep share; nullptr for other characters.
const char* common_escape(char c) {
  switch (c) {
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return nullptr;
  }
}

std::string two_hex(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return {kHex[octet >> 4], kHex[octet & 15]};
}

}  // namespace

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string hcl_quoted(std::string_view text) {
  std::string out = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool opens_template = (c == '$' || c == '%') && text.substr(i + 1, 1) == "{";
    if (const char* escape = common_escape(c)) {
      out += escape;
    } else if (c == '"') {
      out += "\\\"";
    } else if (is_control(c)) {
      out += "\\u00" + two_hex(c);
    } else if (opens_template) {
      out += {c, c};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string bicep_quoted(std::string_view text) {
  std::string out = "'";
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (const char* escape = common_escape(c)) {
      out += escape;
    } else if (c == '\'') {
      out += "\\'";
    } else if (is_control(c)) {
      out += "\\u{" + two_hex(c) + "}";
    } else if (c == '$' && text.substr(i + 1, 1) == "{") {
      out += "\\$";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string arm_text(std::string_view text) {
  const bool evaluated = text.starts_with('[') && text.ends_with(']');
  return (evaluated ? "[" : "") + std::string(text);
}

std::string kubernetes_text(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '$' ? 2 : 1, c);
  return out;
}

}  // namespace aks::render
