// What came, went or changed since an earlier selection of the catalogue.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/allow_list/allow_list.h"
#include "base/result.h"

namespace aks {

// What a report of `sluice aks endpoints --json` says of one endpoint, as far as rules for
// firewalls and proxies depend on it.
struct EndpointState {
  std::string host;
  std::uint32_t port = 0;
  std::string transport, via, need, inspection;
  std::string groups;  // with commas
};

struct EndpointDiff {
  std::vector<EndpointState> added, removed;
  std::vector<std::pair<EndpointState, EndpointState>> changed;  // old and new
  std::string old_date;                                          // of its source, "" when unknown
  bool is_same_query = true;

  bool is_same() const { return added.empty() && removed.empty() && changed.empty(); }
};

inline constexpr std::size_t kMaxOldReport = std::size_t{8} * 1024 * 1024;

// Compares with an earlier report, by host, port and transport. Fails (client) with kBadRequest
// when `old` is no such report.
base::Result<EndpointDiff> diff_endpoints(std::string_view old,
                                          const allow_list::Selection& selection);

// "+", "-" and "~" before each endpoint, and a line with the numbers.
std::string endpoint_diff_text(const EndpointDiff& diff);
// {"same", "same_query", "added", "removed", "changed": [{"old", "new"}]}.
std::string endpoint_diff_json(const EndpointDiff& diff);

}  // namespace aks
