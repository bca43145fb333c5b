// The regions of Azure, so that a mistyped one is refused instead of taken for a place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aks {

// Their short names, those of China and of the US government included.
const std::vector<std::string>& regions();

// Fails (client) with kBadRequest, and names the nearest one, when `region` (a short name) is not
// among them. Regions are opened after a program is built, so whoever names the cloud as well is
// not asked; the sentence says so with `with_cloud`, how that is written, e.g. "--cloud public".
base::Result<void> check_region(std::string_view region, std::string_view with_cloud);

}  // namespace aks
