#include "aks/no_proxy/shape.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "aks/no_proxy/text.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

using S = Shape;

struct Asked {
  std::string host;
  std::uint16_t port = 0;
  const Destination& to;
};

// An entry taken apart.
struct Entry {
  std::string host;
  unsigned port = 0;  // 0: any
};

Entry take_apart(std::string_view raw, const Shape& shape) {
  Entry entry{base::lower(raw), 0};
  std::string_view text = entry.host;
  const bool either = shape.brackets == S::Brackets::kEither;
  if (shape.ports == S::Ports::kEffective) {
    const size_t colon = text.rfind(':');
    const bool port =
        colon != std::string_view::npos && colon > 0 && is_number(text.substr(colon + 1));
    const bool enclosed = port && text.starts_with('[') && text[colon - 1] == ']' && colon > 2;
    const bool alone = std::count(text.begin(), text.end(), ':') == 1;
    if (port && (!either || enclosed || alone)) {
      entry.port = number_of(text.substr(colon + 1));
      text = text.substr(0, colon);
    }
  }
  if (either && text.size() > 2 && text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  // The dot of "." and "*." is their first, not their last.
  const size_t front = text.starts_with("*.") ? 2 : text.starts_with('.') ? 1 : 0;
  const bool dot = text.size() > front + 1 && text.ends_with('.');
  if (dot && shape.final_dot == S::FinalDot::kIgnored) text.remove_suffix(1);
  entry.host = std::string(text);
  return entry;
}

Rule match_covers(S::Covers covers, std::string_view name, Rule itself, const Asked& asked) {
  if (covers == S::Covers::kEnding) {
    if (!asked.host.ends_with(name)) return Rule::kNoEntry;
    return asked.host == name           ? itself
           : is_below(asked.host, name) ? below_rule(asked.to)
                                        : Rule::kSuffix;
  }
  if (covers != S::Covers::kBelow && asked.host == name) return itself;
  if (covers != S::Covers::kItself && is_below(asked.host, name)) return below_rule(asked.to);
  return Rule::kNoEntry;
}

Rule match_wildcard(std::string_view text, const Shape& shape, const Asked& asked) {
  switch (shape.wildcard) {
    case S::Wildcard::kNothing: break;
    case S::Wildcard::kAnySuffix: {
      const std::string_view end = text.substr(1);
      if (end.empty()) return Rule::kAll;
      if (end.starts_with('.')) {
        return match_covers(S::Covers::kBelow, end.substr(1), Rule::kNoEntry, asked);
      }
      return asked.host.ends_with(end) ? Rule::kSuffix : Rule::kNoEntry;
    }
    case S::Wildcard::kBelow:
    case S::Wildcard::kBoth: {
      if (!text.starts_with("*.")) break;
      const bool both = shape.wildcard == S::Wildcard::kBoth;
      return match_covers(both ? S::Covers::kBoth : S::Covers::kBelow, text.substr(2), Rule::kApex,
                          asked);
    }
  }
  return match_covers(shape.name, text, itself_rule(asked.to), asked);
}

// An IPv4 range "a.b.c.d-e.f.g.h".
Rule match_range(std::string_view text, const Asked& asked) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos || !asked.to.address || !asked.to.address->is_v4()) {
    return Rule::kNoEntry;
  }
  const auto first = base::IpAddress::parse(trim(text.substr(0, dash)));
  const auto rest = text.substr(dash + 1);
  const auto last = base::IpAddress::parse(trim(rest.substr(0, rest.find('-'))));
  const auto v4 = [](const auto& address) { return address && address->is_v4(); };
  const bool inside =
      v4(first) && v4(last) && *first <= *asked.to.address && *asked.to.address <= *last;
  return inside ? Rule::kRange : Rule::kNoEntry;
}

Rule match_parsed(std::string_view text, const base::IpAddress& address) {
  if (const auto exact = base::IpAddress::parse(text)) {
    return *exact == address ? Rule::kAddress : Rule::kNoEntry;
  }
  const auto prefix = base::Cidr::parse(text, base::Cidr::HostBits::kClear);
  return prefix && prefix->contains(address) ? Rule::kPrefix : Rule::kNoEntry;
}

Rule match_text(const Entry& entry, const Shape& shape, const Asked& asked) {
  if (entry.port != 0 && entry.port != asked.port) return Rule::kNoEntry;
  const std::string_view text = entry.host;
  const bool star = shape.star == S::Star::kAnyEntry || shape.star == S::Star::kNamesOnly;
  if (star && text == "*") return Rule::kAll;
  if (shape.stripped_star == S::StrippedStar::kAll && (text == ".*" || text == "*.*")) {
    return Rule::kAll;
  }
  if (shape.addresses == S::Addresses::kRanges) {
    const Rule rule = match_range(text, asked);
    if (rule != Rule::kNoEntry) return rule;
  }
  if (shape.ports == S::Ports::kText && text == asked.host + ":" + std::to_string(asked.port)) {
    return itself_rule(asked.to);
  }
  if (text.starts_with('.')) {
    return match_covers(shape.dotted, text.substr(1), Rule::kApex, asked);
  }
  if (text.starts_with('*')) return match_wildcard(text, shape, asked);
  return match_covers(shape.name, text, itself_rule(asked.to), asked);
}

