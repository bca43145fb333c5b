// Making objects in Azure's names of those that other tools have.
#pragma once

#include <string_view>

#include "config/node.h"

namespace aks::sites {

// An object without members, at the place of another one.
config::Node empty_object(const config::Node& place);

// Sets the member behind a way of keys, "networkProfile.podCidr"; objects on the way are made.
void set_member(config::Node& object, std::string_view way, config::Node value);

}  // namespace aks::sites
