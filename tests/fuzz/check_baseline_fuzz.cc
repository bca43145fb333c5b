// Earlier reports of `sluice check`. Whatever they hold, what changed is told in lines; a report
// that was read has every row of it in at most one list.
#include <cstdint>
#include <cstdlib>

#include "check/baseline.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check::Report now;
  for (const char* name : {"a", "b"}) {
    check::ProbeResult row;
    row.probe.name = name;
    row.verdict = check::Verdict::kWarn;
    now.results.push_back(std::move(row));
  }
  const auto difference = check::compare_with({reinterpret_cast<const char*>(data), size}, now);
  if (!difference) return 0;
  const auto lines = check::difference_lines(*difference);
  const std::size_t rows = difference->worse.size() + difference->better.size() +
                           difference->came.size() + difference->gone.size();
  if (lines.size() != rows + 1) std::abort();
  if (difference->worse.size() + difference->better.size() + difference->came.size() > 2)
    std::abort();
  return 0;
}
