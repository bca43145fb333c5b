#include "aks/render/pod.h"

#include <nlohmann/json.hpp>

#include "aks/render/quote.h"

namespace aks::render {

std::string pod_env(const Values& values, Format format) {
  nlohmann::ordered_json env = nlohmann::ordered_json::array();
  for (const auto& [name, value] : variables_of(values)) {
    env.push_back({{"name", name}, {"value", kubernetes_text(value)}});
  }
  return print(env, format);
}

}  // namespace aks::render
