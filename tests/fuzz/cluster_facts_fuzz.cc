// The file of a cluster's facts: facts come out exactly when nothing found is an error.
#include <cstdint>
#include <cstdlib>

#include "aks/cluster_facts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const aks::ParsedFacts parsed =
      aks::parse_cluster_facts({reinterpret_cast<const char*>(data), size});
  if (parsed.facts.has_value() == aks::has_errors(parsed.findings)) std::abort();
  for (const aks::Finding& finding : parsed.findings) {
    // A finding is one line, whatever the input holds.
    if (aks::to_string(finding).find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
