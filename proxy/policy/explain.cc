#include "proxy/policy/explain.h"

#include <string>
#include <utility>

namespace proxy::policy {
namespace {

using base::ErrorCode;

Decision deny(std::string_view rule, ErrorCode code, std::string reason, std::string next_step) {
  return {Verdict::kDeny, rule, code, std::move(reason), std::move(next_step)};
}

constexpr std::string_view kAndItsAddress = " and its address under addresses";

// The condition of a rule that singles out the target: hosts ["example.com"].
std::string condition(const http::Authority& target) {
  return (target.literal ? "addresses [\"" : "hosts [\"") + target.host + "\"]";
}

// Where a new rule takes effect: before the rule that decides now.
std::string place(const config::Rule* rule) {
  if (rule == nullptr) return " to policy.rules";
  // The rules of a profile are not in the file, and come after all that are.
  const bool generated = rule->name.find(':') != std::string::npos;
  return generated ? " to policy.rules, which come before \"" + rule->name + "\""
                   : " before \"" + rule->name + "\" in policy.rules";
}

// `more` are further conditions of the rule to add.
std::string add_rule(const http::Authority& target, const config::Rule* rule,
                     std::string_view more = {}) {
  return "add a rule with action allow and " + condition(target) + std::string(more) + place(rule);
}

// "loopback (127.0.0.0/8)" for a target that is an address; the kind alone, "loopback", for a name.
std::string_view words(std::string_view range, const http::Authority& target) {
  return target.literal ? range : range.substr(0, range.find(" ("));
}

std::string with_article(std::string_view words) {
  // Ranges whose first letter is spoken as a vowel: "an Azure IMDS", "an IPv4-mapped address".
  const bool vowel = std::string_view("AIu").find(words.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(words);
}

std::string next_step_for_guard(const config::Rule* rule, const http::Authority& target,
                                Guard guard) {
  if (guard == Guard::kNever) return "such addresses are never dialled; name another destination";
  const bool named = rule != nullptr && !rule->addresses.empty();
  if (named) return "to allow it, set policy.allow_metadata to true";
  const std::string_view more = target.literal ? "" : kAndItsAddress;
  return "to allow it, " + add_rule(target, rule, more) +
         (guard == Guard::kHard ? ", and set policy.allow_metadata to true" : "");
}

}  // namespace

Decision allowed(const config::Rule* rule) {
  return {Verdict::kAllow,
          rule != nullptr ? std::string_view(rule->name) : "default",
          ErrorCode::kDenied,
          {},
          {},
          config::Connect::kTunnel,
          {},
          rule != nullptr ? &rule->upgrades : nullptr};
}

Decision would_deny(const config::Rule* rule) {
  Decision decision = allowed(rule);
  decision.verdict = Verdict::kWouldDeny;
  decision.upgrades = nullptr;
  return decision;
}

Decision denied_client(const base::IpAddress& client) {
  return deny("clients", ErrorCode::kDenied,
              "the client address " + client.to_string() + " may not use this proxy",
              "to allow it, add the address or its network to policy.clients");
}

Decision denied_by_rule(const config::Rule& rule, const Request& request) {
  // A rule about methods or paths leaves the rest of the host alone, and so should the remedy.
  std::string what = request.target.to_string();
  std::string more;
  if (!rule.methods.empty() && !request.method.empty()) {
    what = std::string(request.method) + " to " + what;
    more += " and methods [\"" + std::string(request.method) + "\"]";
  }
  if (!rule.paths.empty()) {
    what += ", for its path";
    more += " and the path under paths";
  }
  return deny(rule.name, ErrorCode::kDenied, "the rule \"" + rule.name + "\" denies " + what,
              "to allow it, " + add_rule(request.target, &rule, more));
}

Decision denied_by_default(const http::Authority& target) {
  return deny("default", ErrorCode::kDenied,
              "no rule allows " + target.to_string() + " and policy.default_action is deny",
              "to allow it, " + add_rule(target, nullptr));
}

Decision denied_by_profile(const http::Authority& target, std::string_view profile,
                           const std::vector<std::string_view>& addons) {
  std::string step = "to allow it, ";
  if (!addons.empty()) {
    // One is enough, and the first listed is the first in the catalogue.
    step += "put an add-on that needs it into policy.profile, as in \"" + std::string(profile) +
            "," + std::string(addons.front()) + "\" (";
    for (const std::string_view addon : addons) {
      step += (addon == addons.front() ? "" : ", ") + std::string(addon);
    }
    step += addons.size() == 1 ? " does), or " : " do), or ";
  }
  return deny("default", ErrorCode::kDenied,
              "no rule allows " + target.to_string() + " and it is not among the endpoints of " +
                  std::string(profile) + " (policy.profile)",
              step + add_rule(target, nullptr));
}

Decision denied_port(const config::Rule* rule, Kind kind, const http::Authority& target) {
  const std::string port = std::to_string(target.port);
  if (kind != Kind::kConnect) {
    return deny("closed-ports", ErrorCode::kPortDenied,
                "requests are not forwarded to port " + port + " (" + target.to_string() + ")",
                "to allow it, take " + port + " out of policy.closed_ports, or " +
                    add_rule(target, rule, " and ports [" + port + "]"));
  }
  return deny("connect-ports", ErrorCode::kPortDenied,
              "CONNECT to port " + port + " is not allowed (" + target.to_string() + ")",
              "to allow it, add " + port + " to policy.connect_ports, or " +
                  add_rule(target, rule, " and ports [" + port + "]"));
}

Decision denied_local_name(const config::Rule* rule, const http::Authority& target) {
  return deny("address-guard", ErrorCode::kAddressDenied,
              target.host + " is a name of the local machine or network and is not resolved",
              "to allow it, " + add_rule(target, rule, kAndItsAddress));
}

Decision denied_own_listener(const http::Authority& target) {
  return deny("own-listener", ErrorCode::kAddressDenied,
              target.to_string() + " leads back to this proxy",
              "name the destination itself; the proxy's own ports are never dialled");
}

Decision denied_by_guard(const config::Rule* rule, const http::Authority& target,
                         const GuardVerdict& verdict) {
  const std::string kind = with_article(words(verdict.range, target));
  // "a loopback (127.0.0.0/8) address" reads badly: the noun goes before the parenthesis.
  const size_t parenthesis = kind.find(" (");
  const std::string noun = kind.substr(0, parenthesis) + " address" +
                           (parenthesis == std::string::npos ? "" : kind.substr(parenthesis));
  return deny("address-guard", ErrorCode::kAddressDenied,
              target.host + (target.literal ? " is " : " resolves to ") + noun +
                  ", which the address guard refuses",
              next_step_for_guard(rule, target, verdict.guard));
}

}  // namespace proxy::policy
