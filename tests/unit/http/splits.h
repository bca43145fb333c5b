// Ways in which bytes may arrive. Parsers are fed in all of them and have to come to the same
// result.
#pragma once

#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace http::testing {

// Sizes of the input known after each read, ascending, the last being `size`.
using Arrivals = std::vector<size_t>;

// Whole, byte by byte, and twice cut at random; the same for the same `seed`.
inline std::vector<Arrivals> splits_of(size_t size, unsigned seed = 1) {
  Arrivals bytes(size);
  std::iota(bytes.begin(), bytes.end(), 1);
  std::vector<Arrivals> all{{size}, bytes};
  std::mt19937 random(seed);
  for (const size_t longest : {5U, 60U}) {
    Arrivals cuts;
    std::uniform_int_distribution<size_t> step(1, longest);
    for (size_t at = step(random); at < size; at += step(random)) cuts.push_back(at);
    cuts.push_back(size);
    all.push_back(cuts);
  }
  return all;
}

}  // namespace http::testing
