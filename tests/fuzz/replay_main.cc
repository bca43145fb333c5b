// Runs a fuzz target on its seeds without libFuzzer: `fuzz_replay TARGET [FOLDER…]` gives it the
// empty input, then every file of the folders, whole and cut short at up to 64 places, since
// parsers go wrong where input stops early. A finding is a crash or a sanitizer report, as under
// libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <vector>

#include "tests/fuzz/replay.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Each input is a copy of exactly its size, so that a read past its end is a sanitizer's finding.
void run(const tests::FuzzTarget& target, const Bytes& seed, std::size_t size) {
  const Bytes input(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size));
  target.run(input.data(), input.size());
}

void run_seed(const tests::FuzzTarget& target, const Bytes& seed) {
  const std::size_t step = std::max<std::size_t>(1, seed.size() / 64);
  for (std::size_t size = 0; size < seed.size(); size += step) run(target, seed, size);
  run(target, seed, seed.size());
}

}  // namespace

int main(int argc, char** argv) {
  const auto& targets = tests::fuzz_targets();
  const auto target =
      std::find_if(targets.begin(), targets.end(), [&](const tests::FuzzTarget& each) {
        return argc > 1 && each.name == std::string_view(argv[1]);
      });
  if (target == targets.end()) {
    std::cerr << "usage: fuzz_replay TARGET [FOLDER…]; targets:";
    for (const auto& each : targets) std::cerr << ' ' << each.name;
    std::cerr << '\n';
    return 2;
  }
  std::size_t seeds = 0;
  run_seed(*target, {});
  for (int i = 2; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;  // a target may have no seeds of its own
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      // Names the seed before it runs: after a crash, the last line is the culprit.
      std::cout << entry.path().string() << std::endl;
      run_seed(*target, read_file(entry.path()));
      ++seeds;
    }
  }
  std::cout << seeds << " seeds replayed\n";
  return 0;
}
