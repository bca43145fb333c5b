// Runs a fuzz target on its seeds without libFuzzer: the empty input, then every file of the
// folders named, whole and cut short at up to 64 places, since parsers go wrong where input stops
// early. A finding is a crash or a sanitizer report, as under libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Each input is a copy of exactly its size, so that a read past its end is a sanitizer's finding.
void run(const Bytes& seed, std::size_t size) {
  const Bytes input(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size));
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

void run_seed(const Bytes& seed) {
  const std::size_t step = std::max<std::size_t>(1, seed.size() / 64);
  for (std::size_t size = 0; size < seed.size(); size += step) run(seed, size);
  run(seed, seed.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 0;
  run_seed({});
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;  // a target may have no seeds of its own
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      // Names the seed before it runs: after a crash, the last line is the culprit.
      std::cout << entry.path().string() << std::endl;
      run_seed(read_file(entry.path()));
      ++seeds;
    }
  }
  std::cout << seeds << " seeds replayed\n";
  return 0;
}
