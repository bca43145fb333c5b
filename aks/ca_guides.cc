#include "aks/ca_guides.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace aks {
namespace {

constexpr std::string_view kPlaceholder = "{ca}";

std::string guide_text(const CaGuide& guide, const std::string& path) {
  std::string text(guide.text);
  for (size_t at = text.find(kPlaceholder); at != std::string::npos;
       at = text.find(kPlaceholder, at + path.size())) {
    text.replace(at, kPlaceholder.size(), path);
  }
  return text;
}

std::vector<CaGuide> chosen(const std::vector<std::string>& systems) {
  std::vector<CaGuide> guides;
  for (const CaGuide& guide : ca_guides()) {
    const bool named = std::find(systems.begin(), systems.end(), guide.system) != systems.end();
    if (systems.empty() || named) guides.push_back(guide);
  }
  return guides;
}

}  // namespace

const std::vector<CaGuide>& ca_guides() {
  static const std::vector<CaGuide> kGuides{
      {"aks", "AKS nodes: trustedCa of the httpProxyConfig",
       R"(sluice ca bundle {ca} --format base64
# Put that into "trustedCa" of the file for az aks update --http-proxy-config. Every change reimages all nodes.
# It reaches nodes alone: pods need the bundle below.
)"},
      {"kubernetes", "Pods: a ConfigMap with the system's roots and the CA",
       R"(sluice ca bundle {ca} --format configmap --with-system-roots | kubectl apply -n NAMESPACE -f -
# Mount it (a whole directory, not subPath), for example at /etc/proxy-ca, and set in the container:
#   SSL_CERT_FILE=/etc/proxy-ca/ca-bundle.crt
#   REQUESTS_CA_BUNDLE=/etc/proxy-ca/ca-bundle.crt
#   NODE_EXTRA_CA_CERTS=/etc/proxy-ca/proxy-ca.crt
# Pods read it once: kubectl rollout restart after a change.
)"},
      {"debian", "Debian, Ubuntu",
       R"(install -m 0644 {ca} /usr/local/share/ca-certificates/sluice-ca.crt
update-ca-certificates
# The name must end in .crt; one certificate a file.
)"},
      {"azurelinux", "Azure Linux, RHEL, Fedora",
       R"(install -m 0644 {ca} /etc/pki/ca-trust/source/anchors/sluice-ca.pem
update-ca-trust
)"},
      {"alpine", "Alpine",
       R"(apk add ca-certificates
install -m 0644 {ca} /usr/local/share/ca-certificates/sluice-ca.crt
update-ca-certificates
)"},
      {"java", "Java: a keystore of its own, since the JVM ignores the system's roots",
       R"(keytool -importcert -noprompt -alias sluice-ca -file {ca} -cacerts -storepass changeit
# Without write access to the JVM, copy its cacerts, import into the copy (-keystore FILE) and start with
#   JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=FILE -Djavax.net.ssl.trustStorePassword=changeit"
)"},
      {"node", "Node.js: in addition to the roots it is built with",
       R"(export NODE_EXTRA_CA_CERTS={ca}
# Read once, when the process starts.
)"},
      {"python", "Python: requests and pip bring roots of their own",
       R"(sluice ca bundle {ca} --with-system-roots > ca-bundle.pem
export REQUESTS_CA_BUNDLE=$PWD/ca-bundle.pem   # requests; PIP_CERT for pip
export SSL_CERT_FILE=$PWD/ca-bundle.pem        # ssl, urllib, httpx, aiohttp
)"},
      {"go", "Go: the system's roots, or a file instead of them",
       R"(# After the system's own steps nothing is left to do. Without write access to the system:
sluice ca bundle {ca} --with-system-roots > ca-bundle.pem
export SSL_CERT_FILE=$PWD/ca-bundle.pem
)"},
      {"curl", "curl",
       R"(curl --cacert {ca} https://example.com/   # trusts nothing else
sluice ca bundle {ca} --with-system-roots > ca-bundle.pem
export CURL_CA_BUNDLE=$PWD/ca-bundle.pem
# An https:// proxy's own certificate is checked against --proxy-cacert.
)"},
      {"ruby", "Ruby: OpenSSL's roots, or a file instead of them",
       R"(sluice ca bundle {ca} --with-system-roots > ca-bundle.pem
export SSL_CERT_FILE=$PWD/ca-bundle.pem
)"},
      {"dotnet", ".NET on Linux: OpenSSL's roots",
       R"(# After the system's own steps nothing is left to do. Without write access to the system:
sluice ca bundle {ca} --with-system-roots > ca-bundle.pem
export SSL_CERT_FILE=$PWD/ca-bundle.pem
)"},
  };
  return kGuides;
}

std::string guides_text(const std::vector<std::string>& systems, const std::string& path) {
  std::string text;
  for (const CaGuide& guide : chosen(systems)) {
    text += "\n# " + std::string(guide.title) + "\n" + guide_text(guide, path);
  }
  return text;
}

std::string guides_json(const std::vector<std::string>& systems, const std::string& path) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const CaGuide& guide : chosen(systems)) {
    out.push_back(
        {{"system", guide.system}, {"title", guide.title}, {"text", guide_text(guide, path)}});
  }
  return out.dump(2) + "\n";
}

}  // namespace aks
