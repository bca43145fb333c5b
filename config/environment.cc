#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "base/escape.h"
#include "config/fields.h"
#include "config/override.h"
#include "config/suggest.h"

namespace config {
namespace {

constexpr std::string_view kPrefix = "SLUICE_";

// "SLUICE_TIMEOUTS__IDLE" for "timeouts.idle".
std::string variable_of(const std::string& key) {
  std::string name(kPrefix);
  for (const char c : key) {
    if (c == '.') {
      name += "__";
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

// Kubernetes gives every pod SLUICE_SERVICE_HOST, SLUICE_SERVICE_PORT_HTTP, SLUICE_PORT=tcp://…,
// SLUICE_PORT_3128_TCP_ADDR and kin when its namespace has a Service named sluice or sluice-….
bool is_service_link(std::string_view name, std::string_view value) {
  return name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.find("_TCP") != std::string_view::npos ||
         name.find("_UDP") != std::string_view::npos ||
         (name.ends_with("_PORT") && value.find("://") != std::string_view::npos);
}

// The keys that a variable may set: every field, and the sections that may be "off".
std::map<std::string, std::string> keys_by_variable() {
  std::map<std::string, std::string> keys;
  Config config;
  for (const Field& field : fields_of(config)) {
    keys.emplace(variable_of(field.key), field.key);
    if (!field.switches_off) continue;
    const std::string section = field.key.substr(0, field.key.find('.'));
    keys.emplace(variable_of(section), section);
  }
  return keys;
}

Problem unknown(const std::string& name, const std::map<std::string, std::string>& keys) {
  std::vector<std::string> variables;
  variables.reserve(keys.size());
  for (const auto& [variable, key] : keys) variables.push_back(variable);
  const std::string meant = nearest(name, variables);
  return {Severity::kWarning,
          base::printable(name, base::Spaces::kEscape, 80),
          0,
          0,
          "",
          "this environment variable sets no key and is ignored" +
              (meant.empty() ? std::string() : "; did you mean " + meant + "?")};
}

}  // namespace

void add_environment(Overrides& overrides, std::span<const std::string> environment) {
  const auto keys = keys_by_variable();
  std::map<std::string, std::string>
      ours;  // sorted, so that the order does not depend on the shell
  for (const std::string& entry : environment) {
    const size_t equals = entry.find('=');
    if (!entry.starts_with(kPrefix) || equals == std::string::npos) continue;
    ours.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  for (const auto& [name, value] : ours) {
    if (const auto key = keys.find(name); key != keys.end()) {
      overrides.values.push_back(Override{key->second, value, Origin{Layer::kEnvironment, name}});
    } else if (!is_service_link(name, value)) {
      overrides.problems.push_back(unknown(name, keys));
    }
  }
}

}  // namespace config
