#include "aks/http_proxy_config.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aks/no_proxy_entry.h"
#include "aks/trusted_ca.h"
#include "base/ascii.h"

namespace aks {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> kKnownKeys = {
    "httpProxy", "httpsProxy", "noProxy", "trustedCa", "trustedCA", "enabled", "effectiveNoProxy"};

class Reader {
 public:
  explicit Reader(ParsedConfig& out) : out_(out) {}

  void read(const json& document) {
    const json* object = unwrap(document);
    if (object == nullptr) return;
    report_unknown(*object);
    read_proxies(*object);
    read_no_proxy(*object);
    read_trusted_ca(*object);
    read_enabled(*object);
    if (!has_errors(out_.findings)) out_.config = std::move(config_);
  }

 private:
  void add(Severity severity, const char* rule, std::string path, std::string message) {
    out_.findings.push_back({severity, rule, std::move(path), std::move(message)});
  }
  std::string path_of(std::string_view key) const { return root_ + "." + std::string(key); }

  // The member, or nullptr when it is absent, null or "": AKS tools write all three for "not set".
  const json* member(const json& object, const char* key) const {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return nullptr;
    if (found->is_string() && found->get_ref<const std::string&>().empty()) return nullptr;
    return &*found;
  }

  const std::string* text(const json& object, const char* key) {
    const json* value = member(object, key);
    if (value == nullptr) return nullptr;
    if (value->is_string()) return &value->get_ref<const std::string&>();
    add(Severity::kError, "config-type", path_of(key),
        std::string(key) + " is " + value->type_name() + "; expected a string");
    return nullptr;
  }

  // Steps into the objects that templates and `az aks show` wrap around the configuration.
  const json* unwrap(const json& document) {
    const json* object = &document;
    for (const char* key : {"properties", "httpProxyConfig"}) {
      if (!object->is_object() || !object->contains(key)) continue;
      object = &(*object)[key];
      root_ += std::string(".") + key;
    }
    if (!object->is_object()) {
      add(Severity::kError, "config-type", root_,
          std::string("the configuration is ") + object->type_name() +
              "; expected an object with httpProxy, httpsProxy, noProxy and trustedCa");
      return nullptr;
    }
    if (object != &document) {
      add(Severity::kWarning, "config-wrapped", root_,
          "the configuration is wrapped as in a template; az aks --http-proxy-config sends the "
          "file "
          "as it is, and the service answers HTTPProxyConfigInputError, \"HTTPProxy and HTTPSProxy "
          "both cannot be empty\": give the CLI the inner object");
    }
    return object;
  }

  void report_unknown(const json& object) {
    for (const auto& item : object.items()) {
      const std::string& key = item.key();
      if (std::find(kKnownKeys.begin(), kKnownKeys.end(), key) != kKnownKeys.end()) continue;
      const auto near = std::find_if(kKnownKeys.begin(), kKnownKeys.end(),
                                     [&key](auto known) { return base::iequals(known, key); });
      add(Severity::kWarning, "config-unknown-key", root_,
          "the key " + cite(key) + " means nothing to AKS, which ignores it" +
              (near == kKnownKeys.end() ? std::string() : ": write " + std::string(*near)));
    }
  }

  void read_proxies(const json& object) {
    const std::string* http = text(object, "httpProxy");
    const std::string* https = text(object, "httpsProxy");
    if (http != nullptr) {
      config_.written.http_proxy = base::trim_ows(*http);
      config_.http_proxy =
          parse_proxy_url(*http, ProxyUrlUse::kHttpProxy, path_of("httpProxy"), out_.findings);
    }
    if (https != nullptr) {
      config_.written.https_proxy = base::trim_ows(*https);
      config_.https_proxy =
          parse_proxy_url(*https, ProxyUrlUse::kHttpsProxy, path_of("httpsProxy"), out_.findings);
    } else {
      config_.https_proxy = config_.http_proxy;
      config_.written.https_proxy = config_.written.http_proxy;
    }
    if (http == nullptr && https == nullptr && !has_errors(out_.findings)) {
      add(Severity::kError, "config-no-proxy-url", root_,
          "neither httpProxy nor httpsProxy is set (the service answers "
          "HTTPProxyConfigInputError): "
          "set httpProxy at least");
    }
  }

