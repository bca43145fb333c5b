// Kubernetes objects and other documents as JSON values, printed as YAML or JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace aks::render {

enum class Format { kYaml, kJson };

// One document: YAML 1.2 in block style that YAML 1.1 readers take alike, or JSON. Strings that
// could be read as anything else are quoted; those of several lines become literal blocks. `value`
// holds UTF-8.
std::string print(const nlohmann::ordered_json& value, Format format);

// Several documents: YAML's "---" between them, or a JSON List (v1) as kubectl prints it.
std::string print_all(const std::vector<nlohmann::ordered_json>& values, Format format);

}  // namespace aks::render
