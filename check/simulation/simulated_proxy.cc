#include "check/simulation/simulated_proxy.h"

namespace check {
namespace {

const base::IpAddress kLoopback = base::IpAddress::v4({127, 0, 0, 1});

}  // namespace

config::Config simulated_proxy(const World& world, const std::vector<std::string>& names,
                               const std::string& log_path) {
  config::Config config;
  config.workers = 1;
  config.listen = {config::Listener{{kLoopback, 0}}};
  config.admin.listen.reset();
  config.access_log.path = log_path;
  config.access_log.format = config::LogFormat::kJson;
  config.dns.servers = {base::Endpoint{kLoopback, 9}};  // nothing may be looked up
  config.policy.default_action = config::Action::kDeny;
  config.policy.connect_ports = {world.public_tls().port, world.cluster_tls().port};
  config::Rule rule;
  rule.name = "aks-required";
  rule.action = config::Action::kAllow;
  rule.hosts = names;
  rule.addresses = {base::Cidr(kLoopback, 32)};
  rule.ports = {world.public_tls().port, world.public_http().port, world.cluster_tls().port};
  config.policy.rules = {rule};
  for (const std::string& name : names) config.dns.hosts.push_back({name, {kLoopback}});
  return config;
}

}  // namespace check
