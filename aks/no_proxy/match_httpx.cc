#include <algorithm>
#include <charconv>

#include "aks/no_proxy/match.h"
#include "aks/no_proxy/text.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

// A URL as httpx makes one of each entry; "all" is any scheme. A host that starts with "*." covers
// what is below, one that starts with "*" the name itself as well.
struct Pattern {
  std::string scheme;
  std::string host;
  std::optional<long> port;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet >= 0x20 && octet != 0x7f;
  });
}

std::string url_of(std::string_view entry) {
  std::string text(entry);
  if (entry.find("://") != std::string_view::npos) return text;
  const auto address = base::IpAddress::parse(entry.substr(0, entry.find('/')));
  if (address) return address->is_v4() ? "all://" + text : "all://[" + text + "]";
  if (base::iequals(entry, "localhost")) return "all://" + text;
  return "all://*" + text;
}

// nullopt stands for InvalidURL.
std::optional<Pattern> parse_pattern(std::string_view entry) {
  const std::string url = url_of(entry);
  if (!is_printable(url)) return std::nullopt;
  const size_t mark = url.find("://");
  Pattern pattern;
  pattern.scheme = base::lower(url.substr(0, mark));
  std::string_view rest = std::string_view(url).substr(mark + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const size_t at = rest.find('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  // A host in brackets, or all up to the first colon; the remainder has to be a port.
  const size_t close = rest.starts_with('[') ? rest.rfind(']') : std::string_view::npos;
  const size_t end = close == std::string_view::npos ? rest.find(':') : close + 1;
  std::string_view host = rest.substr(0, end);
  std::string_view port =
      end == std::string_view::npos ? "" : rest.substr(std::min(end, rest.size()));
  if (port.starts_with(':')) port.remove_prefix(1);
  if (!port.empty()) {
    long number = 0;
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || stop != port.data() + port.size()) return std::nullopt;
    const bool usual =
        (pattern.scheme == "http" && number == 80) || (pattern.scheme == "https" && number == 443);
    if (!usual) pattern.port = number;
  }
  if (close != std::string_view::npos) {
    host = host.substr(1, host.size() - 2);
    const auto address = base::IpAddress::parse(host);
    if (!address || address->is_v4()) return std::nullopt;
  } else if (!is_ascii(host)) {
    return std::nullopt;
  }
  pattern.host = base::lower(host);
  return pattern;
}

Rule match_pattern(const Pattern& pattern, const Destination& to, const std::string& host,
                   bool is_url) {
  if (pattern.scheme != "all" && pattern.scheme != to.scheme) return Rule::kNoEntry;
  if (pattern.port) {
    const bool spelled = to.spelled_port && *to.spelled_port == *pattern.port;
    const bool usual = (to.scheme == "http" && pattern.port == 80) ||
                       (to.scheme == "https" && pattern.port == 443);
    if (!spelled || usual) return Rule::kNoEntry;
  }
  std::string_view name = pattern.host;
  if (name.empty() || name == "*") return Rule::kAll;
  if (name.starts_with("*.")) {
    return is_below(host, name.substr(2)) && host.size() > name.size() - 1 ? below_rule(to)
                                                                           : Rule::kNoEntry;
  }
  if (name.starts_with('*')) {
    name.remove_prefix(1);
    if (host.size() > name.size() + 1 && is_below(host, name)) return below_rule(to);
  }
  if (host != name) return Rule::kNoEntry;
  return is_url ? Rule::kUrl : itself_rule(to);
}

}  // namespace

Match match_httpx(std::string_view list, const Destination& to) {
  std::vector<std::string_view> entries;
  for (const std::string_view element : split(list, ",")) {
    const std::string_view entry = trim(element);
    if (entry == "*") return {Rule::kAll, "*"};
    if (!entry.empty()) entries.push_back(entry);
  }
  Match match;
  const std::string host = base::lower(to.host);
  for (const std::string_view entry : entries) {
    const auto pattern = parse_pattern(entry);
    if (!pattern) return {Rule::kBadEntry, std::string(entry)};
    // A host that starts with an A-label is compared decoded, so that it equals no A-label.
    if (host.starts_with("xn--") && pattern->host.find("xn--") != std::string::npos) continue;
    const bool is_url = entry.find("://") != std::string_view::npos;
    const Rule rule = match_pattern(*pattern, to, host, is_url);
    if (rule != Rule::kNoEntry && match.rule == Rule::kNoEntry) match = {rule, std::string(entry)};
  }
  return match;
}

}  // namespace aks::no_proxy
