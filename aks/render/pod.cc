#include "aks/render/pod.h"

#include <nlohmann/json.hpp>

#include "aks/pod_variables.h"

namespace aks::render {

std::string pod_env(const Values& values, Format format) {
  nlohmann::ordered_json env = nlohmann::ordered_json::array();
  for (const PodVariable& variable : pod_variables(values)) {
    env.push_back({{"name", variable.name}, {"value", variable.value}});
  }
  return print(env, format);
}

}  // namespace aks::render
