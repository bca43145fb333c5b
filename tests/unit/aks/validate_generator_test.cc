// Valid inputs by the thousand, in every shape: none may get an error, and each must be read as it
// was meant.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "aks/trusted_ca.h"
#include "aks/validate.h"
#include "tests/unit/aks/findings.h"
#include "tls/authority.h"

namespace aks {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {
    const auto now = base::wall_now();
    ca_ =
        encode_base64(tls::Authority::create({"Corp", now - 1h, now + 9000h})->certificate().pem());
  }

  size_t below(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random_);
  }
  bool coin() { return below(2) == 0; }

  std::string label() {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    std::string out(1, kLetters[below(26)]);
    for (size_t i = below(12); i > 0; --i) out += kLetters[below(kLetters.size())];
    return out + kLetters[below(26)];
  }
  std::string name() { return label() + "." + label() + ".example"; }
  std::string address() {
    return "172.16." + std::to_string(below(256)) + "." + std::to_string(below(256));
  }

  std::string url(const char* scheme) {
    const std::string host = coin() ? name() : address();
    return std::string(scheme) + host + ":" + std::to_string(1024 + below(60'000)) +
           (coin() ? "/" : "");
  }

  std::string entry() {
    switch (below(7)) {
      case 0: return name();
      case 1: return "." + name();
      case 2: return address();
      case 3: return "172." + std::to_string(16 + below(16)) + ".0.0/16";
      case 4: return "fd00::" + std::to_string(1 + below(9));
      case 5: return label();
      default: return ".svc";
    }
  }

  json config() {
    json out;
    if (below(8) != 0) out["httpProxy"] = url("http://");
    if (coin() || out.empty()) out["httpsProxy"] = url(coin() ? "http://" : "https://");
    if (below(8) != 0) {
      out["noProxy"] = json::array();
      for (size_t i = below(12); i > 0; --i) out["noProxy"].push_back(entry());
    }
    if (below(4) == 0) out["trustedCa"] = ca_;
    if (below(6) == 0) out["trustedCa"] = nullptr;
    if (below(6) == 0) out["enabled"] = coin();
    return out;
  }

  json cluster(const json& config) {
    return {{"httpProxyConfig", config},
            {"windowsProfile", {{"adminUsername", "azureuser"}}},
            {"agentPoolProfiles", {{{"osType", "Linux"}, {"osSKU", "Ubuntu"}}}},
            {"networkProfile", {{"networkPlugin", "azure"}, {"podCidr", "10.244.0.0/16"}}}};
  }

  // Hides a value behind expressions that give it again.
  json hidden(const json& value, json& parameters, json& variables) {
    const std::string id = "v" + std::to_string(parameters.size() + variables.size());
    switch (below(7)) {
      case 0: parameters[id] = {{"defaultValue", value}}; return "[parameters('" + id + "')]";
      case 1: variables[id] = value; return "[variables('" + id + "')]";
      case 2:
        variables[id] = {{"inner", json::array({value})}};
        return "[variables('" + id + "').inner[0]]";
      case 3:
        parameters[id] = {{"defaultValue", value}};
        return "[coalesce(null(), if(empty(''), parameters('" + id + "'), reference('x')))]";
      case 4:  // text that json() reads is not computed again
        if (value.dump().find('(') != std::string::npos) return value;
        variables[id] = value.dump();
        return "[json(variables('" + id + "'))]";
      case 5:
        if (!value.is_string()) return value;
        variables[id] = value;
        return "[format('{0}', concat(variables('" + id + "'), ''))]";
      default: return value;
    }
  }

  json templated(json config) {
    json parameters = json::object();
    json variables = json::object();
    for (auto& [key, value] : config.items()) {
      if (value.is_null()) continue;
      if (value.is_array())
        for (json& entry : value)
          entry = below(4) == 0 ? hidden(entry, parameters, variables) : entry;
      value = below(3) == 0 ? hidden(value, parameters, variables) : value;
    }
    if (below(3) == 0) config = hidden(config, parameters, variables);
    const json resource = {{"type", "Microsoft.ContainerService/managedClusters"},
                           {"apiVersion", "2026-01-01"},
                           {"name", "[parameters('name')]"},
                           {"properties", cluster(config)}};
    json body = {{"parameters", parameters}, {"variables", variables}};
    if (coin()) {
      body["resources"] = json::array({resource});
    } else {
      body["languageVersion"] = "2.0";
      body["resources"] = {{"aks", resource}};
    }
    if (coin()) return body;
    return {{"resources",
             {{{"type", "Microsoft.Resources/deployments"},
               {"properties",
                {{"expressionEvaluationOptions", {{"scope", "inner"}}}, {"template", body}}}}}}};
  }

  json terraform(const json& config) {
    json block;
    const std::pair<const char*, const char*> names[] = {{"httpProxy", "http_proxy"},
                                                         {"httpsProxy", "https_proxy"},
                                                         {"noProxy", "no_proxy"},
                                                         {"trustedCa", "trusted_ca"}};
    for (const auto& [arm, own] : names) block[own] = config.value(arm, json());
    return {{"format_version", "1.2"},
            {"resource_changes",
             {{{"type", "azurerm_kubernetes_cluster"},
               {"change",
                {{"after", {{"http_proxy_config", json::array({block})}}},
                 {"after_unknown", {{"id", true}}}}}}}}};
  }

  json in_some_shape(const json& config) {
    switch (below(7)) {
      case 0: return config;
      case 1: return {{"httpProxyConfig", config}};
      case 2: return templated(config);
      case 3: return terraform(config);
      case 4:
        return {{"apiVersion", "containerservice.azure.com/v1api20240901"},
                {"kind", "ManagedCluster"},
                {"spec", {{"httpProxyConfig", config}}}};
      case 5: return {{"parameters", {{"proxy", {{"value", config}}}}}};
      default: {
        json shown = cluster(config);
        shown["provisioningState"] = "Succeeded";
        return {{"id", "/x/managedClusters/demo"}, {"properties", shown}};
      }
    }
  }

 private:
  std::mt19937 random_;
  std::string ca_;
};

std::string text_of(const json& config, const char* key) {
  const auto found = config.find(key);
  return found == config.end() || !found->is_string() ? "" : found->get<std::string>();
}

TEST(ValidateGenerator, HasNoErrorForTenThousandValidInputs) {
  const unsigned seed = std::random_device()();
  Generator generator(seed);
  ValidateOptions options{base::wall_now(), {}, std::nullopt};
  for (int i = 0; i < 10'000; ++i) {
    const json config = generator.config();
    const std::string text = generator.in_some_shape(config).dump();
    const Validation out = validate(text, options);
    ASSERT_FALSE(has_errors(out.findings))
        << "seed " << seed << ": " << aks_test::messages(out.findings) << text;
    ASSERT_EQ(out.configs.size(), 1U) << "seed " << seed << ": " << text;
    const HttpProxyConfig& read = out.configs.front();
    ASSERT_EQ(read.written.http_proxy, text_of(config, "httpProxy")) << seed << ": " << text;
    ASSERT_EQ(read.no_proxy.size(), config.value("noProxy", json::array()).size())
        << seed << ": " << text;
    ASSERT_EQ(read.written.trusted_ca, text_of(config, "trustedCa")) << seed << ": " << text;
  }
}

}  // namespace
}  // namespace aks
