#include "config/suggest.h"

#include <algorithm>
#include <numeric>

namespace config {
namespace {

// Longer than any key by far; a longer name gets no suggestion.
constexpr std::size_t kMaxName = 64;

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('.') + 1); }

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows of the usual table: the one being filled, and the two above it.
  std::vector<std::size_t> row(b.size() + 1), above(b.size() + 1), above2(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], above2[j - 2] + 1);
      }
    }
    std::swap(above2, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > kMaxName) return {};
  const std::string_view part = last_part(name);
  const std::size_t near = std::max<std::size_t>(2, part.size() / 3);
  std::size_t best = near + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    // A right word in the wrong place is nearer than two wrong letters.
    const std::size_t distance =
        std::min(edit_distance(name, candidate), edit_distance(part, last_part(candidate)) + 1);
    if (distance >= best) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

}  // namespace config
