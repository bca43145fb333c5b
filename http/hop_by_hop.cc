#include "http/hop_by_hop.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace http {
namespace {

constexpr size_t kMaxOptions = 64;

// Never copied, from whichever side. TE and Trailer go because trailers are dropped here
// (RFC 9110 §6.5.1); announcing them would be untrue.
constexpr std::array<std::string_view, 13> kBothWays = {"Connection",
                                                        "Keep-Alive",
                                                        "Proxy-Connection",
                                                        "Proxy-Authorization",
                                                        "Proxy-Authenticate",
                                                        "Proxy-Authentication-Info",
                                                        "TE",
                                                        "Trailer",
                                                        "Transfer-Encoding",
                                                        "Content-Length",
                                                        "Upgrade",
                                                        "HTTP2-Settings",
                                                        "Via"};

// Connection options that would take away what recipients rely on are ignored (RFC 9110 §7.6.1 asks
// senders not to name end-to-end fields). Framing, Host and Via are written by us in any case.
bool may_be_named(std::string_view option) {
  return !base::iequals(option, "Forwarded") &&
         !base::iequals(option.substr(0, std::min<size_t>(option.size(), 12)), "X-Forwarded-") &&
         !base::iequals(option, "Host");
}

bool contains(const auto& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [name](std::string_view one) { return base::iequals(one, name); });
}

}  // namespace

HopByHop::HopByHop(MessageKind kind, const Fields& fields) : kind_(kind) {
  for (size_t i = 0; i < fields.size() && options_.size() < kMaxOptions; ++i) {
    const Field field = fields.at(i);
    if (!base::iequals(field.name, "Connection")) continue;
    base::for_each_element(field.value, [this](std::string_view option) {
      if (options_.size() < kMaxOptions && !option.empty() && may_be_named(option)) {
        options_.push_back(option);
      }
    });
  }
}

bool HopByHop::removes(std::string_view name) const {
  if (contains(kBothWays, name) || contains(options_, name)) return true;
  // Requests: everything that is addressed to a proxy, credentials first of all. Responses keep
  // Proxy-Status (RFC 9209), which is end-to-end.
  return kind_ == MessageKind::kRequest &&
         (base::iequals(name, "Host") ||
          base::iequals(name.substr(0, std::min<size_t>(name.size(), 6)), "Proxy-"));
}

}  // namespace http
