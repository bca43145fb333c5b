#include "aks/no_proxy/text.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace aks::no_proxy {

std::string_view trim(std::string_view text, std::string_view set) {
  const size_t first = text.find_first_not_of(set);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(set) - first + 1);
}

std::string_view trim_front(std::string_view text, std::string_view set) {
  const size_t first = text.find_first_not_of(set);
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

std::vector<std::string_view> split(std::string_view list, std::string_view separators) {
  std::vector<std::string_view> pieces;
  for (size_t start = 0;;) {
    const size_t end = list.find_first_of(separators, start);
    if (end == std::string_view::npos) {
      pieces.push_back(list.substr(start));
      return pieces;
    }
    pieces.push_back(list.substr(start, end - start));
    start = end + 1;
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

unsigned number_of(std::string_view digits) {
  unsigned number = 0;
  const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), number).ec;
  return error == std::errc() ? number : ~0U;
}

bool is_below(std::string_view host, std::string_view domain) {
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

Rule below_rule(const Destination& to) { return to.address ? Rule::kAddressSuffix : Rule::kBelow; }

Rule itself_rule(const Destination& to) { return to.address ? Rule::kAddress : Rule::kName; }

}  // namespace aks::no_proxy
