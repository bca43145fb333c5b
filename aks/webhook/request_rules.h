// Which requests the webhook's server takes, judged by their heads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/head.h"

namespace aks::webhook {

inline constexpr const char* kMutatePath = "/mutate";

struct Refusal {
  int status = 400;
  std::string message;
};

// nullopt: the request may be answered, and its content, if any, is an AdmissionReview of bounded
// length. `path` is the target's, without its query.
std::optional<Refusal> judge(const http::RequestHead& head, std::string_view path);

}  // namespace aks::webhook
