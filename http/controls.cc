#include "http/controls.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "base/ascii.h"
#include "http/octets.h"

namespace http {

bool via_names(const Fields& fields, std::string_view pseudonym) {
  bool named = false;
  for (size_t i = 0; i < fields.size(); ++i) {
    const Field field = fields.at(i);
    if (!base::iequals(field.name, "Via")) continue;
    // received-protocol RWS received-by [ RWS comment ]
    base::for_each_element(field.value, [&](std::string_view hop) {
      const size_t space = std::min(hop.find_first_of(" \t"), hop.size());
      const std::string_view rest = base::trim_ows(hop.substr(space));
      named = named || base::iequals(rest.substr(0, rest.find_first_of(" \t")), pseudonym);
    });
  }
  return named;
}

// protocol = token ["/" token]
bool is_other_protocol(std::string_view protocol) {
  const size_t slash = std::min(protocol.find('/'), protocol.size());
  const std::string_view name = protocol.substr(0, slash);
  if (!is_token(name)) return false;
  if (slash < protocol.size() && !is_token(protocol.substr(slash + 1))) return false;
  return !base::iequals(name, "HTTP") && !base::iequals(name, "TLS") &&
         !base::iequals(name, "h2") && !base::iequals(name, "h2c");
}

namespace {

bool allows(const Upgrades& allowed, std::string_view protocol) {
  const std::string_view name = protocol.substr(0, protocol.find('/'));
  return allowed.any ||
         std::any_of(allowed.named.begin(), allowed.named.end(), [&](const std::string& named) {
           return base::iequals(named, protocol) || base::iequals(named, name);
         });
}

}  // namespace

AskedUpgrade asked_upgrade(const RequestHead& head, const BodyLength& body, Upgrades allowed) {
  AskedUpgrade asked;
  if (head.protocol != Protocol::kHttp1 || head.minor_version < 1 || has_content(body) ||
      !head.fields.has_token("Connection", "Upgrade")) {
    return asked;
  }
  const bool websocket = head.method == "GET" && head.fields.count("Sec-WebSocket-Key") == 1;
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (!base::iequals(field.name, "Upgrade")) continue;
    base::for_each_element(field.value, [&](std::string_view protocol) {
      const bool other = !base::iequals(protocol, "websocket") && is_other_protocol(protocol);
      const bool may =
          other ? allows(allowed, protocol) : websocket && base::iequals(protocol, "websocket");
      if (asked.protocol.empty() && may) asked.protocol = protocol;
      asked.withheld |= other && !may;
    });
  }
  asked.withheld &= asked.protocol.empty();
  return asked;
}

base::Result<std::optional<std::int64_t>> max_forwards(const RequestHead& head) {
  const auto text = head.fields.find("Max-Forwards");
  if (!text) return std::optional<std::int64_t>();
  const bool digits = !text->empty() && std::all_of(text->begin(), text->end(), base::is_digit);
  if (!digits || head.fields.count("Max-Forwards") != 1) {
    return base::fail(
        base::ErrorCode::kBadRequest, base::Party::kClient,
        "Max-Forwards is not one decimal number (RFC 9110 §7.6.2); send one, or none");
  }
  // A number too large to hold is as good as infinity.
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;
  for (const char digit : *text) {
    const int add = digit - '0';
    value = value > (kMost - add) / 10 ? kMost : value * 10 + add;
  }
  return std::optional(value);
}

base::Result<Expectation> expectation(const RequestHead& head, const BodyLength& body) {
  if (head.minor_version == 0 || !has_content(body)) return Expectation::kNothing;
  Expectation found = Expectation::kNothing;
  for (size_t i = 0; i < head.fields.size(); ++i) {
    const Field field = head.fields.at(i);
    if (!base::iequals(field.name, "Expect")) continue;
    if (!base::iequals(field.value, "100-continue")) {
      return base::fail(base::ErrorCode::kExpectationFailed, base::Party::kClient,
                        "Expect asks for something else than 100-continue (RFC 9110 §10.1.1); send "
                        "Expect: 100-continue, or none");
    }
    found = Expectation::kContinue;
  }
  return found;
}

}  // namespace http
