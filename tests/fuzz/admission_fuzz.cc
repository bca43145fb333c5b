// AdmissionReviews. Whatever comes, the answer is JSON and a second review of the patched pod finds
// nothing more to add.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "aks/admission.h"

namespace {

using nlohmann::json;

aks::PodInjection everything() {
  aks::PodInjection injection;
  injection.variables = {{"http_proxy", "http://proxy.example:3128"},
                         {"NO_PROXY", "localhost,.example"}};
  injection.init_containers = injection.ephemeral_containers = true;
  injection.ca.emplace().config_map = "proxy-ca";
  injection.ca->variables = {"SSL_CERT_FILE"};
  return injection;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const aks::PodInjection kInjection = everything();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const aks::AdmissionAnswer answer = aks::review_admission(text, kInjection);
  const json body = json::parse(answer.body);
  require((answer.status == 200) == (answer.outcome != aks::AdmissionOutcome::kRefused));
  if (answer.outcome != aks::AdmissionOutcome::kPatched) return 0;

  json review = json::parse(text);
  require(body["response"]["uid"] == review["request"]["uid"]);
  const json& request = review["request"];
  const auto change = request.contains("subResource") && request["subResource"] != ""
                          ? aks::PodChange::kEphemeralContainers
                          : aks::PodChange::kCreation;
  const json before = request.value("oldObject", json());
  const auto patch = aks::pod_patch(request["object"], before, change, kInjection);
  require(patch.has_value());
  const json patched = request["object"].patch(*patch);
  const auto again = aks::pod_patch(patched, before, change, kInjection);
  require(again.has_value() && again->empty());
  return 0;
}
