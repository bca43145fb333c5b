#include "cli/version_text.h"

#include "aks/catalogue.h"
#include "base/version.h"
#include "http/h2/libraries.h"
#include "net/libraries.h"
#include "tls/libraries.h"

namespace cli {

std::string version_text() {
  std::string text = "sluice " + std::string(base::version()) + " (" + std::string(base::commit()) +
                     ")\ncompiler:  " + std::string(base::compiler()) +
                     "\nlibraries: " + tls::libraries() + ", " + http::h2::libraries() + ", " +
                     net::libraries() + "\n";
  const auto catalogue = aks::Catalogue::embedded();
  if (catalogue) text += "endpoints: as documented on " + catalogue->provenance().date + "\n";
  return text;
}

}  // namespace cli
