#include "aks/http_proxy_config.h"

#include <algorithm>

#include "aks/no_proxy_entry.h"
#include "aks/trusted_ca.h"
#include "base/ascii.h"
#include "config/suggest.h"

namespace aks {
namespace {

using config::Node;

std::vector<std::string> keys_of(const FieldNames& names) {
  return {names.http_proxy, names.https_proxy, names.no_proxy,
          names.trusted_ca, names.enabled,     names.effective_no_proxy};
}

constexpr const char* kExpression = "template-expression";

class Reader {
 public:
  Reader(const ConfigSite& site, ParsedConfig& out) : site_(site), names_(*site.names), out_(out) {}

  void read() {
    const Node& object = *site_.object;
    if (known(object, site_.path) == nullptr) return;
    if (object.kind != Node::Kind::kMap) {
      add(object, Severity::kError, "config-object", site_.path,
          (object.kind == Node::Kind::kNull && site_.place == Place::kFile
               ? "the document is empty"
               : "the configuration is " + std::string(type_of(object))) +
              "; expected an object with httpProxy, httpsProxy, noProxy and trustedCa" +
              (object.kind == Node::Kind::kList && object.items.empty()
                   ? " (az aks list prints [] when the subscription that is set has no cluster)"
                   : ""));
      return;
    }
    if (site_.place == Place::kWrapped) {
      add(object, Severity::kWarning, "config-wrapped", site_.path,
          "the configuration is wrapped as in a template; az aks --http-proxy-config sends the "
          "file as it is, and the service answers HTTPProxyConfigInputError, \"HTTPProxy and "
          "HTTPSProxy both cannot be empty\": give the CLI the inner object");
    }
    report_keys();
    read_enabled();
    read_proxies();
    read_no_proxy();
    read_trusted_ca();
    if (!has_errors(out_.findings)) out_.config = std::move(config_);
  }

 private:
  void add(const Node& node, Severity severity, const char* rule, std::string path,
           std::string message, std::string fix = "") {
    out_.findings.push_back({severity, rule, std::move(path), std::move(message), std::move(fix),
                             node.line, node.column});
  }
  std::string path_of(std::string_view key) const { return path_of_field(site_, key); }

  const Node* member_named(const char* key) const { return field_of(site_, key); }

  // Whether a member is there at all, also when only a deployment knows its value.
  bool is_set(const char* key) const {
    const Node* value = member_named(key);
    if (value == nullptr || value->kind == Node::Kind::kNull) return false;
    return value->kind != Node::Kind::kScalar || !value->text.empty();
  }

  // The value, or nullptr with a note where only a deployment knows it.
  const Node* known(const Node& node, const std::string& path) {
    if (!is_unknown(node)) return &node;
    const std::string& text = node.text;
    add(node, Severity::kNote, kExpression, path,
        site_.names == &kTerraformNames
            ? "only Terraform can tell when it applies: check the state afterwards"
        : text.starts_with("[${")
            ? cite(text.substr(1, text.size() - 2)) +
                  " is filled in later: check what clusterctl, envsubst or the like makes of this"
            : "only a deployment can compute " + cite(node.text) +
                  ": check the template with the values of its parameters (--parameters), or the "
                  "value as a file of its own");
    return nullptr;
  }

  // The member, or nullptr when it is absent, null or "": AKS tools write all three for "not set".
  const Node* value_of(const char* key) {
    return is_set(key) ? known(*member_named(key), path_of(key)) : nullptr;
  }

  const Node* text_of(const char* key) {
    const Node* value = value_of(key);
    if (value == nullptr || is_string(*value)) return value;
    add(*value, Severity::kError, "config-type", path_of(key),
        std::string(key) + " is " + std::string(type_of(*value)) + "; expected a string");
    return nullptr;
  }

  // The service compares names without regard to case.
  void report_keys() {
    const std::vector<std::string> keys = keys_of(names_);
    for (const Node& node : site_.object->keys) {
      const std::string& key = node.text;
      const auto known = std::find_if(keys.begin(), keys.end(), [&key](const std::string& each) {
        return base::iequals(each, key);
      });
      if (known != keys.end()) {
        if (*known != key) report_spelling(node, *known);
        continue;
      }
      if (site_.place == Place::kTemplate && base::iequals(key, "copy")) continue;
      if (site_.place == Place::kLive) {
        add(node, Severity::kNote, "config-unknown-key", path_of(key),
            "the key " + cite(key) + " is newer than this Sluice, which does not look at it");
        continue;
      }
      const std::string near = config::nearest(key, keys);
      add(node, Severity::kWarning, "config-unknown-key", path_of(key),
          "the key " + cite(key) + " means nothing to AKS, which ignores it" +
              (near.empty() ? ": remove it" : ": write " + near),
          near.empty() ? "" : json_string(near));
    }
    const Node* list = member_named(names_.effective_no_proxy);
    if (list != nullptr && site_.place != Place::kLive && site_.names == &kArmNames) {
      add(*list, Severity::kNote, "config-read-only", path_of(names_.effective_no_proxy),
          "effectiveNoProxy is computed by AKS and can't be set: remove it from what is sent");
    }
  }

