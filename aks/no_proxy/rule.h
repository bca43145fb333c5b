// Why a request goes the way it goes.
#pragma once

#include <string_view>

namespace aks::no_proxy {

enum class Rule {
  // No entry was asked.
  kNoVariable,        // no variable that the client reads names a proxy for the URL's scheme
  kCgi,               // the client protects itself against a CGI request's Proxy field
  kProxyUnusable,     // the proxy's value is an error to the client
  kProxyDisregarded,  // the proxy's value is skipped by the client without a word
  // The proxy is used.
  kNoEntry,  // no entry covers the host
  // The proxy is passed by.
  kLoopback,          // the client's own rule for the machine itself
  kAll,               // "*"
  kName,              // the entry is the host
  kBelow,             // the entry is a domain above the host
  kApex,              // the entry has a leading dot or "*." and covers the domain itself as well
  kSuffix,            // the host's text ends like the entry
  kGlob,              // the entry's text with * for anything
  kAddress,           // the entry is the address
  kAddressSuffix,     // the address's text ends like the entry
  kPrefix,            // the address is in the entry's prefix
  kRange,             // the address is in the entry's range
  kUrl,               // the entry is a URL of the scheme and host
  kResolvedLoopback,  // the host's name resolves to the machine itself
  kResolvedAddress,   // the host's name resolves to the entry
  kResolvedPrefix,    // the host's name resolves into the entry's prefix
  // The client fails.
  kBadEntry,  // an entry is an error to the client
};

// The rule's stable name, e.g. "apex".
std::string_view token_of(Rule rule);
// A clause that says what the rule does, e.g. "a leading dot covers the domain itself as well".
std::string_view describe(Rule rule);

}  // namespace aks::no_proxy
