// Any text as a key and as a value of a YAML document reads back as itself.
#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "aks/render/document.h"
#include "config/read_scalar.h"

using nlohmann::ordered_json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (!config::is_utf8(text) || size > 4096) return 0;
  const ordered_json list = ordered_json::array({text, {{text, text}}});
  const ordered_json object = {{"list", list}, {"value", text}};
  const YAML::Node read = YAML::Load(aks::render::print(object, aks::render::Format::kYaml));
  if (read["value"].as<std::string>() != text) std::abort();
  if (read["list"][0].as<std::string>() != text) std::abort();
  for (const auto& member : read["list"][1]) {
    if (member.first.as<std::string>() != text) std::abort();
    if (member.second.as<std::string>() != text) std::abort();
  }
  return 0;
}
