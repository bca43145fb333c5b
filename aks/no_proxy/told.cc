#include <array>

#include "aks/no_proxy/environment.h"

namespace aks::no_proxy {
namespace {

void set_both(Environment& environment, std::string_view lower, std::string_view upper,
              std::string_view value) {
  environment[std::string(lower)] = value;
  environment[std::string(upper)] = value;
}

// "proxy.example" and "3128" of "http://proxy.example:3128/".
void set_properties(Environment& environment, std::string_view scheme, std::string_view proxy) {
  const size_t mark = proxy.find("://");
  if (mark != std::string_view::npos) proxy.remove_prefix(mark + 3);
  proxy = proxy.substr(0, proxy.find('/'));
  const size_t colon = proxy.rfind(':');
  environment[std::string(scheme) + ".proxyHost"] = proxy.substr(0, colon);
  if (colon == std::string_view::npos) return;
  environment[std::string(scheme) + ".proxyPort"] = proxy.substr(colon + 1);
}

}  // namespace

Environment told_to_all(std::string_view proxy, std::string_view list) {
  Environment environment;
  set_both(environment, "http_proxy", "HTTP_PROXY", proxy);
  set_both(environment, "https_proxy", "HTTPS_PROXY", proxy);
  set_both(environment, "no_proxy", "NO_PROXY", list);
  set_properties(environment, "http", proxy);
  set_properties(environment, "https", proxy);
  environment["http.nonProxyHosts"] = list;
  return environment;
}

Environment told_by_aks(const HttpProxyConfig& config, std::string_view list) {
  Environment environment;
  if (config.http_proxy) {
    set_both(environment, "http_proxy", "HTTP_PROXY", config.http_proxy->to_string());
  }
  if (config.https_proxy) {
    set_both(environment, "https_proxy", "HTTPS_PROXY", config.https_proxy->to_string());
  }
  set_both(environment, "no_proxy", "NO_PROXY", list);
  return environment;
}

Environment from_variables(const std::function<std::optional<std::string>(const char* name)>& get) {
  constexpr std::array kNames = {"http_proxy",        "HTTP_PROXY",    "https_proxy",
                                 "HTTPS_PROXY",       "no_proxy",      "NO_PROXY",
                                 "all_proxy",         "ALL_PROXY",     "REQUEST_METHOD",
                                 "GATEWAY_INTERFACE", "CGI_HTTP_PROXY"};
  Environment environment;
  for (const char* name : kNames) {
    if (auto value = get(name)) environment[name] = std::move(*value);
  }
  return environment;
}

}  // namespace aks::no_proxy
