// The same octets as PEM and as the base64 of trustedCa.
#include <cstdint>
#include <cstdlib>

#include "aks/trusted_ca.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto blocks = aks::split_pem(text)) {
    for (const aks::PemBlock& block : *blocks) {
      const auto again = aks::split_pem(block.text);
      if (!again || again->size() != 1) std::abort();
      if (again->front().label != block.label || again->front().text != block.text) std::abort();
    }
  }
  std::vector<aks::Finding> findings;
  const auto pem = aks::parse_trusted_ca(text, "$.trustedCa", findings);
  if (pem.has_value() == aks::has_errors(findings)) std::abort();
  if (pem && pem->size() > 2 * size + aks::kMaxTrustedCertificates) std::abort();
  return 0;
}
