#include "http/path_readings.h"

#include <algorithm>

#include "base/ascii.h"
#include "http/path.h"

namespace http {
namespace {

// Escapes of escapes of escapes: whoever writes more has no good reason.
constexpr int kMostDecodings = 3;

int hex_value(char c) { return base::is_digit(c) ? c - '0' : base::to_lower(c) - 'a' + 10; }

bool is_escape(std::string_view text, size_t at) {
  return text[at] == '%' && at + 2 < text.size() && base::is_hex(text[at + 1]) &&
         base::is_hex(text[at + 2]);
}

// Decodes all escapes; what only looks like one stays. Servers that decode twice do so after they
// have split the path, or before: octets that split it do so here.
std::string decode_all(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_escape(text, i)) {
      c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    }
    out += c == '\\' ? '/' : c;
  }
  return out;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

// Two or more octets for what takes fewer (RFC 3629 §3): lenient decoders make "." or "/" of them.
bool has_overlong(std::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (!is_continuation(text[i + 1])) continue;
    const bool overlong = lead == 0xc0 || lead == 0xc1 || (lead == 0xe0 && next < 0xa0) ||
                          (lead == 0xf0 && next < 0x90) || lead >= 0xf8;
    if (overlong) return true;
  }
  return false;
}

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

enum class Parameters { kKeep, kCut };

// Empty segments left out, dot segments resolved; above the root is the root.
std::string collapse(std::string_view path, Parameters parameters) {
  std::string out;
  for (size_t start = 0; start < path.size();) {
    const size_t slash = std::min(path.find('/', start), path.size());
    std::string_view segment = path.substr(start, slash - start);
    start = slash + 1;
    if (parameters == Parameters::kCut) segment = segment.substr(0, segment.find(';'));
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      out.resize(out.empty() ? 0 : out.rfind('/'));
    } else {
      out.append("/").append(segment);
    }
  }
  if (out.empty() || path.ends_with('/')) out += '/';
  return out;
}

bool is_below_in_any_case(std::string_view path, std::string_view prefix) {
  // "/admin/" denies "/admin" as well: servers add and drop the slash.
  if (prefix.size() > 1 && prefix.ends_with('/')) prefix.remove_suffix(1);
  if (path.size() < prefix.size() || !base::iequals(path.substr(0, prefix.size()), prefix)) {
    return false;
  }
  return prefix.ends_with('/') || path.size() == prefix.size() || path[prefix.size()] == '/';
}

}  // namespace

PathReadings::PathReadings(std::string_view path_and_query) {
  auto path = canonical_path(path_and_query);
  if (!path) return;
  readings_.push_back(*path);
  if (path->find_first_of(";%") == std::string::npos) return;
  readings_.push_back(collapse(*path, Parameters::kCut));
  std::string text = std::move(*path);
  for (int times = 0; times < kMostDecodings; ++times) {
    std::string decoded = decode_all(text);
    if (decoded == text) return;
    if (has_controls(decoded) || has_overlong(decoded)) {
      readings_.clear();
      return;
    }
    text = std::move(decoded);
    read(text);
  }
  if (decode_all(text) != text) readings_.clear();
}

void PathReadings::read(const std::string& text) {
  // Whoever decodes first looks for the query afterwards.
  for (const std::string& each : {text, text.substr(0, text.find_first_of("?#"))}) {
    readings_.push_back(collapse(each, Parameters::kKeep));
    readings_.push_back(collapse(each, Parameters::kCut));
  }
}

bool PathReadings::all_below(std::string_view prefix) const {
  const std::string decoded = decode_all(prefix);
  return !readings_.empty() &&
         std::all_of(readings_.begin(), readings_.end(), [&](const auto& each) {
           return is_at_or_below(each, prefix) || is_at_or_below(each, decoded);
         });
}

bool PathReadings::any_below(std::string_view prefix) const {
  const std::string decoded = decode_all(prefix);
  return readings_.empty() ||
         std::any_of(readings_.begin(), readings_.end(), [&](const auto& each) {
           return is_below_in_any_case(each, prefix) || is_below_in_any_case(each, decoded);
         });
}

}  // namespace http
