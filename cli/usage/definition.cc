#include "cli/usage/definition.h"

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "config/suggest.h"

namespace cli::usage {

std::string Option::spelling() const {
  std::string text;
  for (const std::string& each : names) text += (text.empty() ? "" : ", ") + each;
  if (is_positional || value == Needed::kNo) return text;
  return text + (value == Needed::kOptional ? "[=" + value_name + "]" : " " + value_name);
}

bool Option::has_name(std::string_view name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Option::names_file() const {
  constexpr std::array kFiles = {"FILE",        "DIR",     "PATH", "CONFIG", "FACTS",
                                 "NODE",        "PODS",    "OLD",  "NEW",    "CERTIFICATES",
                                 "CERTIFICATE", "DESIRED", "LIVE"};
  return std::find(kFiles.begin(), kFiles.end(), value_name) != kFiles.end();
}

std::string Command::path() const { return above == nullptr ? name : above->path() + " " + name; }

Command* Command::find(std::string_view word) const {
  const auto found = std::find_if(below.begin(), below.end(),
                                  [word](const auto& each) { return each->name == word; });
  return found == below.end() ? nullptr : found->get();
}

Option* Command::find_option(std::string_view word) const {
  const auto found = std::find_if(options.begin(), options.end(), [word](const auto& each) {
    return !each->is_positional && each->has_name(word);
  });
  return found == options.end() ? nullptr : found->get();
}

std::vector<std::string> Command::names_below() const {
  std::vector<std::string> out;
  out.reserve(below.size());
  for (const auto& each : below) out.push_back(each->name);
  return out;
}

std::vector<const Option*> Command::positionals() const {
  std::vector<const Option*> out;
  for (const auto& each : options) {
    if (each->is_positional) out.push_back(each.get());
  }
  return out;
}

std::vector<const Option*> Command::dashed() const {
  std::vector<const Option*> out;
  for (const auto& each : options) {
    if (!each->is_positional) out.push_back(each.get());
  }
  return out;
}

std::string any_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& words) {
  const std::string near = config::nearest(word, words);
  // Half the letters of a short word changed make another word.
  if (near.empty() || config::edit_distance(word, near) * 2 >= word.size()) return "";
  return ", did you mean " + near + "?";
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxQuoted = 120;
  return '"' + base::printable(text, base::Spaces::kKeep, kMaxQuoted) + '"';
}

}  // namespace cli::usage
