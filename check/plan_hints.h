// What to do about a probe that did not go well: one sentence, written for whoever runs the
// cluster.
#pragma once

#include <string>

#include "check/plan.h"

namespace check {

// Where a probe can end. Each is something an operator handles differently.
enum class Trouble {
  kProxyName,          // the proxy's name does not resolve
  kProxyUnreachable,   // refused, unreachable or timed out
  kProxyTls,           // TLS to the proxy (https:// proxies)
  kProxyDenied,        // 403 to CONNECT or GET
  kProxyAuth,          // 407
  kProxyDns,           // the proxy says that the destination's name does not resolve
  kProxyGateway,       // any other 502, 503 or 504 of the proxy
  kProxyProtocol,      // an answer that is no HTTP, or an unexpected status to CONNECT
  kTlsHandshake,       // no TLS came about with the destination
  kTlsUntrusted,       // a chain that ends in an unknown authority
  kTlsName,            // a certificate for another name
  kTlsExpired,         // not valid now
  kIntercepted,        // somebody inspects what must not be inspected
  kNotInspected,       // the proxy was to inspect, and did not
  kOriginTls,          // the proxy inspects and does not accept the origin's certificate
  kHttp,               // no or a broken HTTP answer
  kDirectName,         // a direct destination's name does not resolve
  kDirectUnreachable,  // a direct destination refused or timed out
  kProxySawIt,         // a direct destination's traffic reached the proxy
};

// The next step, e.g. "Allow eastus.data.mcr.microsoft.com on port 443 at the proxy …". Names the
// host, the port and, where it fits, the configuration key.
std::string hint_for(const Probe& probe, Trouble trouble);

}  // namespace check
