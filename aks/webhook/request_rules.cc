#include "aks/webhook/request_rules.h"

#include <algorithm>

#include "aks/admission.h"
#include "base/ascii.h"

namespace aks::webhook {
namespace {

constexpr const char* kLength = "Content-Length";
constexpr const char* kCoding = "Transfer-Encoding";
constexpr size_t kMaxDigits = 18;  // fits 64 bits

std::optional<Refusal> judge_framing(const httplib::Request& request) {
  const size_t lengths = request.get_header_value_count(kLength);
  const size_t codings = request.get_header_value_count(kCoding);
  if (lengths + codings > 1) return Refusal{400, "the request states its length twice"};
  if (codings == 1) {
    if (base::iequals(request.get_header_value(kCoding), "chunked")) return std::nullopt;
    return Refusal{501, "of transfer codings only chunked is understood"};
  }
  if (lengths == 0) return Refusal{411, "the review's length is missing: send Content-Length"};
  const std::string text = request.get_header_value(kLength);
  const bool number = !text.empty() && text.size() <= kMaxDigits &&
                      std::all_of(text.begin(), text.end(), base::is_digit);
  if (!number) return Refusal{400, "Content-Length is no number"};
  if (std::stoull(text) > kMaxReviewBytes) return Refusal{413, "the review is larger than 7 MiB"};
  return std::nullopt;
}

std::optional<Refusal> judge_review(const httplib::Request& request) {
  if (request.method != "POST") return Refusal{405, "send reviews with POST"};
  if (auto refusal = judge_framing(request)) return refusal;
  const std::string coding = request.get_header_value("Content-Encoding");
  if (!coding.empty() && !base::iequals(coding, "identity")) {
    return Refusal{415, "compressed reviews are not taken"};
  }
  const std::string type = request.get_header_value("Content-Type");
  if (!base::iequals(base::trim_ows(std::string_view(type).substr(0, type.find(';'))),
                     "application/json")) {
    return Refusal{415, "the Content-Type has to be application/json"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> judge(const httplib::Request& request) {
  if (request.path == kMutatePath) return judge_review(request);
  if (request.method != "GET" && request.method != "HEAD") {
    return Refusal{404, "reviews go to /mutate; /healthz, /readyz and /metrics answer GET"};
  }
  const std::string length = request.get_header_value(kLength);
  if (request.has_header(kCoding) || (!length.empty() && length != "0")) {
    return Refusal{400, "a body has no meaning here"};
  }
  return std::nullopt;
}

}  // namespace aks::webhook