  void read_no_proxy(const json& object) {
    const json* list = member(object, "noProxy");
    if (list == nullptr) return;
    const std::string path = path_of("noProxy");
    if (!list->is_array()) {
      add(Severity::kError, "config-type", path,
          std::string("noProxy is ") + list->type_name() +
              "; expected an array with one string for each entry");
      return;
    }
    std::vector<std::string> entries;
    for (size_t i = 0; i < list->size(); ++i) {
      const json& entry = (*list)[i];
      if (entry.is_string()) {
        entries.push_back(entry.get<std::string>());
        lint_no_proxy_entry(entries.back(), path + "[" + std::to_string(i) + "]", out_.findings);
      } else {
        add(Severity::kError, "config-type", path + "[" + std::to_string(i) + "]",
            std::string("the entry is ") + entry.type_name() + "; expected a string");
      }
    }
    config_.no_proxy = tidy_no_proxy(entries);
  }

  void read_trusted_ca(const json& object) {
    const std::string* documented = text(object, "trustedCa");
    const std::string* misspelt = text(object, "trustedCA");
    if (misspelt != nullptr) {
      add(Severity::kWarning, "trusted-ca-spelling", path_of("trustedCA"),
          "the field is trustedCa; older samples write trustedCA, which templates ignore: rename "
          "it");
    }
    const std::string* value = documented != nullptr ? documented : misspelt;
    if (value == nullptr) return;
    const auto path = path_of(documented != nullptr ? "trustedCa" : "trustedCA");
    config_.trusted_ca_pem = parse_trusted_ca(*value, path, out_.findings).value_or("");
    config_.written.trusted_ca = without_blanks(*value);
  }

  void read_enabled(const json& object) {
    const json* value = member(object, "enabled");
    if (value == nullptr) return;
    if (!value->is_boolean()) {
      add(Severity::kError, "config-type", path_of("enabled"),
          std::string("enabled is ") + value->type_name() + "; expected true or false");
      return;
    }
    config_.enabled = value->get<bool>();
    if (config_.enabled) return;
    add(Severity::kWarning, "config-disabled", path_of("enabled"),
        "the configuration is disabled: AKS keeps it but gives nodes and pods no proxy");
  }

  ParsedConfig& out_;
  HttpProxyConfig config_;
  std::string root_ = "$";
};

std::string position(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

}  // namespace

ParsedConfig parse_http_proxy_config(std::string_view text) {
  ParsedConfig out;
  const auto fail = [&out](const char* rule, std::string message) {
    out.findings.push_back({Severity::kError, rule, "$", std::move(message)});
  };
  if (text.size() > kMaxConfigBytes) {
    fail("config-size", "the configuration is larger than 1 MiB; expected a few KiB of JSON");
    return out;
  }
  json document;
  try {
    document = json::parse(text);
  } catch (const json::exception& error) {
    // parse_error carries the octet; anything else means text that is no JSON from the start.
    const auto* parse_error = dynamic_cast<const json::parse_error*>(&error);
    fail("config-json", "the configuration is not JSON: syntax error at " +
                            position(text, parse_error == nullptr ? 0 : parse_error->byte));
    return out;
  }
  Reader(out).read(document);
  return out;
}

void lint_no_proxy(const std::vector<std::string>& entries, const std::string& path,
                   std::vector<Finding>& findings) {
  for (size_t i = 0; i < entries.size(); ++i) {
    lint_no_proxy_entry(entries[i], path + "[" + std::to_string(i) + "]", findings);
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
