// What in a NO_PROXY list does not mean the same to all clients, and how to write it so that it
// does. Judged by asking the clients' own readings. Java is left out: it reads no NO_PROXY.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "aks/no_proxy/client.h"

namespace aks::no_proxy {

struct ListFinding {
  Severity severity =
      Severity::kWarning;  // kError: clients break; kNote: the list is fine as it is
  std::string rule;        // stable name, e.g. "entry-dot"
  std::string entry;       // as written; "" when the list as a whole is meant
  std::string message;     // a sentence
  // What to do: write `portable` instead, leave the entry out, or, where nothing suits all, keep
  // it.
  enum class Remedy { kWrite, kDrop, kNone } remedy = Remedy::kNone;
  std::vector<std::string> portable;
};

struct ListReport {
  std::vector<ListFinding> findings;  // in the order of the list
  std::string portable;               // the list in portable spelling, as far as there is one
};

ListReport lint_list(std::string_view list);

// `list` as Java's http.nonProxyHosts: ".name" and "name" as both "name" and "*.name", prefixes on
// octet boundaries as globs, joined by '|'. What Java can't say is left out and named in `lost`.
struct JavaHosts {
  std::string value;
  std::vector<std::string> lost;
};
JavaHosts to_java(std::string_view list);

// A block for each finding and the portable list.
std::string format_text(const ListReport& report, std::string_view list, size_t width);
// One object: "no_proxy", "findings" and "portable".
std::string format_json(const ListReport& report, std::string_view list);

}  // namespace aks::no_proxy
