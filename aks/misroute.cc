#include "aks/misroute.h"

#include <algorithm>

#include "aks/no_proxy_entry.h"
#include "aks/no_proxy_match.h"
#include "base/ascii.h"

namespace aks {
namespace {

constexpr std::string_view kLoopbackEntry = "loopback";

// What the list says about a destination. The one place that chooses whose rules count: Go's, which
// kubelet, containerd and most of what runs on a node follow.
Match read_list(const std::string& list, const http::Authority& target) {
  return match_go(list, UrlScheme::kHttps, target.host, target.port);
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

std::string_view token_of(MisrouteKind kind) {
  switch (kind) {
    case MisrouteKind::kListed: return "listed";
    case MisrouteKind::kInCluster: return "in-cluster";
    case MisrouteKind::kResolved: return "resolved";
  }
  return "listed";
}

std::string to_string(const Misroute& misroute) {
  std::string text(token_of(misroute.kind));
  if (!misroute.entry.empty()) text.append(":").append(misroute.entry);
  return text;
}

MisrouteJudge::MisrouteJudge(const std::vector<std::string>& no_proxy) {
  for (const std::string& entry : no_proxy) {
    list_ += (list_.empty() ? "" : ",") + entry;
    if (const auto range = base::Cidr::parse(entry, base::Cidr::HostBits::kClear)) {
      ranges_.emplace_back(*range, entry);
    }
  }
}

std::optional<Misroute> MisrouteJudge::judge(const http::Authority& target,
                                             std::span<const base::IpAddress> resolved) const {
  auto by_list = listed(target);
  return by_list ? std::move(by_list) : unlisted(target, resolved);
}

std::optional<Misroute> MisrouteJudge::listed(const http::Authority& target) const {
  const Match match = read_list(list_, target);
  if (match.route == Route::kProxy) return std::nullopt;
  const bool by_entry = match.decider == Decider::kEntry;
  return Misroute{MisrouteKind::kListed, by_entry ? match.entry : std::string(kLoopbackEntry)};
}

std::optional<Misroute> MisrouteJudge::unlisted(const http::Authority& target,
                                                std::span<const base::IpAddress> resolved) const {
  if (target.literal) return std::nullopt;
  if (is_cluster_name(target.host)) return Misroute{MisrouteKind::kInCluster, ""};
  for (const base::IpAddress& address : resolved) {
    for (const auto& [range, entry] : ranges_) {
      if (range.contains(address.unmapped())) return Misroute{MisrouteKind::kResolved, entry};
    }
  }
  return std::nullopt;
}

bool is_cluster_name(std::string_view host) {
  const std::string name = base::lower(host);
  return name.ends_with(".svc") || name.ends_with(".cluster.local");
}

std::string readers_of(const Misroute& misroute, std::string_view host) {
  if (misroute.kind == MisrouteKind::kInCluster) return "no entry, so no client bypasses";
  if (misroute.kind == MisrouteKind::kResolved) {
    return "of the known clients only Ruby compares a name's addresses with entries";
  }
  if (misroute.entry == kLoopbackEntry) {
    return "Go and Java bypass loopback unasked; other clients do so only by entries";
  }
  const NoProxyEntry entry = parse_no_proxy_entry(misroute.entry);
  switch (entry.kind) {
    case NoProxyKind::kPrefix: {
      const bool v6 = misroute.entry.find(':') != std::string::npos;
      return "wget, Python's urllib and httpx, Node.js clients, Java, .NET and curl before 7.86 do "
             "not read prefixes" +
             std::string(v6 ? "; curl before 8.18, requests and Ruby read none of IPv6" : "");
    }
    case NoProxyKind::kName:
      if (entry.host != base::lower(host)) {
        return "Node.js http, axios and .NET take the entry for that name alone; Java reads no "
               "NO_PROXY";
      }
      break;
    case NoProxyKind::kAll: return "wget and Ruby do not read *; curl and urllib only alone";
    case NoProxyKind::kWildcard:
      return "curl, git, wget, Python, Ruby, reqwest and .NET do not read *. entries";
    default: break;
  }
  return "clients read this entry alike; Java reads no NO_PROXY";
}

std::string fix_of(const Misroute& misroute, std::string_view host) {
  const std::string name = quoted(host);
  if (misroute.kind == MisrouteKind::kInCluster) {
    const bool full = base::lower(host).ends_with(".cluster.local");
    return "add " + quoted(full ? ".cluster.local" : ".svc") +
           " to noProxy: AKS adds the services' prefix, and a prefix does not cover names";
  }
  if (misroute.kind == MisrouteKind::kResolved) {
    return "add " + name + " to noProxy: it resolves into " + misroute.entry +
           ", and CIDR entries do not cover names";
  }
  std::string given =
      "check that the client has the current NO_PROXY in both spellings (pods get a new one only "
      "when they are created again)";
  if (misroute.entry == kLoopbackEntry) return given + ", and that it lists localhost";
  const NoProxyEntry entry = parse_no_proxy_entry(misroute.entry);
  switch (entry.kind) {
    case NoProxyKind::kPrefix:
      return "add " + name + " itself to noProxy if the client does not read prefixes; otherwise " +
             given;
    case NoProxyKind::kName:
      if (entry.host != base::lower(host)) {
        return "add " + quoted("." + entry.host) + " to noProxy beside " + quoted(misroute.entry) +
               ", for clients that take a name exactly; otherwise " + given;
      }
      break;
    case NoProxyKind::kWildcard:
      return "write " + quoted("." + entry.host) + " in place of " + quoted(misroute.entry) +
             ", which AKS refuses and many clients do not read";
    default: break;
  }
  return given;
}

}  // namespace aks
