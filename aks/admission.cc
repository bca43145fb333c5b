#include "aks/admission.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "aks/finding.h"
#include "aks/trusted_ca.h"

namespace aks {
namespace {

using nlohmann::json;

constexpr const char* kApi = "admission.k8s.io/v1";
constexpr size_t kMaxUid = 256;  // the API server sends UUIDs of 36 characters

struct Extent {
  size_t depth = 0;
  size_t values = 1;
};

// How deep brackets nest and how many values there are at most, found without building any. Text
// that is no JSON may get any answer.
Extent extent_of(std::string_view text) {
  Extent extent;
  size_t depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '{':
      case '[':
        extent.depth = std::max(extent.depth, ++depth);
        ++extent.values;
        break;
      case '}':
      case ']':
        if (depth > 0) --depth;
        break;
      case ',': ++extent.values; break;
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      default: break;
    }
  }
  return extent;
}

AdmissionAnswer refuse(int status, const std::string& message) {
  return {AdmissionOutcome::kRefused, status, status_body(status, message)};
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

const json& member_of(const json& object, const char* key) {
  static const json kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

bool is_pod(const json& request) {
  const json& kind = member_of(request, "kind");
  return kind.is_object() && text_of(kind, "group").empty() && text_of(kind, "version") == "v1" &&
         text_of(kind, "kind") == "Pod";
}

AdmissionAnswer allow(AdmissionOutcome outcome, const json& request, const json& patch) {
  json response = {{"uid", request["uid"]}, {"allowed", true}};
  if (!patch.empty()) {
    response["patchType"] = "JSONPatch";
    response["patch"] = encode_base64(patch.dump());
  }
  const json answer = {
      {"apiVersion", kApi}, {"kind", "AdmissionReview"}, {"response", std::move(response)}};
  return {outcome, 200, answer.dump()};
}

// What the request changes of a pod that may still be changed.
std::optional<PodChange> change_of(const json& request) {
  const std::string operation = text_of(request, "operation");
  const std::string part = text_of(request, "subResource");
  if (operation == "CREATE" && part.empty()) return PodChange::kCreation;
  if (operation == "UPDATE" && part == "ephemeralcontainers") {
    return PodChange::kEphemeralContainers;
  }
  return std::nullopt;
}

AdmissionAnswer review_request(const json& request, const PodInjection& injection) {
  if (!is_pod(request)) return allow(AdmissionOutcome::kOther, request, {});
  const auto change = change_of(request);
  if (!change) return allow(AdmissionOutcome::kUnchanged, request, {});
  const json& pod = member_of(request, "object");
  if (!pod.is_object()) return refuse(400, "request.object is no object; expected the pod");
  const bool opted_out = opts_out(pod);
  // Opting out is about the proxy; the name of the API server is another matter.
  const bool named = !injection.service_host.empty() && wants_service_host(pod);
  if (opted_out && !named) return allow(AdmissionOutcome::kOptedOut, request, {});
  PodInjection reduced;
  reduced.service_host = injection.service_host;
  const auto patch =
      pod_patch(pod, member_of(request, "oldObject"), *change, opted_out ? reduced : injection);
  if (!patch) return refuse(400, "request.object: " + patch.error().detail);
  auto outcome = patch->empty() ? AdmissionOutcome::kUnchanged : AdmissionOutcome::kPatched;
  if (patch->empty() && opted_out) outcome = AdmissionOutcome::kOptedOut;
  return allow(outcome, request, *patch);
}

}  // namespace

AdmissionAnswer review_admission(std::string_view review, const PodInjection& injection) {
  if (review.size() > kMaxReviewBytes) return refuse(413, "the review is larger than 7 MiB");
  const Extent extent = extent_of(review);
  if (extent.depth > kMaxReviewDepth) {
    return refuse(400, "the review nests objects and arrays more than " +
                           std::to_string(kMaxReviewDepth) + " deep");
  }
  if (extent.values > kMaxReviewValues) {
    return refuse(400, "the review has more than " + std::to_string(kMaxReviewValues) + " values");
  }
  const json document = json::parse(review, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    return refuse(400, "the body is no JSON object; expected an AdmissionReview");
  }
  const std::string version = text_of(document, "apiVersion");
  if (version != kApi || text_of(document, "kind") != "AdmissionReview") {
    return refuse(400, "the body is apiVersion " + cite(version) + ", kind " +
                           cite(text_of(document, "kind")) + "; expected " + kApi +
                           ", AdmissionReview: set admissionReviewVersions: [v1]");
  }
  const json& request = member_of(document, "request");
  if (!request.is_object()) return refuse(400, "the review has no request");
  const std::string uid = text_of(request, "uid");
  if (uid.empty() || uid.size() > kMaxUid) {
    return refuse(400, "request.uid is no text of 1 to 256 octets; the answer has to repeat it");
  }
  return review_request(request, injection);
}

std::string status_body(int code, const std::string& message) {
  return json({{"kind", "Status"},
               {"apiVersion", "v1"},
               {"status", "Failure"},
               {"message", message},
               {"code", code}})
      .dump();
}

std::string_view token_of(AdmissionOutcome outcome) {
  switch (outcome) {
    case AdmissionOutcome::kPatched: return "patched";
    case AdmissionOutcome::kUnchanged: return "unchanged";
    case AdmissionOutcome::kOptedOut: return "opted-out";
    case AdmissionOutcome::kOther: return "other";
    case AdmissionOutcome::kRefused: return "refused";
  }
  return "refused";
}

}  // namespace aks
