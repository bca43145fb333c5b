// Lines: URL, NO_PROXY. Every client's reading holds what a reading must hold, and the linter's
// list holds no less than what it was made from.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "aks/no_proxy/evaluate.h"
#include "aks/no_proxy/lint.h"
#include "aks/no_proxy_entry.h"

namespace {

using namespace aks::no_proxy;

constexpr char kProxy[] = "http://proxy.example:3128";

Verdict ask(Client client, const std::string& list, const Destination& to) {
  return evaluate(client, told_to_all(kProxy, list), to);
}

// Go, httpx, Node core and undici 8.12 take "*" in any place, and Go cannot fail.
void check_go(const std::string& list, const Destination& to) {
  const Verdict verdict = ask(Client::kGo, list, to);
  if (verdict.outcome == Outcome::kError) std::abort();
  // More entries only add destinations that go direct, and "*" adds them all.
  const bool direct = verdict.outcome == Outcome::kDirect;
  if (direct && ask(Client::kGo, list + ",more.test", to).outcome != verdict.outcome) std::abort();
  if (ask(Client::kGo, list + ",*", to).outcome != Outcome::kDirect) std::abort();
}

void check(Client client, const std::string& list, const Destination& to) {
  const Verdict verdict = ask(client, list, to);
  const bool proxied = verdict.rule == Rule::kNoEntry;
  if (proxied != (verdict.outcome == Outcome::kProxy)) std::abort();
  if (proxied && !verdict.entry.empty()) std::abort();
  // requests removes blanks inside an entry; everyone else cites the list.
  const bool rewrites = client == Client::kRequests || client == Client::kRequests228;
  if (!rewrites && list.find(verdict.entry) == std::string::npos) std::abort();
  const bool itself = verdict.rule == Rule::kLoopback || verdict.rule == Rule::kResolvedLoopback;
  // wget alone can match an entry of no text.
  if (!proxied && client != Client::kWget && itself != verdict.entry.empty()) std::abort();
  if (token_of(verdict.rule).empty() || describe(verdict.rule).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::string url;
  std::string list;
  if (!std::getline(lines, url)) return 0;
  std::getline(lines, list);
  std::vector<aks::Finding> findings;
  aks::lint_no_proxy_entry(list, "$.noProxy[0]", findings);
  const auto to = parse_destination(url);
  if (!to || (to->scheme != "http" && to->scheme != "https")) return 0;
  for (const Client client : kAllClients) check(client, list, *to);
  const std::string portable = lint_list(list).portable;
  if (lint_list(portable).portable != portable) std::abort();
  to_java(list);
  check_go(list, *to);
  return 0;
}
