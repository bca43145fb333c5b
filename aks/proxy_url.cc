#include "aks/proxy_url.h"

#include <algorithm>

#include "base/ascii.h"

namespace aks {
namespace {

struct Reporter {
  const std::string& path;
  std::vector<Finding>& findings;
  bool failed = false;

  void error(const char* rule, std::string message) {
    findings.push_back({Severity::kError, rule, path, std::move(message)});
    failed = true;
  }
  void warning(const char* rule, std::string message) {
    findings.push_back({Severity::kWarning, rule, path, std::move(message)});
  }
  // Gives the findings from `first` on the value that mends most of them.
  void suggest(size_t first, const std::string& fix) {
    for (size_t i = first; i < findings.size(); ++i) findings[i].fix = json_string(fix);
  }
};

// Removes and judges "scheme://".
ProxyScheme take_scheme(std::string_view& text, ProxyUrlUse use, Reporter& report) {
  const size_t end = text.find("://");
  if (end == std::string_view::npos) {
    if (use == ProxyUrlUse::kVariable) {
      report.warning("proxy-scheme-missing",
                     "the proxy has no scheme; most clients assume http://, Ruby and Node's fetch "
                     "fail: write http:// in front of it");
    } else {
      report.error("proxy-scheme-missing",
                   "the proxy has no scheme; AKS needs one: write http:// in front of it");
    }
    return ProxyScheme::kHttp;
  }
  const std::string scheme = base::lower(text.substr(0, end));
  text.remove_prefix(end + 3);
  if (scheme == "http") return ProxyScheme::kHttp;
  if (scheme != "https") {
    // Anything but a word may be part of a password.
    const bool word = std::all_of(scheme.begin(), scheme.end(),
                                  [](char c) { return base::is_alpha(c) || base::is_digit(c); });
    report.error("proxy-scheme", "the scheme is " + (word ? cite(scheme) : "no word") +
                                     "; a proxy is reached over http or https only");
  } else if (use == ProxyUrlUse::kHttpProxy) {
    report.error("proxy-scheme",
                 "the scheme of httpProxy is https; AKS accepts http alone here (the service "
                 "answers HTTPProxyWrongUrlError): use http://, or set httpsProxy");
  }
  return scheme == "https" ? ProxyScheme::kHttps : ProxyScheme::kHttp;
}

// Removes and judges what precedes the host and what follows the port. Everything up to the last
// '@' goes, a '/' in it included, so that no part of a password reaches a message.
void strip_extras(std::string_view& text, Reporter& report) {
  const size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    report.error("proxy-credentials",
                 "the proxy has a user or password; AKS does not support credentials here: admit "
                 "nodes by address at the proxy instead");
    text.remove_prefix(at + 1);
  }
  const size_t end = text.find_first_of("/?#");
  if (end != std::string_view::npos && text.substr(end) != "/") {
    // The service is not known to refuse one, and clients cut it off.
    report.warning("proxy-path",
                   "the proxy has a path, query or fragment, which no client uses: remove it");
  }
  text = text.substr(0, end);
}

bool names_itself(const http::Authority& authority) {
  if (!authority.literal) return authority.host == "localhost";
  const base::IpAddress address = authority.literal->unmapped();
  if (address.is_v4()) return address.octets()[0] == 127 || address.octets()[0] == 0;
  return authority.host == "::1" || authority.host == "::";
}

bool has_hyphen_at_edge(std::string_view host) {
  return host.starts_with('-') || host.ends_with('-') || host.find("-.") != host.npos ||
         host.find(".-") != host.npos;
}

// What is odd about a proxy that every node and pod of a cluster is to find.
// `port` is nullopt when the URL has none.
void judge_for_cluster(const http::Authority& authority, std::optional<std::uint16_t> port,
                       Reporter& report) {
  const std::string& host = authority.host;
  if (names_itself(authority)) {
    report.warning("proxy-loopback",
                   "the proxy is on loopback, so every node and pod would look for it in itself: "
                   "write an address that the nodes reach");
  } else if (host.ends_with(".svc") || host.ends_with(".cluster.local")) {
    report.warning("proxy-in-cluster",
                   "the proxy's name is a service's of the cluster, which nodes can't resolve and "
                   "which is not there when the first node starts: write a name or address from "
                   "outside the cluster");
  } else if (!authority.literal && host.find('.') == std::string::npos) {
    report.warning("proxy-short-name",
                   "the proxy's name has one label, so each node and pod completes it by its own "
                   "search list: write the full name");
  } else if (has_hyphen_at_edge(host)) {
    report.warning("proxy-hyphen",
                   "a label of the proxy's name begins or ends with a hyphen, which host names do "
                   "not (RFC 1123, section 2.1, and RFC 952) and resolvers may refuse: check the "
                   "spelling");
  } else if (host.find('_') != std::string::npos) {
    report.warning(
        "proxy-underscore",
        "the proxy's name has a '_', which host names do not have (RFC 1123, section 2.1) and "
        "some clients refuse: give it another name");
  }
  if (port == 80 || port == 443) {
    report.warning("proxy-port-web",
                   "the proxy's port is " + std::to_string(*port) +
                       ", where web servers listen rather than proxies: check that it is meant "
                       "(3128 and 8080 are usual)");
  }
}

}  // namespace

std::string ProxyUrl::to_string() const {
  return (scheme == ProxyScheme::kHttp ? "http://" : "https://") + authority.to_string();
}

std::optional<ProxyUrl> parse_proxy_url(std::string_view text, ProxyUrlUse use,
                                        const std::string& path, std::vector<Finding>& findings) {
  Reporter report{path, findings};
  const std::string_view trimmed = base::trim_ows(text);
  const size_t first = findings.size();
  if (trimmed.size() != text.size()) {
    report.warning("proxy-blanks", "the proxy has blanks around it: remove them");
  }
  std::string_view rest = trimmed;
  ProxyUrl url;
  url.scheme = take_scheme(rest, use, report);
  strip_extras(rest, report);

  const std::uint16_t default_port = url.scheme == ProxyScheme::kHttp ? 80 : 443;
  auto authority = http::parse_uri_authority(rest, default_port);
  if (!authority) {
    report.error("proxy-host", "the proxy is not host:port: " + authority.error().detail);
    return std::nullopt;
  }
  url.authority = std::move(*authority);
  const bool has_port =
      rest.find_last_of(":]") != std::string_view::npos && rest[rest.find_last_of(":]")] == ':';
  if (!has_port) {
    report.warning("proxy-port",
                   "the proxy has no port; clients disagree on the default (80, 443, "
                   "1080 or 3128): write the port");
  } else if (use != ProxyUrlUse::kVariable) {
    ProxyUrl fixed = url;
    if (use == ProxyUrlUse::kHttpProxy) fixed.scheme = ProxyScheme::kHttp;
    // A slash at the end stays: for a time the service refused URLs without it.
    report.suggest(first, fixed.to_string() + (trimmed.ends_with('/') ? "/" : ""));
  }
  if (use != ProxyUrlUse::kVariable) {
    const auto port = has_port ? std::optional(url.authority.port) : std::nullopt;
    judge_for_cluster(url.authority, port, report);
  }
  if (report.failed) return std::nullopt;
  return url;
}

}  // namespace aks
