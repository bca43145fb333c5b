// Lines: scheme and port ("s443" or "h0"), host, NO_PROXY.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "aks/no_proxy_entry.h"
#include "aks/no_proxy_match.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::string first;
  std::string host;
  std::string list;
  if (!std::getline(lines, first) || !std::getline(lines, host)) return 0;
  std::getline(lines, list);
  const auto scheme = first.starts_with('s') ? aks::UrlScheme::kHttps : aks::UrlScheme::kHttp;
  std::uint16_t port = 0;
  if (!first.empty()) std::from_chars(first.data() + 1, first.data() + first.size(), port);

  const aks::Match match = aks::match_go(list, scheme, host, port);
  const bool direct = match.route == aks::Route::kDirect;
  if (direct == (match.decider == aks::Decider::kNothing)) std::abort();
  if ((match.decider == aks::Decider::kEntry) == match.entry.empty()) std::abort();
  if (list.find(match.entry) == std::string::npos) std::abort();
  // More entries only add destinations that go direct, and "*" adds them all.
  if (direct && aks::match_go(list + ",more.test", scheme, host, port).route != match.route) {
    std::abort();
  }
  if (!host.empty() &&
      aks::match_go(list + ",*", scheme, host, port).route != aks::Route::kDirect) {
    std::abort();
  }
  std::vector<aks::Finding> findings;
  aks::lint_no_proxy_entry(list, "$.noProxy[0]", findings);
  return 0;
}
