#include "aks/http_proxy_config.h"

#include <algorithm>

#include "aks/no_proxy_entry.h"
#include "aks/trusted_ca.h"
#include "base/ascii.h"
#include "config/suggest.h"

namespace aks {
namespace {

using config::Node;

// The one misspelling that documents spread comes last, so that suggestions prefer the right one.
const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = {"httpProxy", "httpsProxy", "noProxy",
                                                "trustedCa", "enabled",    "effectiveNoProxy",
                                                "trustedCA"};
  return keys;
}

constexpr const char* kExpression = "template-expression";

class Reader {
 public:
  Reader(const ConfigSite& site, ParsedConfig& out) : site_(site), out_(out) {}

  void read() {
    const Node& object = *site_.object;
    if (object.kind != Node::Kind::kMap) {
      add(object, Severity::kError, "config-object", site_.path,
          "the configuration is " + std::string(type_of(object)) +
              "; expected an object with httpProxy, httpsProxy, noProxy and trustedCa");
      return;
    }
    if (site_.place == Place::kWrapped) {
      add(object, Severity::kWarning, "config-wrapped", site_.path,
          "the configuration is wrapped as in a template; az aks --http-proxy-config sends the "
          "file as it is, and the service answers HTTPProxyConfigInputError, \"HTTPProxy and "
          "HTTPSProxy both cannot be empty\": give the CLI the inner object");
    }
    report_unknown();
    read_proxies();
    read_no_proxy();
    read_trusted_ca();
    read_enabled();
    if (!has_errors(out_.findings)) out_.config = std::move(config_);
  }

 private:
  void add(const Node& node, Severity severity, const char* rule, std::string path,
           std::string message, std::string fix = "") {
    out_.findings.push_back({severity, rule, std::move(path), std::move(message), std::move(fix),
                             node.line, node.column});
  }
  std::string path_of(std::string_view key) const { return path_to(site_.path, key); }

  // Whether a member is there at all, also when only ARM knows its value.
  bool is_set(const char* key) const {
    const Node* value = member(*site_.object, key);
    if (value == nullptr || value->kind == Node::Kind::kNull) return false;
    return value->kind != Node::Kind::kScalar || !value->text.empty();
  }

  // The value behind an expression of ARM, or nullptr with a note.
  const Node* known(const Node& node, const std::string& path) {
    const Node* value = resolve(node, site_);
    if (value == nullptr) {
      add(node, Severity::kNote, kExpression, path,
          "only ARM can compute " + cite(node.text) +
              ": check the value that the deployment gives it as a file of its own");
    } else if (value != &node) {
      add(node, Severity::kNote, "template-default", path,
          "checked is the value that the template has for " + cite(node.text) + ", in line " +
              std::to_string(value->line) + "; a deployment may give another");
    }
    return value;
  }

  // The member, or nullptr when it is absent, null or "": AKS tools write all three for "not set".
  const Node* value_of(const char* key) {
    return is_set(key) ? known(*member(*site_.object, key), path_of(key)) : nullptr;
  }

  const Node* text_of(const char* key) {
    const Node* value = value_of(key);
    if (value == nullptr || is_string(*value)) return value;
    add(*value, Severity::kError, "config-type", path_of(key),
        std::string(key) + " is " + std::string(type_of(*value)) + "; expected a string");
    return nullptr;
  }

  void report_unknown() {
    for (const Node& node : site_.object->keys) {
      const std::string& key = node.text;
      if (std::find(known_keys().begin(), known_keys().end(), key) != known_keys().end()) continue;
      const std::string near = config::nearest(key, known_keys());
      add(node, Severity::kWarning, "config-unknown-key", path_of(key),
          "the key " + cite(key) + " means nothing to AKS, which ignores it" +
              (near.empty() ? ": remove it" : ": write " + near),
          near.empty() ? "" : json_string(near));
    }
    if (const Node* list = member(*site_.object, "effectiveNoProxy")) {
      add(*list, Severity::kNote, "config-read-only", path_of("effectiveNoProxy"),
          "effectiveNoProxy is computed by AKS and can't be set: remove it from what is sent");
    }
  }

  std::optional<ProxyUrl> read_proxy(const char* key, ProxyUrlUse use, std::string& written) {
    const Node* value = text_of(key);
    if (value == nullptr) return std::nullopt;
    written = base::trim_ows(value->text);
    const size_t first = out_.findings.size();
    auto url = parse_proxy_url(value->text, use, path_of(key), out_.findings);
    place(out_.findings, first, *value);
    return url;
  }

  void read_proxies() {
    WrittenValues& written = config_.written;
    config_.http_proxy = read_proxy("httpProxy", ProxyUrlUse::kHttpProxy, written.http_proxy);
    config_.https_proxy = read_proxy("httpsProxy", ProxyUrlUse::kHttpsProxy, written.https_proxy);
    if (!is_set("httpsProxy")) {
      config_.https_proxy = config_.http_proxy;
      written.https_proxy = written.http_proxy;
    }
    if (!is_set("httpProxy") && !is_set("httpsProxy")) {
      add(*site_.object, Severity::kError, "config-no-proxy-url", site_.path,
          "neither httpProxy nor httpsProxy is set (the service answers "
          "HTTPProxyConfigInputError): set httpProxy at least");
    }
  }

