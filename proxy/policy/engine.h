// Whether a client may reach a destination. Pure: values in, a decision out.
//
// Rules are tried in order and the first that matches decides; then the default action does. A rule
// that names addresses can only be judged once the name is resolved, so a decision has two steps:
//   before_dns  → kNeedsAddress when a rule with addresses stands in the way, else a decision;
//   for_address → a decision for one resolved address, address guard included.
// Names that are denied are therefore never resolved (no DNS traffic for them), and every address
// that is dialled has passed for_address.
//
// A rule with methods or paths can't be judged by a CONNECT. An allow rule then matches, and has
// what is sent inside inspected; a deny rule is passed over, which also asks for inspection. So
// nothing that such a rule is about leaves unread.
//
// With policy.enforce: report, what a rule or the default action denies is judged again as if no
// rule matched and the default action were allow. So it gains what any destination has that nobody
// wrote a rule for, and nothing more: ports, local names and the address guard still deny.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ip.h"
#include "config/schema.h"
#include "http/target.h"
#include "proxy/policy/rule_index.h"
#include "proxy/policy/verdict.h"

namespace proxy::policy {

enum class Kind {
  kConnect,
  kForward,
  kInspected,  // HTTP inside a tunnel that was allowed
};

struct Request {
  base::IpAddress client;
  Kind kind = Kind::kConnect;
  // Refers to the session's target; outlives the call.
  const http::Authority& target;
  std::string_view identity{};        // in the client's certificate, "" without one
  std::string_view method{};          // "" for a CONNECT
  std::string_view path_and_query{};  // of the target in origin-form, "" for a CONNECT
};

struct Decision {
  Verdict verdict = Verdict::kDeny;
  // The rule's name (of kWouldDeny, the rule that denies), or "default", "connect-ports",
  // "closed-ports", "clients", "address-guard", "own-listener". Lives as long as the Engine.
  std::string_view rule;
  base::ErrorCode code = base::ErrorCode::kDenied;  // meaningful for kDeny
  std::string reason;     // a sentence for the client; no internal addresses in it
  std::string next_step;  // how to allow it, naming the configuration key
  // Of an allowed CONNECT: what becomes of it; never kDefault.
  config::Connect connect = config::Connect::kTunnel;
  // Of an allowed CONNECT: the rule that judges what is sent inside, so that it must be inspected;
  // "" for none.
  std::string_view inspect_for{};
  // Protocols to which the allowed request may switch (config::Rule::upgrades); null for none.
  // Lives as long as the Engine.
  const std::vector<std::string>* upgrades = nullptr;
};

class Engine {
 public:
  // `own` are the proxy's listeners and admin endpoint: never dialled, wildcard addresses match
  // every local address in `local_addresses`.
  // `connect` is tls.connect, for rules that don't say.
  Engine(const config::Policy& policy, std::vector<base::Endpoint> own,
         std::vector<base::IpAddress> local_addresses,
         config::Connect connect = config::Connect::kTunnel);

  // Whether the client may speak to the proxy at all (policy.clients).
  Decision admit(const base::IpAddress& client) const;
  Decision before_dns(const Request& request) const;
  Decision for_address(const Request& request, const base::IpAddress& address) const;

 private:
  enum class Outcome : std::uint8_t;

  static bool passes(Outcome outcome);
  bool port_is_open(const Request& request) const;
  Outcome outcome(const config::Rule* rule, const Request& request) const;
  Decision with_connect(Decision decision, const config::Rule* rule, const config::Rule* passed,
                        const Request& request) const;
  Decision explain(Outcome outcome, const config::Rule* rule, const Request& request) const;
  std::vector<std::string_view> offering_addons(const Request& request) const;
  bool is_own(const base::IpAddress& address, std::uint16_t port) const;

  config::Policy policy_;  // `rules` with those of the profile behind them
  RuleIndex index_;
  RuleIndex offers_;
  std::vector<base::Endpoint> own_;
  std::vector<base::IpAddress> local_addresses_;
  config::Connect connect_;
};

}  // namespace proxy::policy