  void report_spelling(const Node& key, const std::string& right) {
    if (right == names_.trusted_ca && key.text == "trustedCA") {
      add(key, Severity::kWarning, "trusted-ca-spelling", path_of(key.text),
          "older samples write trustedCA; write the documented name, trustedCa",
          json_string(right));
      return;
    }
    add(key, Severity::kWarning, "config-key-case", path_of(key.text),
        "the service reads " + cite(key.text) + " as " + right +
            ", since it compares names without regard to case; other readers do not: write " +
            right,
        json_string(right));
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
    config_.http_proxy = read_proxy(names_.http_proxy, ProxyUrlUse::kHttpProxy, written.http_proxy);
    config_.https_proxy =
        read_proxy(names_.https_proxy, ProxyUrlUse::kHttpsProxy, written.https_proxy);
    if (!is_set(names_.https_proxy)) {
      config_.https_proxy = config_.http_proxy;
      written.https_proxy = written.http_proxy;
    }
    // The article's own example of a switched-off proxy is {"enabled": false} and nothing else.
    if (!config_.enabled) return;
    if (!is_set(names_.http_proxy) && !is_set(names_.https_proxy)) {
      add(*site_.object, Severity::kError, "config-no-proxy-url", site_.path,
          "neither httpProxy nor httpsProxy is set (the service answers "
          "HTTPProxyConfigInputError): set httpProxy at least");
    }
  }

  void read_no_proxy() {
    const Node* list = value_of(names_.no_proxy);
    if (list == nullptr) return;
    const std::string path = path_of(names_.no_proxy);
    if (list->kind != Node::Kind::kList) {
      add(*list, Severity::kError, "config-type", path,
          std::string(names_.no_proxy) + " is " + std::string(type_of(*list)) +
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
    const char* key = names_.trusted_ca;
    const Node* empty = member_named(key);
    if (empty != nullptr && is_string(*empty) && empty->text.empty()) {
      // Terraform's provider writes "" for "not set" and does not send it.
      const bool refused = site_.names == &kArmNames && site_.place != Place::kLive;
      if (!refused) return;
      add(*empty, Severity::kError, "trusted-ca-empty", path_of(key),
          "trustedCa is \"\", to which the service answers HTTPProxyTrustedCAPEMDecodeFailure: "
          "leave the field out, or write null",
          "null");
    }
    const Node* value = text_of(key);
    if (value == nullptr) return;
    const size_t first = out_.findings.size();
    config_.trusted_ca_pem =
        parse_trusted_ca(value->text, path_of(key), out_.findings).value_or("");
    config_.written.trusted_ca = without_blanks(value->text);
    place(out_.findings, first, *value);
  }

  void read_enabled() {
    const Node* value = value_of(names_.enabled);
    if (value == nullptr) return;
    auto enabled = boolean_of(*value);
    if (!enabled && value->kind == Node::Kind::kScalar) {
      const std::string text = base::lower(value->text);
      if (text == "true" || text == "false") {
        enabled = text == "true";
        add(*value, Severity::kWarning, "config-enabled-text", path_of(names_.enabled),
            "enabled is the text " + cite(value->text) +
                ", as the article has it; the service's type is a boolean: write " + text +
                " without quotes",
            text);
      }
    }
    if (!enabled) {
      add(*value, Severity::kError, "config-type", path_of(names_.enabled),
          "enabled is " + std::string(type_of(*value)) + "; expected true or false");
      return;
    }
    config_.enabled = *enabled;
    if (config_.enabled) return;
    add(*value, Severity::kNote, "config-disabled", path_of(names_.enabled),
        "the configuration is disabled: AKS keeps it but gives nodes and pods no proxy");
  }

  const ConfigSite& site_;
  const FieldNames& names_;
  ParsedConfig& out_;
  HttpProxyConfig config_;
};

}  // namespace

ParsedConfig read_http_proxy_config(const ConfigSite& site) {
  ParsedConfig out;
  out.findings = site.notes;
  Reader(site, out).read();
  return out;
}

ParsedConfig parse_http_proxy_config(std::string_view text) {
  ParsedConfig out;
  const auto document = parse_document(text, out.findings);
  if (!document) return out;
  const Sites sites = find_sites(*document, {}, out.findings);
  if (sites.configs.empty()) {
    for (Finding& finding : out.findings) {
      if (finding.rule == "config-absent" || finding.rule == "config-none")
        finding.severity = Severity::kError;
    }
    return out;
  }
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
