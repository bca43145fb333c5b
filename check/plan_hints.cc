#include "check/plan_hints.h"

namespace check {
namespace {

std::string destination(const Probe& probe) {
  return probe.host + " on port " + std::to_string(probe.port);
}

std::string proxy_of(const Probe& probe) {
  return probe.proxy ? probe.proxy->to_string() : "the proxy";
}

std::string guessed_name(const Probe& probe) {
  const std::string pattern = probe.name.substr(0, probe.name.rfind(':'));
  return probe.host + " only stands for " + pattern +
         " and may not exist: repeat the check with a name of yours (--name " + pattern + "=HOST).";
}

std::string untrusted(const Probe& probe) {
  if (probe.trust == Trust::kClusterCa) {
    return "Name the cluster's CA with --cluster-ca; kubeconfig holds it as "
           "certificate-authority-data.";
  }
  if (probe.route == aks::Route::kProxy) {
    return "If the proxy inspects TLS, put its CA into trustedCa (base64 of the PEM); if it does "
           "not, find out who answers for " +
           probe.host + ".";
  }
  return "Find out who answers for " + probe.host + "; nothing should stand between.";
}

std::string intercepted(const Probe& probe) {
  return "Exempt " + probe.host +
         " from TLS inspection at the proxy: its clients accept the "
         "original certificate only.";
}

std::string through_proxy(const Probe& probe, Trouble trouble) {
  switch (trouble) {
    case Trouble::kProxyName:
      return "Check the name in " + proxy_of(probe) + " and that nodes can resolve it.";
    case Trouble::kProxyUnreachable:
      return "Check that " + proxy_of(probe) +
             " listens and that network rules let the nodes' subnet reach it.";
    case Trouble::kProxyTls:
      return "Check the proxy's own certificate: it must cover the name in " + proxy_of(probe) +
             " and chain to trustedCa or a system root; use http:// if the port speaks plain HTTP.";
    case Trouble::kProxyDenied:
      return "Allow " + destination(probe) + " at the proxy: " + probe.why + ".";
    case Trouble::kProxyAuth:
      return "Let the nodes' addresses use the proxy without credentials: AKS cannot send any.";
    case Trouble::kProxyDns:
      if (probe.example == aks::ExampleSource::kInvented) return guessed_name(probe);
      return "Check that the proxy's name servers resolve " + probe.host + ".";
    case Trouble::kProxyGateway:
      return "Check that the proxy itself may reach " + destination(probe) +
             "; its log names the cause.";
    default:
      return "Check that " + proxy_of(probe) + " is an HTTP proxy that allows CONNECT to port " +
             std::to_string(probe.port) + ".";
  }
}

}  // namespace

std::string hint_for(const Probe& probe, Trouble trouble) {
  switch (trouble) {
    case Trouble::kTlsHandshake:
      return "Check that nothing on the way drops or rewrites TLS to " + destination(probe) + ".";
    case Trouble::kTlsUntrusted: return untrusted(probe);
    case Trouble::kTlsName:
      return "Check name resolution and rewriting on the way: another host answers for " +
             probe.host + ".";
    case Trouble::kTlsExpired:
      return "Check this machine's clock, then renew the certificate that answers for " +
             probe.host + ".";
    case Trouble::kIntercepted: return intercepted(probe);
    case Trouble::kNotInspected:
      return "Have the proxy inspect " + probe.host +
             " (tls.connect, or its rule's connect), or give the check its log with --proxy-log, "
             "which says why it does not.";
    case Trouble::kOriginTls:
      return "Mend the certificate of " + probe.host +
             "; if an authority of yours signs it, name that in the proxy's tls.origin_roots.";
    case Trouble::kHttp:
      return "Repeat with curl -v to see what " + destination(probe) + " answers.";
    case Trouble::kDirectName:
      return "Check that this machine resolves " + probe.host +
             "; a private cluster's name needs its private DNS zone.";
    case Trouble::kDirectUnreachable:
      return "Let this machine reach " + destination(probe) +
             " without the proxy: routes, network security groups and firewall.";
    case Trouble::kProxySawIt:
      return "Add " + probe.host + " to noProxy, and check which client ignores it.";
    default: return through_proxy(probe, trouble);
  }
}

}  // namespace check
