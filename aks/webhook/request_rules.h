// Which requests the webhook's server takes, judged by their heads.
#pragma once

#include <httplib.h>

#include <optional>
#include <string>

namespace aks::webhook {

inline constexpr const char* kMutatePath = "/mutate";

struct Refusal {
  int status = 400;
  std::string message;
};

// nullopt: the request may be answered, and its body, if any, is an AdmissionReview of bounded
// length. cpp-httplib takes a malformed Content-Length for 0 and would unpack compressed bodies
// without a bound, so both are refused here.
std::optional<Refusal> judge(const httplib::Request& request);

}  // namespace aks::webhook
