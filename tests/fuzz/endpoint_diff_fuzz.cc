// Earlier reports of endpoints. Whatever they hold, the answer is JSON, and a report equals itself.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "aks/endpoint_diff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const aks::allow_list::Selection kSelection = [] {
    const auto catalogue = aks::Catalogue::embedded();
    if (!catalogue) std::abort();
    auto selected = catalogue->select({});
    if (!selected) std::abort();
    return aks::allow_list::Selection{std::move(*selected), catalogue->provenance(), {}};
  }();
  const auto diff = aks::diff_endpoints({reinterpret_cast<const char*>(data), size}, kSelection);
  if (!diff) return 0;
  const auto out = nlohmann::json::parse(aks::endpoint_diff_json(*diff));
  if (out["same"] != diff->is_same()) std::abort();
  for (const char c : aks::endpoint_diff_text(*diff)) {
    if (static_cast<unsigned char>(c) < ' ' && c != '\n') std::abort();
  }
  return 0;
}
