#include "config/check.h"

#include <algorithm>
#include <map>

namespace config {
namespace {

std::string item(const std::string& list, size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

bool is_loopback(const base::IpAddress& address) {
  const base::IpAddress plain = address.unmapped();
  return plain.is_v4() ? plain.octets()[0] == 127 : plain.to_string() == "::1";
}

class Checker {
 public:
  Checker(const Config& config, const Sources& sources, const std::string& file)
      : config_(config), sources_(sources), file_(file) {}

  std::vector<Problem> run() {
    check_rules();
    check_enforce();
    check_clients();
    check_listeners();
    check_admin();
    check_dns();
    check_tls_listeners();
    check_inspection();
    return std::move(problems_);
  }

 private:
  void add(Severity severity, const std::string& key, const std::string& message) {
    problems_.push_back(problem_at(severity, key, key + " " + message, sources_, file_));
  }
  void error(const std::string& key, const std::string& message) {
    add(Severity::kError, key, message);
  }
  void error_same(const std::string& key, const std::string& value, const std::string& other,
                  const std::string& advice) {
    error(key, "is \"" + value + "\", the same as " + other + "; " + advice);
  }
  void warn(const std::string& key, const std::string& message) {
    add(Severity::kWarning, key, message);
  }

  void check_rules() {
    const auto& rules = config_.policy.rules;
    std::map<std::string, size_t> names;
    for (size_t i = 0; i < rules.size(); ++i) {
      const Rule& rule = rules[i];
      const std::string key = item("policy.rules", i);
      const auto [first, is_new] = names.emplace(rule.name, i);
      if (!is_new && !rule.name.empty()) {
        error_same(key + ".name", rule.name, item("policy.rules", first->second) + ".name",
                   "give every rule a name of its own");
      }
      const bool matches_all = rule.hosts.empty() && rule.addresses.empty() && rule.ports.empty() &&
                               rule.sources.empty() && rule.identities.empty() &&
                               !rule.judges_content();
      if (rule.action == Action::kDeny && !rule.upgrades.empty()) {
        error(key + ".upgrades",
              "is of a rule that denies, which lets nothing switch; take it out");
      }
      const bool shadows = i + 1 < rules.size() || !config_.policy.profile.empty();
      if (matches_all && shadows) {
        error(key,
              "(\"" + rule.name +
                  "\") has no condition and matches every request, so no rule after it, and no "
                  "profile, is ever tried; add hosts, addresses, ports or sources, or move it to "
                  "the end");
      }
    }
  }

  void check_enforce() {
    if (config_.policy.enforce == Enforce::kEnforce) return;
    warn("policy.enforce",
         "is report: what rules or the default action deny is let through and only recorded as "
         "would-deny; set it to enforce once the records look right");
  }

  bool serves_others() const {
    const auto is_open = [](const Listener& listener) {
      return !is_loopback(listener.endpoint.address);
    };
    return std::any_of(config_.listen.begin(), config_.listen.end(), is_open) ||
           std::any_of(config_.tls.listen.begin(), config_.tls.listen.end(), is_open);
  }

  void check_clients() {
    const auto& clients = config_.policy.clients;
    if (clients.empty()) {
      warn("policy.clients", "is empty: nobody may use the proxy; add the ranges of your clients");
    }
    for (size_t i = 0; i < clients.size() && serves_others(); ++i) {
      if (clients[i].prefix_bits() != 0) continue;
      warn(item("policy.clients", i),
           "is \"" + clients[i].to_string() +
               "\" while the proxy listens beyond loopback: whoever can "
               "reach the port may use it; name the ranges of your clients");
    }
    const auto& balancers = config_.proxy_protocol.from;
    for (size_t i = 0; i < balancers.size(); ++i) {
      if (balancers[i].prefix_bits() != 0) continue;
      warn(item("proxy_protocol.from", i),
           "is \"" + balancers[i].to_string() +
               "\": whoever connects may name any client as its own; name your load balancers");
    }
    if (config_.policy.allow_metadata) {
      warn("policy.allow_metadata",
           "is true: a rule that names 169.254.169.254 or 168.63.129.16 hands its clients this "
           "machine's identity; keep such rules narrow");
    }
  }

  void check_listeners() {
    if (config_.listen.empty() && config_.tls.listen.empty()) {
      error("listen", "is empty; give at least one address and port, here or in tls.listen");
    }
    std::map<base::Endpoint, std::string> seen;
    const auto enter = [&](const std::string& list, const std::vector<Listener>& listeners) {
      for (size_t i = 0; i < listeners.size(); ++i) {
        const base::Endpoint& endpoint = listeners[i].endpoint;
        const auto [first, is_new] = seen.emplace(endpoint, item(list, i));
        if (is_new || endpoint.port == 0) continue;
        error_same(item(list, i), endpoint.to_string(), first->second, "remove one");
      }
    };
    enter("listen", config_.listen);
    enter("tls.listen", config_.tls.listen);
    const auto enter_one = [&](const char* key, const std::optional<base::Endpoint>& endpoint) {
      if (!endpoint) return;
      const auto [first, is_new] = seen.emplace(*endpoint, key);
      if (is_new || endpoint->port == 0) return;
      error_same(key, endpoint->to_string(), first->second, "choose another port");
    };
    enter_one("admin.listen", config_.admin.listen);
    enter_one("admin.probes", config_.admin.probes);
  }

  void check_admin() {
    const Admin& admin = config_.admin;
    if (!admin.listen || is_loopback(admin.listen->address) || !admin.token.empty()) return;
    error("admin.listen",
          "is \"" + admin.listen->to_string() +
              "\", which others can reach, and there is no admin.token; set one (for "
              "example in SLUICE_ADMIN__TOKEN) or listen on 127.0.0.1");
  }

  void check_dns() {
    std::map<std::string, size_t> names;
    const auto& hosts = config_.dns.hosts;
    for (size_t i = 0; i < hosts.size(); ++i) {
      const std::string key = item("dns.hosts", i);
      const auto [first, is_new] = names.emplace(hosts[i].name, i);
      if (!is_new && !hosts[i].name.empty()) {
        error_same(key + ".name", hosts[i].name, item("dns.hosts", first->second) + ".name",
                   "put all addresses in one place");
      }
      if (hosts[i].addresses.empty())
        error(key + ".addresses", "is empty; give at least one address");
    }
  }

  void check_tls_listeners() {
    const Tls& tls = config_.tls;
    if (!tls.listen.empty() && tls.certificates.empty()) {
      error("tls.listen", "needs tls.certificates: what its clients are shown");
    }
    if (tls.listen.empty() && !tls.client_authorities.empty()) {
      warn("tls.client_authorities",
           "has no effect without tls.listen: only there are clients asked for certificates");
    }
    if (tls.client_authorities.empty() && !tls.client_revocations.empty()) {
      warn("tls.client_revocations",
           "has no effect without tls.client_authorities, whose lists it holds");
    }
    const auto& rules = config_.policy.rules;
    for (size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].identities.empty() || !tls.client_authorities.empty()) continue;
      warn(item("policy.rules", i) + ".identities",
           "matches nobody: set tls.client_authorities, so that clients are asked who they are");
    }
  }

