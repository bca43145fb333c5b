#include "aks/render/cse.h"

#include <nlohmann/json.hpp>

#include "aks/render/quote.h"

namespace aks::render {
namespace {

std::string boolean(const std::string& value) { return value.empty() ? "false" : "true"; }

}  // namespace

std::string proxy_vars(const Values& values) {
  std::string out;
  if (!values.no_proxy.empty()) out += "export NO_PROXY=\"" + values.no_proxy + "\"; ";
  if (!values.https_proxy.empty()) out += "export HTTPS_PROXY=\"" + values.https_proxy + "\"; ";
  if (!values.http_proxy.empty()) out += "export http_proxy=\"" + values.http_proxy + "\";";
  return out;
}

std::vector<Variable> cse_variables(const Values& values) {
  return {{"SHOULD_CONFIGURE_HTTP_PROXY", boolean(values.http_proxy + values.https_proxy)},
          {"SHOULD_CONFIGURE_HTTP_PROXY_CA", boolean(values.trusted_ca)},
          {"HTTP_PROXY_TRUSTED_CA", values.trusted_ca},
          {"HTTP_PROXY_URLS", values.http_proxy},
          {"HTTPS_PROXY_URLS", values.https_proxy},
          {"NO_PROXY_URLS", values.no_proxy},
          {"PROXY_VARS", proxy_vars(values)}};
}

std::string cse_shell(const std::vector<Variable>& variables) {
  std::string out;
  for (const auto& [name, value] : variables) out += name + "=" + shell_quoted(value) + "\n";
  return out;
}

std::string cse_json(const std::vector<Variable>& variables) {
  nlohmann::ordered_json object;
  for (const auto& [name, value] : variables) object[name] = value;
  return object.dump(2) + "\n";
}

}  // namespace aks::render
