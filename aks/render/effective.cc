#include "aks/render/effective.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace aks::render {
namespace {

using nlohmann::ordered_json;

const char* token_of(NoProxySource source) {
  switch (source) {
    case NoProxySource::kUser: return "user";
    case NoProxySource::kAlways: return "always";
    case NoProxySource::kApiServer: return "api-server";
    case NoProxySource::kVnet: return "vnet";
    case NoProxySource::kSubnet: return "subnet";
    case NoProxySource::kPods: return "pods";
    case NoProxySource::kServices: return "services";
  }
  return "";
}

}  // namespace

std::string effective_table(const std::vector<EffectiveEntry>& entries) {
  size_t width = 0;
  for (const EffectiveEntry& entry : entries) width = std::max(width, entry.text.size());
  std::string out;
  for (const EffectiveEntry& entry : entries) {
    out += entry.text + std::string(width - entry.text.size() + 2, ' ');
    out += describe(entry.source);
    out += '\n';
  }
  return out;
}

std::string effective_json(const std::vector<EffectiveEntry>& entries) {
  ordered_json list = ordered_json::array();
  for (const EffectiveEntry& entry : entries) {
    list.push_back({{"entry", entry.text},
                    {"source", token_of(entry.source)},
                    {"why", describe(entry.source)}});
  }
  const ordered_json object = {{"no_proxy", join_no_proxy(entries)}, {"entries", std::move(list)}};
  return object.dump(2) + "\n";
}

}  // namespace aks::render
