// Our JSON reader against another one: what that accepts, ours reads without a word; what ours
// reads without a word, that accepts, octets beyond ASCII aside, which ours leaves alone.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/json_text.h"

namespace {

void check_places(const config::Node& node, int lines) {
  if (node.line < 1 || node.line > lines || node.column < 1) std::abort();
  if (node.kind == config::Node::Kind::kMap && node.keys.size() != node.items.size()) std::abort();
  for (const config::Node& item : node.items) check_places(item, lines);
}

// nullopt where a number is beyond a double, which the other reader gives up at.
std::optional<bool> is_json(std::string_view text) {
  try {
    return !nlohmann::json::parse(text).is_discarded();
  } catch (const nlohmann::json::out_of_range&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = config::parse_json(text);
  const auto* whole = std::get_if<config::JsonText>(&parsed);
  if (whole != nullptr) {
    check_places(whole->root, 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n')));
  }
  const bool silent = whole != nullptr && whole->oddities.empty();
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  const std::optional<bool> accepted = is_json(text);
  // A byte order mark is the caller's affair here, depth is bounded, and the other reader takes NUL
  // for the end of the text.
  const bool deep =
      std::count(text.begin(), text.end(), '[') + std::count(text.begin(), text.end(), '{') >
      config::kMaxJsonDepth;
  const bool comparable =
      !deep && !text.starts_with("\xef\xbb\xbf") && text.find('\0') == std::string_view::npos;
  if (accepted == true && !silent && comparable) std::abort();
  if (silent && accepted == false && ascii) std::abort();
  return 0;
}
