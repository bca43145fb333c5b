#include "http/target.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "http/host.h"

namespace http {
namespace {

using base::ErrorCode;
using base::Party;

base::Failure refuse(ErrorCode code, std::string detail) {
  return base::fail(code, Party::kClient, std::move(detail));
}
base::Failure bad_request(std::string detail) {
  return refuse(ErrorCode::kBadRequest, std::move(detail));
}

struct HostAndPort {
  std::string_view host;
  std::optional<std::string_view> port;  // behind the colon, if there is one
};

// Splits at the first colon that is not inside brackets; what is odd about either part is for their
// parsers to find.
HostAndPort split_authority(std::string_view text) {
  size_t from = 0;
  if (text.starts_with('[')) from = std::min(text.find(']'), text.size());
  const size_t colon = text.find(':', from);
  if (colon == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

base::Result<Authority> make_authority(std::string_view host, std::uint16_t port) {
  auto parsed = parse_host(host);
  if (!parsed) return base::fail(std::move(parsed).error());
  return Authority{std::move(parsed->text), parsed->literal, port};
}

base::Result<std::uint16_t> port_of(std::string_view text) {
  const auto port = base::parse_port(text);
  if (!port) {
    return bad_request(
        "the port is no decimal number from 1 to 65535 without leading zeros; write "
        "it as in example.com:443");
  }
  return *port;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && base::is_alpha(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// The origin-form to send on (RFC 9112 §3.2.1); "*" for OPTIONS without path and query (§3.2.4).
std::string origin_form(std::string_view method, std::string_view path_and_query) {
  if (path_and_query.empty()) return method == "OPTIONS" ? "*" : "/";
  if (path_and_query.starts_with('?')) return "/" + std::string(path_and_query);
  return std::string(path_and_query);
}

base::Result<Target> parse_absolute(std::string_view method, std::string_view text, Scheme scheme) {
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) {
    return bad_request(
        "the request-target is no absolute URI (RFC 9112 §3.2.2); send "
        "http://host/path, or use CONNECT");
  }
  const std::string_view wanted = scheme == Scheme::kHttp ? "http" : "https";
  if (!base::iequals(text.substr(0, colon), wanted)) {
    if (scheme == Scheme::kHttps) {
      return bad_request("the request-target's scheme is not https, but the connection's is");
    }
    return refuse(ErrorCode::kSchemeUnsupported,
                  "the request-target's scheme is not http, the only one that is forwarded; use "
                  "CONNECT for everything else, https included");
  }
  if (text.find('#') != std::string_view::npos) {
    return bad_request(
        "the request-target has a fragment (RFC 9112 §3.2.2); send the URI without "
        "'#' and what follows");
  }
  const std::string_view rest = text.substr(colon + 3);
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  if (rest.substr(0, end).find('@') != std::string_view::npos) {
    return bad_request(
        "the request-target has userinfo (RFC 9110 §4.2.4); send credentials in "
        "Authorization");
  }
  auto authority = parse_uri_authority(rest.substr(0, end), default_port(scheme));
  if (!authority) return base::fail(std::move(authority).error());
  return Target{TargetForm::kAbsolute, *std::move(authority), origin_form(method, rest.substr(end)),
                scheme};
}

// The authority that Host names; one without host when it is empty, nothing when HTTP/1.0 leaves it
// out.
base::Result<std::optional<Authority>> host_of(const RequestHead& head, Scheme scheme) {
  const size_t hosts = head.fields.count("Host");
  if (hosts > 1) {
    return bad_request("the request has several Host fields (RFC 9112 §3.2); send one");
  }
  if (hosts == 0) {
    if (head.minor_version == 0) return std::optional<Authority>();
    return bad_request("the HTTP/1.1 request has no Host field (RFC 9112 §3.2); send one");
  }
  const std::string_view value = *head.fields.find("Host");
  if (value.empty()) return std::optional(Authority{});
  auto named = parse_uri_authority(value, default_port(scheme));
  if (!named) return bad_request("the Host field is invalid: " + named.error().detail);
  return std::optional(*std::move(named));
}

base::Failure misdirected(const char* what) {
  return refuse(ErrorCode::kMisdirected,
                std::string(what) +
                    " names another authority than the TLS connection is for (RFC 9110 §7.4); open "
                    "a connection for each");
}

}  // namespace

std::string Authority::to_string() const {
  const bool bracketed = literal && !literal->is_v4();
  return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

base::Result<Authority> parse_authority(std::string_view text) {
  const HostAndPort parts = split_authority(text);
  if (!parts.port) {
    return bad_request(
        "the authority has no port (RFC 9110 §9.3.6); write it as in "
        "example.com:443");
  }
  auto port = port_of(*parts.port);
  if (!port) return base::fail(std::move(port).error());
  return make_authority(parts.host, *port);
}

base::Result<Authority> parse_uri_authority(std::string_view text, std::uint16_t default_port) {
  const HostAndPort parts = split_authority(text);
  // "host:" is legal and means the default port (RFC 3986 §3.2.3, §6.2.3).
  if (!parts.port || parts.port->empty()) return make_authority(parts.host, default_port);
  auto port = port_of(*parts.port);
  if (!port) return base::fail(std::move(port).error());
  return make_authority(parts.host, *port);
}

base::Result<Target> parse_target(const RequestHead& head) {
  const std::string_view text = head.target;
  if (head.method == "CONNECT") {
    auto authority = parse_authority(text);
    if (!authority) return base::fail(std::move(authority).error());
    return Target{TargetForm::kAuthority, *std::move(authority), {}, {}};
  }
  if (text == "*") {
    if (head.method == "OPTIONS") return Target{TargetForm::kAsterisk, {}, {}, {}};
    return bad_request(
        "the request-target \"*\" belongs to OPTIONS alone (RFC 9112 §3.2.4); send "
        "http://host/path");
  }
  if (text.starts_with('/')) {
    return refuse(ErrorCode::kOriginFormRefused,
                  "the request-target is a path, as for an origin server, but this is a proxy "
                  "(RFC 9112 §3.2.2); configure the client to use it as HTTP proxy, or send "
                  "http://host/path");
  }
  return parse_absolute(head.method, text, Scheme::kHttp);
}

base::Result<Target> parse_inner_target(const RequestHead& head, const Authority& origin) {
  if (head.method == "CONNECT") {
    return refuse(ErrorCode::kMethodRefused,
                  "CONNECT inside an inspected connection is not served; send it to the proxy");
  }
  Target target{TargetForm::kAbsolute, origin, head.target, Scheme::kHttps};
  if (head.target == "*") {
    if (head.method != "OPTIONS") {
      return bad_request("the request-target \"*\" belongs to OPTIONS alone (RFC 9112 §3.2.4)");
    }
  } else if (!head.target.starts_with('/')) {
    auto parsed = parse_absolute(head.method, head.target, Scheme::kHttps);
    if (!parsed) return base::fail(std::move(parsed).error());
    if (parsed->authority != origin) return misdirected("the request-target");
    target = *std::move(parsed);
  } else if (head.target.find('#') != std::string::npos) {
    return bad_request("the request-target has a fragment (RFC 9112 §3.2.1)");
  }
  return target;
}

std::string to_uri(const Target& target) {
  return (target.scheme == Scheme::kHttp ? "http://" : "https://") + target.authority.to_string() +
         target.path_and_query.substr(0, target.path_and_query.find('?'));
}

base::Result<Lints> check_host(const RequestHead& head, const Target& target) {
  const auto named = host_of(head, Scheme::kHttp);
  if (!named) return base::fail(named.error());
  const bool other = target.form == TargetForm::kAbsolute && *named && **named != target.authority;
  return other ? Lints(Lint::kHostReplaced) : Lints();
}

base::Result<Lints> check_inner_host(const RequestHead& head, const Authority& origin) {
  const auto named = host_of(head, Scheme::kHttps);
  if (!named) return base::fail(named.error());
  if (!*named || **named == origin) return Lints();
  const bool absolute = !head.target.starts_with('/') && head.target != "*";
  if (absolute) return Lints(Lint::kHostReplaced);
  if ((*named)->host.empty()) {
    return bad_request("the Host field is empty (RFC 9112 §3.2); name the origin in it");
  }
  return misdirected("the Host field");
}

}  // namespace http