Asked ask(const Destination& to, const Shape& shape) {
  const bool canonical = shape.spelling == S::Spelling::kCanonical;
  Asked asked{"", to.port(), to};
  if (shape.brackets == S::Brackets::kKept) {
    asked.host = canonical ? to.canonical_bracketed() : to.bracketed();
  } else {
    asked.host = canonical ? to.canonical() : base::lower(to.host);
  }
  const bool dot = asked.host.size() > 1 && asked.host.ends_with('.');
  if (dot && shape.final_dot == S::FinalDot::kIgnored) asked.host.pop_back();
  return asked;
}

std::vector<std::string_view> entries_of(std::string_view list, const Shape& shape) {
  const bool comma = shape.split == S::Split::kComma;
  std::vector<std::string_view> entries = split(list, comma ? "," : ", \t\n\v\f\r");
  for (size_t i = 0; i < entries.size(); ++i) {
    if (shape.trim == S::Trim::kBoth) entries[i] = trim(entries[i]);
    if (shape.trim == S::Trim::kAfterComma && i > 0) entries[i] = trim_front(entries[i], kSpace);
  }
  return entries;
}

}  // namespace

Match match_shape(std::string_view list, const Destination& to, const Shape& shape) {
  if (shape.star == S::Star::kWholeList && list == "*") return {Rule::kAll, "*"};
  const Asked asked = ask(to, shape);
  if (list.empty()) return {};
  for (const std::string_view entry : entries_of(list, shape)) {
    if (entry.empty() && shape.empties == S::Empties::kSkipped) continue;
    const bool values = shape.addresses == S::Addresses::kParsed && to.address;
    const Rule rule = values ? match_parsed(entry, *to.address)
                             : match_text(take_apart(entry, shape), shape, asked);
    if (rule != Rule::kNoEntry) return {rule, std::string(entry)};
  }
  return {};
}

Shape shape_of(Client client) {
  const Shape undici7 = {S::Split::kCommaOrSpace, S::Trim::kBoth,       S::Empties::kSkipped,
                         S::Star::kWholeList,     S::Ports::kEffective, S::Covers::kBoth,
                         S::Covers::kBoth,        S::Wildcard::kBoth,   S::Brackets::kKept,
                         S::Addresses::kText,     S::FinalDot::kCounts, S::Spelling::kCanonical};
  switch (client) {
    case Client::kWget:
      return {S::Split::kComma,    S::Trim::kAfterComma,  S::Empties::kText,
              S::Star::kNowhere,   S::Ports::kNone,       S::Covers::kBoth,
              S::Covers::kBelow,   S::Wildcard::kNothing, S::Brackets::kBare,
              S::Addresses::kText, S::FinalDot::kCounts,  S::Spelling::kAsWritten};
    case Client::kNodeCore:
      return {S::Split::kComma,      S::Trim::kBoth,       S::Empties::kSkipped,
              S::Star::kAnyEntry,    S::Ports::kText,      S::Covers::kItself,
              S::Covers::kBoth,      S::Wildcard::kBelow,  S::Brackets::kBare,
              S::Addresses::kRanges, S::FinalDot::kCounts, S::Spelling::kCanonical};
    case Client::kNodeCore2413: {
      Shape shape = shape_of(Client::kNodeCore);
      shape.dotted = S::Covers::kEnding;
      return shape;
    }
    case Client::kUndici720: return shape_of(Client::kProxyFromEnv);
    case Client::kUndici7: return undici7;
    case Client::kUndici810: {
      Shape shape = undici7;
      shape.brackets = S::Brackets::kEither;
      return shape;
    }
    case Client::kUndici8101: {
      Shape shape = shape_of(Client::kUndici810);
      shape.final_dot = S::FinalDot::kIgnored;
      return shape;
    }
    case Client::kUndici812: {
      Shape shape = shape_of(Client::kUndici8101);
      shape.star = S::Star::kAnyEntry;
      shape.wildcard = S::Wildcard::kBelow;
      shape.stripped_star = S::StrippedStar::kAll;
      return shape;
    }
    case Client::kProxyFromEnv:
      return {S::Split::kCommaOrSpace, S::Trim::kBoth,          S::Empties::kSkipped,
              S::Star::kWholeList,     S::Ports::kEffective,    S::Covers::kItself,
              S::Covers::kBelow,       S::Wildcard::kAnySuffix, S::Brackets::kKept,
              S::Addresses::kText,     S::FinalDot::kCounts,    S::Spelling::kCanonical};
    case Client::kReqwest:
      return {S::Split::kComma,      S::Trim::kBoth,        S::Empties::kSkipped,
              S::Star::kNamesOnly,   S::Ports::kNone,       S::Covers::kBoth,
              S::Covers::kBoth,      S::Wildcard::kNothing, S::Brackets::kBare,
              S::Addresses::kParsed, S::FinalDot::kCounts,  S::Spelling::kAsWritten};
    case Client::kDotnet:
      return {S::Split::kComma,    S::Trim::kBoth,        S::Empties::kSkipped,
              S::Star::kNowhere,   S::Ports::kNone,       S::Covers::kItself,
              S::Covers::kBoth,    S::Wildcard::kNothing, S::Brackets::kKept,
              S::Addresses::kText, S::FinalDot::kCounts,  S::Spelling::kCanonical};
    default: break;
  }
  assert(false && "the client has a reader of its own");
  return undici7;
}

}  // namespace aks::no_proxy
