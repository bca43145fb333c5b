// The rehearsal of a rotation, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "tls/rotation.h"

namespace aks {

std::string rehearsal_text(const std::string& host, const std::vector<tls::RotationTrial>& trials,
                           const std::vector<tls::RotationOrder>& orders);
std::string rehearsal_json(const std::string& host, const std::vector<tls::RotationTrial>& trials,
                           const std::vector<tls::RotationOrder>& orders);

}  // namespace aks