  void check_inspection() {
    const Tls& tls = config_.tls;
    if (tls.ca_certificate.empty() != tls.ca_key.empty()) {
      const bool key = tls.ca_key.empty();
      error(key ? "tls.ca_key" : "tls.ca_certificate",
            std::string("is missing beside ") + (key ? "tls.ca_certificate" : "tls.ca_key") +
                "; `sluice ca init` makes both");
    }
    if (tls.inspects()) return;
    const std::string advice = "; set them (`sluice ca init` makes a CA)";
    if (tls.connect != Connect::kTunnel) {
      error("tls.connect", "needs an inspection CA in tls.ca_certificate and tls.ca_key" + advice);
    }
    const auto& rules = config_.policy.rules;
    for (size_t i = 0; i < rules.size(); ++i) {
      const std::string key = item("policy.rules", i);
      if (rules[i].connect == Connect::kPeek || rules[i].connect == Connect::kInspect) {
        error(key + ".connect",
              "needs an inspection CA in tls.ca_certificate and tls.ca_key" + advice);
      } else if (rules[i].judges_content()) {
        warn(key, "(\"" + rules[i].name +
                      "\") judges methods or paths: without an inspection CA, a CONNECT that it is "
                      "about is refused, since a tunnel hides them" +
                      advice);
      }
    }
  }

  const Config& config_;
  const Sources& sources_;
  const std::string& file_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> check(const Config& config, const Sources& sources, const std::string& file) {
  return Checker(config, sources, file).run();
}

}  // namespace config
