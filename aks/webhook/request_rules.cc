#include "aks/webhook/request_rules.h"

#include <algorithm>

#include "aks/admission.h"
#include "base/ascii.h"

namespace aks::webhook {
namespace {

constexpr const char* kLength = "Content-Length";
constexpr const char* kCoding = "Transfer-Encoding";
constexpr size_t kMaxDigits = 18;  // fits 64 bits

std::optional<Refusal> judge_framing(const http::RequestHead& head) {
  const size_t lengths = head.fields.count(kLength);
  const size_t codings = head.fields.count(kCoding);
  if (lengths + codings > 1) return Refusal{400, "the request states its length twice"};
  if (codings == 1) {
    if (base::iequals(*head.fields.find(kCoding), "chunked")) return std::nullopt;
    return Refusal{501, "of transfer codings only chunked is understood"};
  }
  if (lengths == 0) return Refusal{411, "the review's length is missing: send Content-Length"};
  const std::string text(*head.fields.find(kLength));
  const bool number = !text.empty() && text.size() <= kMaxDigits &&
                      std::all_of(text.begin(), text.end(), base::is_digit);
  if (!number) return Refusal{400, "Content-Length is no number"};
  if (std::stoull(text) > kMaxReviewBytes) return Refusal{413, "the review is larger than 7 MiB"};
  return std::nullopt;
}

std::optional<Refusal> judge_review(const http::RequestHead& head) {
  if (head.method != "POST") return Refusal{405, "send reviews with POST"};
  if (auto refusal = judge_framing(head)) return refusal;
  const std::string_view coding = head.fields.find("Content-Encoding").value_or("");
  if (!coding.empty() && !base::iequals(coding, "identity")) {
    return Refusal{415, "compressed reviews are not taken"};
  }
  const std::string_view type = head.fields.find("Content-Type").value_or("");
  if (!base::iequals(base::trim_ows(type.substr(0, type.find(';'))), "application/json")) {
    return Refusal{415, "the Content-Type has to be application/json"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> judge(const http::RequestHead& head, std::string_view path) {
  if (path == kMutatePath) return judge_review(head);
  if (head.method != "GET" && head.method != "HEAD") {
    return Refusal{404, "reviews go to /mutate; /livez, /healthz, /readyz and /metrics answer GET"};
  }
  const std::string_view length = head.fields.find(kLength).value_or("");
  if (head.fields.count(kCoding) > 0 || (!length.empty() && length != "0")) {
    return Refusal{400, "a body has no meaning here"};
  }
  return std::nullopt;
}

}  // namespace aks::webhook
