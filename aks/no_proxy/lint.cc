#include "aks/no_proxy/lint.h"

#include <algorithm>

#include "aks/no_proxy/lint_entry.h"
#include "aks/no_proxy/text.h"
#include "base/ascii.h"

namespace aks::no_proxy {
namespace {

using Remedy = ListFinding::Remedy;

constexpr std::string_view kBlanks = " \t\n\v\f\r";
constexpr std::string_view kAnySeparator = ",;| \t\n\v\f\r";

struct Token {
  std::string_view text;
  std::string_view before;  // what separates it from the one before
};

std::vector<Token> tokens_of(std::string_view list) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < list.size();) {
    const size_t start = std::min(list.find_first_not_of(kAnySeparator, at), list.size());
    if (start == list.size()) break;
    const size_t end = std::min(list.find_first_of(kAnySeparator, start), list.size());
    tokens.push_back({list.substr(start, end - start), list.substr(at, start - at)});
    at = end;
  }
  return tokens;
}

// What between entries is read in different ways.
void lint_separators(std::string_view list, const std::vector<Token>& tokens, ListReport& report) {
  bool other = false;
  bool blanks = !list.empty() && (kBlanks.find(list.front()) != std::string_view::npos ||
                                  kBlanks.find(list.back()) != std::string_view::npos);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view before = tokens[i].before;
    other |= before.find_first_of(";|") != std::string_view::npos;
    if (i == 0) continue;
    other |= before.find(',') == std::string_view::npos;
    blanks |= before.find(',') != std::string_view::npos && before.front() != ',';
  }
  if (other) {
    report.findings.push_back(
        {Severity::kError,
         "list-separator",
         "",
         "entries are separated by something else than a comma: curl from 8.9 on stops reading at "
         "a blank, Go and most others take what stands between two commas as one entry; separate "
         "with commas alone",
         Remedy::kWrite,
         {}});
  }
  if (blanks) {
    report.findings.push_back(
        {Severity::kWarning,
         "list-blanks",
         "",
         "blanks stand before a comma or at an end: wget takes them as part of the entry, and \"* "
         "\" is no \"*\" to curl, urllib and undici; leave them out",
         Remedy::kWrite,
         {}});
  }
}

bool contains(const std::vector<std::string>& list, const std::string& entry) {
  return std::any_of(list.begin(), list.end(),
                     [&entry](const std::string& each) { return base::iequals(each, entry); });
}

// Loopback goes to the proxy with clients that have no rule of their own for it.
void lint_loopback(std::vector<std::string>& portable, ListReport& report) {
  if (portable.empty() || contains(portable, "*")) return;
  std::vector<std::string> missing;
  for (const char* each : {"localhost", "127.0.0.1"}) {
    if (!contains(portable, each)) missing.emplace_back(each);
  }
  if (missing.empty()) return;
  portable.insert(portable.end(), missing.begin(), missing.end());
  report.findings.push_back({Severity::kNote, "list-loopback", "",
                             "loopback is not listed; Go and Ruby never send it to a proxy, the "
                             "others do: list localhost and 127.0.0.1, as AKS does",
                             Remedy::kWrite, missing});
}

}  // namespace

ListReport lint_list(std::string_view list) {
  ListReport report;
  const std::vector<Token> tokens = tokens_of(list);
  lint_separators(list, tokens, report);
  std::vector<std::string> all;
  all.reserve(tokens.size());
  for (const Token& token : tokens) all.emplace_back(token.text);
  std::vector<std::string> portable;
  for (size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> before(all.begin(), all.begin() + static_cast<long>(i));
    if (contains(before, all[i])) {
      report.findings.push_back({Severity::kNote,
                                 "entry-duplicate",
                                 all[i],
                                 "it stands in the list already; leave it out",
                                 Remedy::kDrop,
                                 {}});
      continue;
    }
    const EntryReading reading = read_entry(all[i], all);
    if (reading.finding) report.findings.push_back(*reading.finding);
    for (const std::string& entry : reading.portable) {
      if (!contains(portable, entry)) portable.push_back(entry);
    }
  }
  lint_loopback(portable, report);
  for (const std::string& entry : portable) {
    report.portable += (report.portable.empty() ? "" : ",") + entry;
  }
  return report;
}

}  // namespace aks::no_proxy