  void read_no_proxy() {
    const Node* list = value_of("noProxy");
    if (list == nullptr) return;
    const std::string path = path_of("noProxy");
    if (list->kind != Node::Kind::kList) {
      add(*list, Severity::kError, "config-type", path,
          "noProxy is " + std::string(type_of(*list)) +
              "; expected an array with one string for each entry",
          list->kind == Node::Kind::kScalar ? "[" + separate_entries(list->text) + "]" : "");
      return;
    }
    std::vector<std::string> entries;
    for (size_t i = 0; i < list->items.size(); ++i) {
      const Node* entry = known(list->items[i], path_to(path, i));
      if (entry == nullptr) continue;
      if (!is_string(*entry)) {
        add(*entry, Severity::kError, "config-type", path_to(path, i),
            "the entry is " + std::string(type_of(*entry)) + "; expected a string");
        continue;
      }
      const size_t first = out_.findings.size();
      lint_no_proxy_entry(entry->text, path_to(path, i), out_.findings);
      place(out_.findings, first, *entry);
      entries.push_back(entry->text);
    }
    config_.no_proxy = tidy_no_proxy(entries);
  }

  void read_trusted_ca() {
    const Node* documented = text_of("trustedCa");
    const Node* misspelt = text_of("trustedCA");
    if (misspelt != nullptr) {
      const auto& keys = site_.object->keys;
      const auto key = std::find_if(keys.begin(), keys.end(),
                                    [](const Node& each) { return each.text == "trustedCA"; });
      add(*key, Severity::kWarning, "trusted-ca-spelling", path_of("trustedCA"),
          "older samples write trustedCA; write the documented name, trustedCa",
          json_string("trustedCa"));
    }
    const Node* empty = member(*site_.object, "trustedCa");
    if (empty != nullptr && is_string(*empty) && empty->text.empty()) {
      add(*empty, Severity::kWarning, "trusted-ca-empty", path_of("trustedCa"),
          "trustedCa is \"\"; the service has answered HTTPProxyTrustedCAPEMDecodeFailure to that: "
          "leave the field out, or write null",
          "null");
    }
    const Node* value = documented != nullptr ? documented : misspelt;
    if (value == nullptr) return;
    const size_t first = out_.findings.size();
    const auto path = path_of(documented != nullptr ? "trustedCa" : "trustedCA");
    config_.trusted_ca_pem = parse_trusted_ca(value->text, path, out_.findings).value_or("");
    config_.written.trusted_ca = without_blanks(value->text);
    place(out_.findings, first, *value);
  }

  void read_enabled() {
    const Node* value = value_of("enabled");
    if (value == nullptr) return;
    const auto enabled = boolean_of(*value);
    if (!enabled) {
      add(*value, Severity::kError, "config-type", path_of("enabled"),
          "enabled is " + std::string(type_of(*value)) + "; expected true or false");
      return;
    }
    config_.enabled = *enabled;
    if (config_.enabled) return;
    add(*value, Severity::kWarning, "config-disabled", path_of("enabled"),
        "the configuration is disabled: AKS keeps it but gives nodes and pods no proxy");
  }

  const ConfigSite& site_;
  ParsedConfig& out_;
  HttpProxyConfig config_;
};

}  // namespace

ParsedConfig read_http_proxy_config(const ConfigSite& site) {
  ParsedConfig out;
  Reader(site, out).read();
  return out;
}

ParsedConfig parse_http_proxy_config(std::string_view text) {
  ParsedConfig out;
  const auto document = parse_document(text, out.findings);
  if (!document) return out;
  const Sites sites = find_sites(*document, out.findings);
  if (sites.configs.empty()) return out;
  ParsedConfig read = read_http_proxy_config(sites.configs.front());
  for (Finding& finding : read.findings) {
    if (finding.rule == kExpression) finding.severity = Severity::kError;
  }
  out.findings.insert(out.findings.end(), read.findings.begin(), read.findings.end());
  if (!has_errors(out.findings)) out.config = std::move(read.config);
  return out;
}

void lint_no_proxy(const std::vector<std::string>& entries, const std::string& path,
                   std::vector<Finding>& findings) {
  for (size_t i = 0; i < entries.size(); ++i) {
    lint_no_proxy_entry(entries[i], path_to(path, i), findings);
  }
}

std::vector<std::string> tidy_no_proxy(const std::vector<std::string>& entries) {
  std::vector<std::string> tidy;
  for (const std::string& entry : entries) {
    const std::string_view trimmed = base::trim_ows(entry);
    if (!trimmed.empty()) tidy.emplace_back(trimmed);
  }
  return tidy;
}

}  // namespace aks
