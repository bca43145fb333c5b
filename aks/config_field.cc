// Fields of a configuration by name.
#include <algorithm>

#include "aks/http_proxy_config.h"
#include "base/ascii.h"

namespace aks {

using config::Node;

const Node* field_of(const ConfigSite& site, std::string_view name) {
  const Node* exact = member(*site.object, name);
  return exact != nullptr ? exact : member_anycase(*site.object, name);
}

std::string path_of_field(const ConfigSite& site, std::string_view name) {
  const auto& keys = site.object->keys;
  const bool exact = member(*site.object, name) != nullptr;
  const auto other = std::find_if(keys.rbegin(), keys.rend(), [name](const Node& each) {
    return base::iequals(each.text, name);
  });
  return path_to(site.path, exact || other == keys.rend() ? name : std::string_view(other->text));
}

}  // namespace aks
