#include "config/scalars_addresses.h"

#include <algorithm>

namespace config {
namespace {

constexpr std::uint16_t kDnsPort = 53;

bool is_port_text(std::string_view text) { return text == "0" || base::parse_port(text); }

// What is wrong with a text that is no endpoint to listen on.
std::string endpoint_complaint(std::string_view text) {
  const size_t colon = text.rfind(':');
  const std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (host.empty() && is_port_text(port)) {
    const std::string number(port);
    return "expected an address and a port: \"0.0.0.0:" + number +
           "\" for every IPv4 interface, \"[::]:" + number +
           "\" for every IPv6 interface, \"127.0.0.1:" + number + "\" for this machine alone";
  }
  // Before the bare address: "::1:3128" is one, but hardly meant as one.
  const auto unbracketed = base::IpAddress::parse(host);
  if (unbracketed && !unbracketed->is_v4() && is_port_text(port)) {
    return "an IPv6 address needs brackets; write \"[" + std::string(host) +
           "]:" + std::string(port) + "\"";
  }
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  const auto bare = base::IpAddress::parse(bracketed ? text.substr(1, text.size() - 2) : text);
  if (bare) return "the port is missing; write \"" + base::Endpoint{*bare, 3128}.to_string() + "\"";
  if (!host.empty() && !is_port_text(port)) {
    return "the port must be 1 to 65535, or 0 for any free one";
  }
  return "expected an address and a port such as \"127.0.0.1:3128\" or \"[::1]:3128\"; names are "
         "not looked up here";
}

Parsed<base::Endpoint> parse_endpoint(std::string_view text) {
  if (const auto endpoint = base::Endpoint::parse(text)) return *endpoint;
  return Complaint{endpoint_complaint(text)};
}

bool is_mapped(const base::Cidr& range) {
  return range.prefix_bits() >= 96 && !(range.address().unmapped() == range.address());
}

Parsed<base::Cidr> parse_cidr(std::string_view text) {
  const auto cleared = base::Cidr::parse(text, base::Cidr::HostBits::kClear);
  if (!cleared)
    return Complaint{"expected a prefix such as \"10.0.0.0/8\" or \"fd00::/8\", or an address"};
  if (is_mapped(*cleared)) {
    const base::Cidr plain(cleared->address().unmapped(), cleared->prefix_bits() - 96);
    return Complaint{"IPv4-mapped addresses are judged as IPv4; write \"" + plain.to_string() +
                     "\""};
  }
  if (const auto range = base::Cidr::parse(text)) return *range;
  return Complaint{"it has bits set behind the prefix; write \"" + cleared->to_string() +
                   "\", or \"" + std::string(text.substr(0, text.find('/'))) +
                   "\" for that address alone"};
}

Json string_schema(const char* pattern) { return Json{{"type", "string"}, {"pattern", pattern}}; }

constexpr const char* kEndpointPattern = "^([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$";

}  // namespace

Scalar<base::IpAddress> ip_address() {
  Scalar<base::IpAddress> type;
  type.parse = [](std::string_view text) -> Parsed<base::IpAddress> {
    if (const auto address = base::IpAddress::parse(text)) return *address;
    return Complaint{"expected an address such as \"10.0.0.4\" or \"fd00::4\""};
  };
  type.print = [](const base::IpAddress& address) -> Json { return address.to_string(); };
  type.schema = string_schema("^[0-9A-Fa-f:.]+$");
  return type;
}

Scalar<base::Cidr> cidr() {
  Scalar<base::Cidr> type;
  type.parse = parse_cidr;
  type.print = [](const base::Cidr& range) -> Json { return range.to_string(); };
  type.schema = string_schema("^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$");
  return type;
}

Scalar<Listener> listener() {
  Scalar<Listener> type;
  type.parse = [](std::string_view text) -> Parsed<Listener> {
    auto parsed = parse_endpoint(text);
    if (auto* complaint = std::get_if<Complaint>(&parsed)) return std::move(*complaint);
    return Listener{std::get<base::Endpoint>(parsed)};
  };
  type.print = [](const Listener& value) -> Json { return value.endpoint.to_string(); };
  type.schema = string_schema(kEndpointPattern);
  return type;
}

Scalar<std::optional<base::Endpoint>> endpoint_or_off() {
  using Value = std::optional<base::Endpoint>;
  Scalar<Value> type;
  type.parse = [](std::string_view text) -> Parsed<Value> {
    if (text == "off") return Value();
    auto parsed = parse_endpoint(text);
    if (auto* complaint = std::get_if<Complaint>(&parsed)) {
      return Complaint{complaint->text + ", or off"};
    }
    return Value(std::get<base::Endpoint>(parsed));
  };
  type.print = [](const Value& value) -> Json { return value ? value->to_string() : "off"; };
  type.schema =
      Json{{"anyOf", Json::array({Json{{"const", "off"}}, string_schema(kEndpointPattern)})}};
  return type;
}

Scalar<base::Endpoint> name_server() {
  Scalar<base::Endpoint> type;
  type.parse = [](std::string_view text) -> Parsed<base::Endpoint> {
    if (const auto address = base::IpAddress::parse(text))
      return base::Endpoint{*address, kDnsPort};
    const auto endpoint = base::Endpoint::parse(text);
    if (endpoint && endpoint->port != 0) return *endpoint;
    return Complaint{
        "expected the address of a name server, with a port from 1 to 65535 unless it is "
        "53, such as \"10.0.0.10\" or \"10.0.0.10:5353\""};
  };
  type.print = [](const base::Endpoint& value) -> Json { return value.to_string(); };
  type.schema = string_schema("^([0-9A-Fa-f:.]+|\\[[0-9A-Fa-f:.]+\\]:[0-9]{1,5})$");
  return type;
}

}  // namespace config
