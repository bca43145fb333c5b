#include "proxy/policy/engine.h"
#include "net/local_address.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "proxy/policy/address_guard.h"
#include "proxy/policy/embedded_v4.h"
#include "proxy/policy/explain.h"
#include "proxy/policy/walk.h"

namespace proxy::policy {

// What a matching rule, or the default action, comes to for a request whose address is left aside.
enum class Engine::Outcome : std::uint8_t {
  kAllowed,
  kWouldBeDenied,  // by the rule or the default action, were it enforced
  kDenied,
  kPortDenied,
  kLocalName,
};

namespace {

template <typename T>
bool has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_loopback(const base::IpAddress& address) {
  static constexpr std::array<std::uint8_t, 16> kV6Loopback = {0, 0, 0, 0, 0, 0, 0, 0,
                                                               0, 0, 0, 0, 0, 0, 0, 1};
  return address.is_v4() ? address.octets()[0] == 127 : address.octets() == kV6Loopback;
}

bool is_wildcard(const base::IpAddress& address) {
  return address.octets() == std::array<std::uint8_t, 16>{};
}

// Everything that lists rules in one list, so that there is one walk.
config::Policy with_profile_rules(config::Policy policy) {
  policy.rules.insert(policy.rules.end(), policy.profile_rules.begin(), policy.profile_rules.end());
  policy.profile_rules.clear();
  return policy;
}

bool opens(const config::Rule* rule, Guard guard, const config::Policy& policy) {
  // A rule with addresses was matched by the address: it names it.
  const bool named = rule != nullptr && !rule->addresses.empty();
  switch (guard) {
    case Guard::kPublic: return true;
    case Guard::kClosed: return named;
    case Guard::kHard: return named && policy.allow_metadata;
    case Guard::kNever: return false;
  }
  return false;
}

}  // namespace

std::string_view token_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow: return "allow";
    case Verdict::kNeedsAddress: return "-";
    case Verdict::kWouldDeny: return "would-deny";
    case Verdict::kDeny: return "deny";
  }
  return "deny";
}

Engine::Engine(const config::Policy& policy, std::vector<base::Endpoint> own,
               std::vector<base::IpAddress> local_addresses, config::Connect connect)
    : policy_(with_profile_rules(policy)),
      index_(policy_.rules),
      offers_(policy_.profile_offers),
      own_(std::move(own)),
      local_addresses_(std::move(local_addresses)),
      connect_(connect) {
  for (base::Endpoint& endpoint : own_) endpoint.address = endpoint.address.unmapped();
  for (base::IpAddress& address : local_addresses_) address = address.unmapped();
}

Decision Engine::admit(const base::IpAddress& client) const {
  if (!in_any(policy_.clients, Forms(client))) return denied_client(client);
  Decision decision = allowed(nullptr);
  decision.rule = "clients";
  return decision;
}

Decision Engine::before_dns(const Request& request) const {
  if (request.target.literal) return for_address(request, *request.target.literal);
  const config::Rule* definite = nullptr;
  bool pending_may_allow = false;
  bool pending = false;
  Walk walk(policy_.rules, index_, request);
  while (const config::Rule* rule = walk.next()) {
    if (rule->addresses.empty()) {
      definite = rule;
      break;
    }
    pending = true;
    pending_may_allow |= passes(outcome(rule, request));
  }
  const Outcome otherwise = outcome(definite, request);
  // Where every way ends in a denial, the address makes no difference and the name is not resolved.
  const bool address_matters = pending && (pending_may_allow || passes(otherwise));
  if (address_matters) return {Verdict::kNeedsAddress, {}, base::ErrorCode::kDenied, {}, {}};
  return with_connect(explain(otherwise, definite, request), definite, walk.passed(), request);
}

Decision Engine::for_address(const Request& request, const base::IpAddress& address) const {
  if (is_own(address, request.target.port)) return denied_own_listener(request.target);
  const Forms resolved(address);
  Walk walk(policy_.rules, index_, request);
  const config::Rule* match = walk.next();
  while (match != nullptr && !match->addresses.empty() && !in_any(match->addresses, resolved)) {
    match = walk.next();
  }
  const Outcome by_rule = outcome(match, request);
  if (!passes(by_rule)) return explain(by_rule, match, request);
  const GuardVerdict verdict = guard(address);
  // A rule that would deny names its addresses to close them, not to open the guard for them.
  const config::Rule* opener = by_rule == Outcome::kAllowed ? match : nullptr;
  if (!opens(opener, verdict.guard, policy_)) {
    return denied_by_guard(opener, request.target, verdict);
  }
  return with_connect(explain(by_rule, match, request), match, walk.passed(), request);
}

