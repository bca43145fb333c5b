#include "aks/no_proxy/rule.h"

namespace aks::no_proxy {

std::string_view token_of(Rule rule) {
  switch (rule) {
    case Rule::kNoVariable: return "no-variable";
    case Rule::kCgi: return "cgi";
    case Rule::kProxyUnusable: return "proxy-unusable";
    case Rule::kProxyDisregarded: return "proxy-disregarded";
    case Rule::kNoEntry: return "no-entry";
    case Rule::kLoopback: return "loopback";
    case Rule::kAll: return "all";
    case Rule::kName: return "name";
    case Rule::kBelow: return "below";
    case Rule::kApex: return "apex";
    case Rule::kSuffix: return "suffix";
    case Rule::kGlob: return "glob";
    case Rule::kAddress: return "address";
    case Rule::kAddressSuffix: return "address-suffix";
    case Rule::kPrefix: return "prefix";
    case Rule::kRange: return "range";
    case Rule::kUrl: return "url";
    case Rule::kResolvedLoopback: return "resolved-loopback";
    case Rule::kResolvedAddress: return "resolved-address";
    case Rule::kResolvedPrefix: return "resolved-prefix";
    case Rule::kBadEntry: return "bad-entry";
  }
  return "";
}

std::string_view describe(Rule rule) {
  switch (rule) {
    case Rule::kNoVariable: return "no variable that it reads names a proxy";
    case Rule::kCgi: return "it distrusts the variable in a CGI program";
    case Rule::kProxyUnusable: return "it refuses the proxy's value";
    case Rule::kProxyDisregarded: return "it skips a proxy of this scheme without a word";
    case Rule::kNoEntry: return "no entry covers the host";
    case Rule::kLoopback: return "it never sends loopback to a proxy";
    case Rule::kAll: return "* covers everything";
    case Rule::kName: return "the entry is the host";
    case Rule::kBelow: return "the entry is a domain above the host";
    case Rule::kApex: return "the entry covers the domain itself as well";
    case Rule::kSuffix: return "the host ends in the entry's text";
    case Rule::kGlob: return "* in the entry stands for any text";
    case Rule::kAddress: return "the entry is the address";
    case Rule::kAddressSuffix: return "the address's text ends in the entry's text";
    case Rule::kPrefix: return "the address is in the entry's prefix";
    case Rule::kRange: return "the address is in the entry's range";
    case Rule::kUrl: return "the entry is a URL for the scheme and host";
    case Rule::kResolvedLoopback: return "the name resolves to loopback";
    case Rule::kResolvedAddress: return "the name resolves to the entry's address";
    case Rule::kResolvedPrefix: return "the name resolves into the entry's prefix";
    case Rule::kBadEntry: return "it raises an error at the entry";
  }
  return "";
}

}  // namespace aks::no_proxy
