#include "http/authentication.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"

namespace http {
namespace {

// Those that authenticate the request that they are in, and nothing else.
bool is_by_request(std::string_view scheme) {
  static constexpr std::array<std::string_view, 3> kSchemes = {"Basic", "Bearer", "Digest"};
  return std::any_of(kSchemes.begin(), kSchemes.end(),
                     [&](std::string_view known) { return base::iequals(known, scheme); });
}

struct Element {
  std::string_view text;
  size_t size = 0;  // with the comma behind it
  enum class End { kOrderly, kInsideString } end = End::kOrderly;
};

// Up to the first comma outside of quoted strings.
Element first_element(std::string_view list) {
  bool quoted = false;
  size_t i = 0;
  for (; i < list.size() && (quoted || list[i] != ','); ++i) {
    if (list[i] == '"') quoted = !quoted;
    if (list[i] == '\\' && quoted) ++i;
  }
  i = std::min(i, list.size());
  return {base::trim_ows(list.substr(0, i)), std::min(i + 1, list.size()),
          quoted ? Element::End::kInsideString : Element::End::kOrderly};
}

// A list of challenges has commas between challenges and between the parameters of one (RFC 9110
// §11.6.1): what begins with a name and "=" is a parameter, all else begins with a scheme.
bool is_parameter(std::string_view element, std::string_view word) {
  return base::trim_ows(element.substr(word.size())).starts_with('=');
}

bool are_by_request(std::string_view challenges) {
  while (!challenges.empty()) {
    const Element element = first_element(challenges);
    challenges.remove_prefix(element.size);
    if (element.end == Element::End::kInsideString) return false;
    if (element.text.empty()) continue;  // RFC 9110 §5.6.1.2
    const std::string_view word = element.text.substr(0, element.text.find_first_of(" \t="));
    if (!is_parameter(element.text, word) && !is_by_request(word)) return false;
  }
  return true;
}

}  // namespace

bool may_authenticate_connection(const Fields& fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field field = fields.at(i);
    if (base::iequals(field.name, "Authorization")) {
      if (!is_by_request(field.value.substr(0, field.value.find_first_of(" \t")))) return true;
    } else if (base::iequals(field.name, "WWW-Authenticate")) {
      if (!are_by_request(field.value)) return true;
    }
  }
  return false;
}

}  // namespace http
