#include "aks/misroute.h"

#include <algorithm>

#include "aks/no_proxy/evaluate.h"
#include "aks/no_proxy_entry.h"
#include "aks/pod_injection.h"
#include "base/ascii.h"

namespace aks {
namespace {

constexpr std::string_view kLoopbackEntry = "loopback";

// Any proxy does: which one it is makes no difference to the list.
constexpr std::string_view kSomeProxy = "http://proxy:3128";
constexpr std::uint16_t kHttpsPort = 443;

// What `client` does with a request for the destination.
no_proxy::Verdict asked(no_proxy::Client client, const no_proxy::Environment& told,
                        std::string_view host, std::uint16_t port) {
  return no_proxy::evaluate(client, told, no_proxy::make_destination("https", host, port));
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

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
  std::string list;
  for (const std::string& entry : no_proxy) {
    list += (list.empty() ? "" : ",") + entry;
    if (const auto range = base::Cidr::parse(entry, base::Cidr::HostBits::kClear)) {
      ranges_.emplace_back(*range, entry);
    }
  }
  told_ = no_proxy::told_to_all(kSomeProxy, list);
}

std::optional<Misroute> MisrouteJudge::judge(const http::Authority& target,
                                             std::span<const base::IpAddress> resolved) const {
  auto by_list = listed(target);
  return by_list ? std::move(by_list) : unlisted(target, resolved);
}

std::optional<Misroute> MisrouteJudge::listed(const http::Authority& target) const {
  // Go's rules count: kubelet, containerd and most of what runs on a node follow them.
  const auto verdict = asked(no_proxy::Client::kGo, told_, target.host, target.port);
  if (verdict.outcome != no_proxy::Outcome::kDirect) return std::nullopt;
  return Misroute{MisrouteKind::kListed,
                  verdict.entry.empty() ? std::string(kLoopbackEntry) : verdict.entry};
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
  const auto told = no_proxy::told_to_all(kSomeProxy, misroute.entry);
  const std::uint16_t port = parse_no_proxy_entry(misroute.entry).port.value_or(kHttpsPort);
  std::string clients;
  for (const no_proxy::Client client : no_proxy::kAllClients) {
    if (asked(client, told, host, port).outcome == no_proxy::Outcome::kDirect) continue;
    clients.append(clients.empty() ? "" : ", ").append(no_proxy::token_of(client));
  }
  if (clients.empty()) return "every known client bypasses the proxy by this entry";
  return clients + " take the proxy in spite of this entry, or fail at it";
}

std::string fix_of(const Misroute& misroute, std::string_view host) {
  const std::string name = in_quotes(host);
  if (misroute.kind == MisrouteKind::kInCluster) {
    const bool full = base::lower(host).ends_with(".cluster.local");
    return "add " + in_quotes(full ? ".cluster.local" : ".svc") +
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
      return "add " + name + " itself to noProxy if the client does not read prefixes" +
             " (a pod that calls the API server gets its name instead by the annotation " +
             kServiceHostAnnotation + "); otherwise " + given;
    case NoProxyKind::kName:
      if (entry.host != base::lower(host)) {
        return "add " + in_quotes("." + entry.host) + " to noProxy beside " +
               in_quotes(misroute.entry) + ", for clients that take a name exactly; otherwise " +
               given;
      }
      break;
    case NoProxyKind::kWildcard:
      return "write " + in_quotes("." + entry.host) + " in place of " + in_quotes(misroute.entry) +
             ", which AKS refuses and many clients do not read";
    default: break;
  }
  return given;
}

}  // namespace aks
