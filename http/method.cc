#include "http/method.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "http/octets.h"

namespace http {
namespace {

enum class Repeat : unsigned char { kMay, kMayNot };

struct Method {
  std::string_view name;
  Repeat repeat;
};

// The "Hypertext Transfer Protocol (HTTP) Method Registry", without the two names that it reserves.
constexpr std::array<Method, 39> kRegistered{{
    {"ACL", Repeat::kMay},
    {"BASELINE-CONTROL", Repeat::kMay},
    {"BIND", Repeat::kMay},
    {"CHECKIN", Repeat::kMay},
    {"CHECKOUT", Repeat::kMay},
    {"CONNECT", Repeat::kMayNot},
    {"COPY", Repeat::kMay},
    {"DELETE", Repeat::kMay},
    {"GET", Repeat::kMay},
    {"HEAD", Repeat::kMay},
    {"LABEL", Repeat::kMay},
    {"LINK", Repeat::kMay},
    {"LOCK", Repeat::kMayNot},
    {"MERGE", Repeat::kMay},
    {"MKACTIVITY", Repeat::kMay},
    {"MKCALENDAR", Repeat::kMay},
    {"MKCOL", Repeat::kMay},
    {"MKREDIRECTREF", Repeat::kMay},
    {"MKWORKSPACE", Repeat::kMay},
    {"MOVE", Repeat::kMay},
    {"OPTIONS", Repeat::kMay},
    {"ORDERPATCH", Repeat::kMay},
    {"PATCH", Repeat::kMayNot},
    {"POST", Repeat::kMayNot},
    {"PROPFIND", Repeat::kMay},
    {"PROPPATCH", Repeat::kMay},
    {"PUT", Repeat::kMay},
    {"QUERY", Repeat::kMay},
    {"REBIND", Repeat::kMay},
    {"REPORT", Repeat::kMay},
    {"SEARCH", Repeat::kMay},
    {"TRACE", Repeat::kMay},
    {"UNBIND", Repeat::kMay},
    {"UNCHECKOUT", Repeat::kMay},
    {"UNLINK", Repeat::kMay},
    {"UNLOCK", Repeat::kMay},
    {"UPDATE", Repeat::kMay},
    {"UPDATEREDIRECTREF", Repeat::kMay},
    {"VERSION-CONTROL", Repeat::kMay},
}};

const Method* find_registered(std::string_view method) {
  const auto* const found =
      std::find_if(kRegistered.begin(), kRegistered.end(),
                   [method](const Method& one) { return base::iequals(one.name, method); });
  return found != kRegistered.end() ? found : nullptr;
}

base::Failure refuse(std::string detail) {
  return base::fail(base::ErrorCode::kMethodUnsupported, base::Party::kClient, std::move(detail));
}

}  // namespace

base::Result<Lints> judge_method(std::string_view method) {
  if (!is_token(method) || method.size() > kMaxMethodBytes) {
    return refuse("the request's method is no token of 1 to " + std::to_string(kMaxMethodBytes) +
                  " octets (RFC 9110 §9.1); send one such as GET");
  }
  if (method == "PRI" || method == "*") {
    return refuse("the request's method is a reserved name (RFC 9110 §18.2); send one such as GET");
  }
  const Method* const registered = find_registered(method);
  if (registered == nullptr) return Lints(Lint::kMethodUnregistered);
  if (registered->name != method) {
    return refuse("the request's method is " + std::string(registered->name) +
                  " in other letters, and methods are case-sensitive (RFC 9110 §9.1); send " +
                  std::string(registered->name));
  }
  return Lints();
}

bool is_idempotent(std::string_view method) {
  const Method* const registered = find_registered(method);
  return registered != nullptr && registered->name == method && registered->repeat == Repeat::kMay;
}

}  // namespace http
