#include "http/path.h"

#include "base/ascii.h"

namespace http {
namespace {

int hex_value(char c) {
  if (base::is_digit(c)) return c - '0';
  return base::to_lower(c) - 'a' + 10;
}

bool is_unreserved(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// Octets that servers decode before, after or instead of splitting a path.
bool is_treacherous(char c) { return c == '/' || c == '\\' || (c >= 0 && c < 0x20) || c == 0x7f; }

char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::optional<std::string> decode(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\') return std::nullopt;
    if (path[i] != '%') {
      out += path[i];
      continue;
    }
    if (i + 2 >= path.size() || !base::is_hex(path[i + 1]) || !base::is_hex(path[i + 2])) {
      return std::nullopt;
    }
    const char octet = static_cast<char>(hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]));
    if (is_treacherous(octet)) return std::nullopt;
    if (is_unreserved(octet)) {
      out += octet;
    } else {
      out.append("%").append(1, to_upper(path[i + 1])).append(1, to_upper(path[i + 2]));
    }
    i += 2;
  }
  return out;
}

}  // namespace

std::optional<std::string> canonical_path(std::string_view path_and_query) {
  const auto decoded = decode(path_and_query.substr(0, path_and_query.find('?')));
  if (!decoded || !decoded->starts_with('/')) return std::nullopt;
  std::string out;
  for (size_t start = 1; start <= decoded->size();) {
    const size_t slash = decoded->find('/', start);
    const bool last = slash == std::string::npos;
    const std::string_view segment =
        std::string_view(*decoded).substr(start, last ? slash : slash - start);
    start = last ? decoded->size() + 1 : slash + 1;
    if (segment.empty() && !last) return std::nullopt;
    if (segment == "..") {
      if (out.empty()) return std::nullopt;
      out.resize(out.rfind('/'));
      if (last) out += '/';
    } else if (segment == ".") {
      if (last) out += '/';
    } else {
      out.append("/").append(segment);
    }
  }
  return out.empty() ? "/" : out;
}

bool is_at_or_below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return prefix.ends_with('/') || path.size() == prefix.size() || path[prefix.size()] == '/';
}

}  // namespace http
