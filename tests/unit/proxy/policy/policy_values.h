// Short spellings of policy values for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "config/schema.h"
#include "http/target.h"
#include "proxy/policy/engine.h"

namespace proxy::policy {

inline base::IpAddress ip(std::string_view text) { return base::IpAddress::parse(text).value(); }

inline base::Endpoint endpoint(std::string_view text) {
  return base::Endpoint::parse(text).value();
}

inline std::vector<base::Cidr> cidrs(std::initializer_list<std::string_view> texts) {
  std::vector<base::Cidr> list;
  for (const auto text : texts) list.push_back(base::Cidr::parse(text).value());
  return list;
}

// What http::parse_authority makes of "host" and a port.
inline http::Authority authority(std::string_view host, std::uint16_t port = 443) {
  const auto literal = base::IpAddress::parse(host);
  return {literal ? literal->to_string() : std::string(host), literal, port};
}

inline config::Rule allow(std::string name) {
  config::Rule rule;
  rule.name = std::move(name);
  rule.action = config::Action::kAllow;
  return rule;
}

inline config::Rule deny(std::string name) {
  config::Rule rule = allow(std::move(name));
  rule.action = config::Action::kDeny;
  return rule;
}

inline config::Rule with_hosts(config::Rule rule, std::vector<std::string> hosts) {
  rule.hosts = std::move(hosts);
  return rule;
}

inline config::Rule with_addresses(config::Rule rule,
                                   std::initializer_list<std::string_view> addresses) {
  rule.addresses = cidrs(addresses);
  return rule;
}

inline config::Rule with_ports(config::Rule rule, std::vector<std::uint16_t> ports) {
  rule.ports = std::move(ports);
  return rule;
}

inline config::Rule with_sources(config::Rule rule,
                                 std::initializer_list<std::string_view> sources) {
  rule.sources = cidrs(sources);
  return rule;
}

inline config::Policy policy(std::vector<config::Rule> rules,
                             config::Action otherwise = config::Action::kAllow) {
  config::Policy value;
  value.default_action = otherwise;
  value.rules = std::move(rules);
  return value;
}

inline Engine engine(const config::Policy& value) { return {value, {}, {}}; }

inline Decision ask(const Engine& engine, const http::Authority& target, Kind kind = Kind::kConnect,
                    std::string_view client = "10.1.2.3") {
  return engine.before_dns({ip(client), kind, target});
}

inline Decision ask_address(const Engine& engine, const http::Authority& target,
                            std::string_view address, Kind kind = Kind::kConnect) {
  return engine.for_address({ip("10.1.2.3"), kind, target}, ip(address));
}

}  // namespace proxy::policy
