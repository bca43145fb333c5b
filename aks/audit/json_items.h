// The items of a Kubernetes List, read one after the other: a cluster's pods are gigabytes as one
// tree, and each is a few kilobytes.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aks::audit {

inline constexpr size_t kMaxItemDepth = 64;        // pods have about 15 levels
inline constexpr size_t kMaxItemValues = 250'000;  // an object of 1.5 MiB, etcd's limit, has fewer
inline constexpr size_t kMaxItems = 500'000;

// Calls `each` with every object in "items", in order, and then returns the document without them,
// which for a single object is all of it. Fails (client, kBadRequest) for text that is no JSON
// object, that ends in the middle, or that exceeds a limit above; `each` has seen some by then.
base::Result<nlohmann::json> read_items(std::string_view text,
                                        const std::function<void(const nlohmann::json&)>& each);

}  // namespace aks::audit
