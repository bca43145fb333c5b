// Which origins a front has.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "proxy/forward_origins.h"
#include "proxy/inspect/inspected_origin.h"

namespace proxy {

// Those that requests name, or the one for which the connection is inspected. `reach` outlives
// them.
inline std::unique_ptr<Origins> origins_for(const Service& service, Reach& reach,
                                            std::optional<inspect::Inside> inside) {
  if (!inside) return std::make_unique<ForwardOrigins>(service, reach);
  return std::make_unique<inspect::InspectedOrigin>(service, reach, std::move(*inside));
}

}  // namespace proxy
