#include "aks/rules.h"

#include <algorithm>
#include <array>

namespace aks {
namespace {

constexpr std::string_view kUrl = "HTTPProxyWrongUrlError";
constexpr std::string_view kInput = "HTTPProxyConfigInputError";
constexpr std::string_view kPem = "HTTPProxyTrustedCAPEMDecodeFailure";
constexpr std::string_view kCli = "InvalidArgumentValueError";

constexpr auto kRules = std::to_array<Rule>({
    {"certificate-chain", "An intermediate authority needs its root beside it.", ""},
    {"certificate-duplicate", "A certificate stands once.", ""},
    {"certificate-expired", "Certificates are valid today.", ""},
    {"certificate-expires-soon", "Certificates stay valid for another month.", ""},
    {"certificate-no-authority", "trustedCa holds authorities, not servers' certificates.", ""},
    {"certificate-not-yet-valid", "Certificates are valid today.", ""},
    {"certificate-order", "The root stands first in a bundle.", ""},
    {"certificate-san", "Certificates name hosts in subjectAltName.", ""},
    {"certificate-strict", "Authorities have what strict clients look for.", ""},
    {"certificate-syntax", "Each CERTIFICATE block is an X.509 certificate.", ""},
    {"certificate-weak-key", "Keys have at least 112 bits of security (RSA 2048).", ""},
    {"certificate-weak-signature", "Signatures use neither SHA-1 nor MD5.", ""},
    {"config-absent", "A template has a cluster with httpProxyConfig.", ""},
    {"config-bom", "The document has no byte order mark.", ""},
    {"config-disabled", "The configuration is enabled.", ""},
    {"config-enabled-text", "enabled is a boolean.", ""},
    {"config-enabled-version", "The apiVersion knows enabled.", ""},
    {"config-encoding", "The document is UTF-8.", ""},
    {"config-findings", "A document has at most 1000 findings.", ""},
    {"config-foreign", "The document is one that can be read.", ""},
    {"config-json", "The document is JSON or YAML.", ""},
    {"config-key-case", "Fields are spelled as the service has them.", ""},
    {"config-no-proxy-url", "httpProxy or httpsProxy is set.", kInput},
    {"config-none", "The cluster has a proxy.", ""},
    {"config-object", "The configuration is an object.", kCli},
    {"config-read-only", "effectiveNoProxy is not sent.", ""},
    {"config-size", "The document has at most 8 MiB.", ""},
    {"config-type", "Each field has its type.", ""},
    {"config-unknown-key", "AKS knows each key.", ""},
    {"config-wrapped", "The file for the az CLI is not wrapped in another object.", kInput},
    {"config-yaml", "The file for the az CLI is JSON.", ""},
    {"json-comment", "JSON has no comments.", ""},
    {"json-control", "JSON strings have no line breaks.", ""},
    {"json-duplicate-key", "A key stands once in its object.", ""},
    {"json-trailing-comma", "JSON has no comma before a closing bracket.", ""},
    {"network-isolated", "A network-isolated cluster needs its own registry past the proxy.", ""},
    {"no-proxy-added-anyway", "AKS adds the entry by itself.", ""},
    {"no-proxy-all", "noProxy does not bypass everything.", ""},
    {"no-proxy-blanks", "Entries have no blanks around them.", ""},
    {"no-proxy-brackets", "IPv6 addresses have no brackets.", ""},
    {"no-proxy-case", "Host names are in small letters.", ""},
    {"no-proxy-duplicate", "An entry stands once.", ""},
    {"no-proxy-empty", "Entries are not empty.", ""},
    {"no-proxy-host-bits", "Prefixes have no bits behind their length.", ""},
    {"no-proxy-ipv6-spelling", "IPv6 is written as in RFC 5952.", ""},
    {"no-proxy-length", "Host names keep to 63 and 253 characters.", ""},
    {"no-proxy-port", "Entries name no port.", ""},
    {"no-proxy-prefix", "What has a slash is an address prefix.", ""},
    {"no-proxy-private-registry", "Both endpoints of a private registry bypass the proxy.", ""},
    {"no-proxy-required", "Required endpoints go through the proxy.", ""},
    {"no-proxy-separator", "One element holds one entry.", ""},
    {"no-proxy-services", "Names of services bypass the proxy.", ""},
    {"no-proxy-shadowed", "No entry covers another.", ""},
    {"no-proxy-size", "The variable is short enough for Linux to start a program.", ""},
    {"no-proxy-syntax", "Entries are names, domains, addresses or prefixes.", ""},
    {"no-proxy-trailing-dot", "Names have no dot at the end.", ""},
    {"no-proxy-underscore", "Host names have no underscore.", ""},
    {"no-proxy-unicode", "Names are in their ASCII form.", ""},
    {"no-proxy-url", "Entries are hosts, not URLs.", ""},
    {"no-proxy-wildcard", "No * is attached to a domain.", ""},
    {"proxy-blanks", "The proxy's URL has no blanks around it.", ""},
    {"proxy-credentials", "The proxy's URL has no user and password.", ""},
    {"proxy-host", "The proxy is a host and a port.", kUrl},
    {"proxy-https-default", "httpsProxy has httpProxy's value when it is absent.", ""},
    {"proxy-hyphen", "Labels of the proxy's name have no hyphen at an edge.", ""},
    {"proxy-in-cluster", "The proxy is outside the cluster.", ""},
    {"proxy-in-range", "The proxy's address is outside the ranges of pods and services.", ""},
    {"proxy-loopback", "The proxy is not on loopback.", ""},
    {"proxy-path", "The proxy's URL ends behind the port.", ""},
    {"proxy-port", "The proxy's URL names the port.", ""},
    {"proxy-port-web", "The port is a proxy's rather than a web server's.", ""},
    {"proxy-scheme", "httpProxy has http, httpsProxy http or https.", kUrl},
    {"proxy-scheme-missing", "The proxy's URL has a scheme.", kUrl},
    {"proxy-short-name", "The proxy's name is complete.", ""},
    {"proxy-trailing-slash", "A slash at the end of the proxy's URL changes nothing.", ""},
    {"proxy-underscore", "The proxy's name is a host name.", ""},
    {"template-default", "The template's own value is what was checked.", ""},
    {"template-expression", "The value is in the template.", ""},
    {"template-link", "The template is in the file.", ""},
    {"template-pools", "The node pools are in the template.", ""},
    {"trusted-ca-base64", "trustedCa is base64 in the standard alphabet.", kPem},
    {"trusted-ca-count", "trustedCa has at most 20 certificates.", ""},
    {"trusted-ca-empty", "trustedCa is absent or null rather than empty.", kPem},
    {"trusted-ca-key", "trustedCa holds no private key.", ""},
    {"trusted-ca-label", "trustedCa holds CERTIFICATE blocks alone.", ""},
    {"trusted-ca-lines", "trustedCa is one line.", ""},
    {"trusted-ca-pem", "trustedCa is PEM within base64.", kPem},
    {"trusted-ca-size", "The certificates of a new cluster take at most 35 KB.", ""},
    {"trusted-ca-spelling", "The field is called trustedCa.", ""},
    {"trusted-ca-twice", "trustedCa is encoded once.", kPem},
    {"unsupported-api-server-authority", "The API server has the cluster's authority.", ""},
    {"unsupported-availability-set", "Node pools are scale sets.", ""},
    {"unsupported-custom-ca-trust", "Custom CA trust is the cluster's.", ""},
    {"unsupported-flatcar", "Node pools run a system that AKS goes on with.", ""},
    {"unsupported-pool-proxy", "All node pools share the cluster's proxy.", ""},
    {"unsupported-windows", "The cluster has no Windows nodes.", ""},
});

}  // namespace

std::span<const Rule> all_rules() { return kRules; }

const Rule* find_rule(std::string_view id) {
  const auto found =
      std::lower_bound(kRules.begin(), kRules.end(), id,
                       [](const Rule& rule, std::string_view key) { return rule.id < key; });
  return found == kRules.end() || found->id != id ? nullptr : &*found;
}

}  // namespace aks