// What becomes of a CONNECT that is let through. What would only be denied by a report is not read
// for it.
Decision Engine::with_connect(Decision decision, const config::Rule* rule,
                              const config::Rule* passed, const Request& request) const {
  if (request.kind != Kind::kConnect || !lets_through(decision.verdict)) return decision;
  const bool allowed_by_rule = rule != nullptr && decision.verdict == Verdict::kAllow;
  decision.connect = connect_;
  if (allowed_by_rule && rule->connect != config::Connect::kDefault) {
    decision.connect = rule->connect;
  }
  if (passed == nullptr && allowed_by_rule && rule->judges_content()) passed = rule;
  if (passed == nullptr) return decision;
  decision.connect = config::Connect::kInspect;
  decision.inspect_for = passed->name;
  return decision;
}

bool Engine::passes(Outcome outcome) {
  return outcome == Outcome::kAllowed || outcome == Outcome::kWouldBeDenied;
}

bool Engine::port_is_open(const Request& request) const {
  switch (request.kind) {
    case Kind::kConnect: return has(policy_.connect_ports, request.target.port);
    case Kind::kForward: return !has(policy_.closed_ports, request.target.port);
    case Kind::kInspected: return true;  // its CONNECT was judged
  }
  return false;
}

Engine::Outcome Engine::outcome(const config::Rule* rule, const Request& request) const {
  const config::Action action = rule != nullptr ? rule->action : policy_.default_action;
  const bool refused = action == config::Action::kDeny;
  if (refused && policy_.enforce == config::Enforce::kEnforce) return Outcome::kDenied;
  if (refused) rule = nullptr;  // it opens no port and no name
  const bool lists_port = rule != nullptr && !rule->ports.empty();
  if (!lists_port && !port_is_open(request)) return Outcome::kPortDenied;
  const bool lists_host = rule != nullptr && !rule->hosts.empty();
  if (!request.target.literal && !lists_host && is_local_name(request.target.host)) {
    return Outcome::kLocalName;
  }
  return refused ? Outcome::kWouldBeDenied : Outcome::kAllowed;
}

Decision Engine::explain(Outcome outcome, const config::Rule* rule, const Request& request) const {
  switch (outcome) {
    case Outcome::kAllowed: break;
    case Outcome::kWouldBeDenied: return would_deny(rule);
    case Outcome::kDenied:
      if (rule != nullptr) return denied_by_rule(*rule, request);
      if (policy_.profile.empty()) return denied_by_default(request.target);
      return denied_by_profile(request.target, policy_.profile, offering_addons(request));
    case Outcome::kPortDenied: return denied_port(rule, request.kind, request.target);
    case Outcome::kLocalName: return denied_local_name(rule, request.target);
  }
  return allowed(rule);
}

// The add-ons that the profile leaves out and that would allow the target. Asked for denials only.
std::vector<std::string_view> Engine::offering_addons(const Request& request) const {
  std::vector<std::string_view> addons;
  RuleIndex::Candidates candidates = offers_.candidates(request.target);
  while (const auto position = candidates.next()) {
    const config::Rule& offer = policy_.profile_offers[*position];
    if (has(offer.ports, request.target.port) && !has(addons, std::string_view(offer.name))) {
      addons.emplace_back(offer.name);
    }
  }
  return addons;
}

bool Engine::is_own(const base::IpAddress& address, std::uint16_t port) const {
  const auto reaches = [&](const base::IpAddress& dialled) {
    return std::any_of(own_.begin(), own_.end(), [&](const base::Endpoint& own) {
      if (own.port != port) return false;
      if (own.address == dialled) return true;
      // Linux takes a connection to the wildcard address as one to loopback.
      const bool here = is_loopback(dialled) || is_wildcard(dialled);
      if (is_loopback(own.address)) return is_wildcard(dialled);
      // The list is as old as this snapshot, and the system may have kept it from us; the kernel
      // knows of addresses that came later. Asked for the proxy's own ports alone.
      return is_wildcard(own.address) &&
             (here || has(local_addresses_, dialled) || net::is_local_address(dialled));
    });
  };
  if (reaches(address.unmapped())) return true;
  const EmbeddedList embedded = embedded_v4(address);
  return std::any_of(embedded.begin(), embedded.end(),
                     [&](const EmbeddedV4& inside) { return reaches(inside.address); });
}

}  // namespace proxy::policy
