// What standard output and standard error are shown on.
#pragma once

#include <cstddef>
#include <memory>

namespace cli {

// Columns of text that nobody shows: help and tables in files and pipes.
inline constexpr std::size_t kTextWidth = 100;

// The terminal's columns where standard output is one, `otherwise` where it is none.
std::size_t terminal_width(std::size_t otherwise);

// Whether `descriptor` is a terminal that takes control sequences: TERM is neither unset nor
// "dumb".
bool is_capable_terminal(int descriptor);

// Whether colours are wanted there: on a capable terminal, unless NO_COLOR is set and not empty
// (no-color.org).
bool wants_colour(int descriptor);

// While it lives, words that say how bad a line is ("error:", "warning:", "pass", …) are coloured
// where they begin a line of std::cout or std::cerr, whichever wants colours.
class ColouredStreams {
 public:
  ColouredStreams();
  ~ColouredStreams();
  ColouredStreams(const ColouredStreams&) = delete;
  ColouredStreams& operator=(const ColouredStreams&) = delete;

 private:
  class Painter;
  std::unique_ptr<Painter> output_, error_;  // nullptr: as it was
};

}  // namespace cli
