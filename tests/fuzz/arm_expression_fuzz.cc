// Expressions of ARM templates: whatever stands there, evaluation ends soon, and its result is
// unknown or a bounded value with a place. Parsed whole and cut anywhere: a part never crashes.
#include <cstdint>
#include <cstdlib>

#include "aks/document.h"
#include "aks/template/deployment.h"
#include "aks/template/expression.h"
#include "config/json_text.h"

namespace {

constexpr std::string_view kBody = R"({
  "parameters": {"s": {"defaultValue": "http://p.example:3128"}, "n": {"type": "string"},
    "l": {"defaultValue": ["a", "[parameters('s')]", 1, null]},
    "o": {"defaultValue": {"a": {"b": "[variables('v')]"}, "c": "[parameters('n')]"}},
    "r": {"defaultValue": "[concat(parameters('r'), parameters('r'))]"}},
  "variables": {"v": "[format('{0}/', parameters('s'))]", "copy": [{"name": "w"}],
    "d": "[concat(variables('e'), variables('e'))]", "e": "[concat(variables('f'), variables('f'))]",
    "f": "[union(parameters('o'), createObject('s', variables('v')))]"}})";

std::size_t octets_of(const config::Node& node) {
  if (node.line == 0) std::abort();
  std::size_t total = node.text.size() + 1;
  for (const config::Node& item : node.items) total += octets_of(item);
  return total;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const config::Node body = std::get<config::JsonText>(config::parse_json(kBody)).root;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (size < 256) {
    for (std::size_t length = 0; length < size; ++length)
      aks::arm::parse_expression(std::string_view(text).substr(0, length));
  }
  aks::arm::Deployment deployment{&body, {}, aks::arm::Deployment::Open::kYes};
  aks::arm::Budget budget;
  config::Node node = aks::arm::make_text("[" + text + "]");
  node.line = 1;
  const auto whole = aks::arm::evaluate(node, deployment, budget);
  // The value, what the budget lets it take from elsewhere, and the text of what stays unknown.
  if (octets_of(whole.value) > 4 * 1024 * 1024 + 2 * size) std::abort();
  const bool is_call = aks::arm::is_expression(node.text);
  if (is_call && !aks::arm::parse_expression(text) && !aks::is_unknown(whole.value)) std::abort();
  return 0;
}
