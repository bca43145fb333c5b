// The file of `sluice run --learn`. What is read is written and read again as itself, and becomes a
// policy that loads, whatever hosts the file holds.
#include <cstdint>
#include <cstdlib>

#include "aks/learn_text.h"
#include "aks/learned_file.h"
#include "config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kLimit = 64;
  static const auto kCatalogue = aks::Catalogue::embedded();
  const auto learned = aks::parse_learned({reinterpret_cast<const char*>(data), size}, kLimit);
  if (!learned) {
    // The complaint is one line, whatever the input holds.
    if (learned.error().detail.find('\n') != std::string::npos) std::abort();
    return 0;
  }
  const auto again = aks::parse_learned(aks::format_learned(*learned), kLimit);
  if (!again || !(*again == *learned)) std::abort();
  const auto report = aks::learn_report(*kCatalogue, {}, *learned);
  if (!report) std::abort();
  for (const auto unknown : {aks::Unknown::kComment, aks::Unknown::kAllow}) {
    const auto loaded =
        config::load_text(aks::format_learn_policy(*report, unknown), "learned.yaml");
    if (config::has_errors(loaded.problems)) std::abort();
    for (const auto& rule : loaded.config.policy.rules) {
      if (rule.hosts.empty() || rule.ports.empty() || !rule.addresses.empty()) std::abort();
    }
  }
  return 0;
}
