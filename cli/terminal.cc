#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace cli {
namespace {

constexpr std::string_view kPlain = "\x1b[0m";

struct Painted {
  std::string_view word;  // with what ends it, so that "passed" is not taken for "pass"
  std::string_view colour;
};
constexpr std::array kPainted = {Painted{"sluice: ", "\x1b[31m"}, Painted{"error: ", "\x1b[31m"},
                                 Painted{"fail ", "\x1b[31m"},    Painted{"warning: ", "\x1b[33m"},
                                 Painted{"warn ", "\x1b[33m"},    Painted{"pass ", "\x1b[32m"},
                                 Painted{"skip ", "\x1b[2m"},     Painted{"note: ", "\x1b[36m"}};
constexpr std::size_t kLongest = 9;

}  // namespace

// Passes text on to another buffer; the beginning of a line is held back until it is clear whether
// it is one of the words.
class ColouredStreams::Painter : public std::streambuf {
 public:
  explicit Painter(std::ostream& stream) : stream_(stream), to_(stream.rdbuf(this)) {}
  ~Painter() override {
    flush_held();
    stream_.rdbuf(to_);
  }
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

 protected:
  int_type overflow(int_type octet) override {
    if (traits_type::eq_int_type(octet, traits_type::eof())) return traits_type::not_eof(octet);
    const char character = traits_type::to_char_type(octet);
    if (!at_begin_) {
      at_begin_ = character == '\n';
      return to_->sputc(character);
    }
    held_ += character;
    return settle() ? octet : traits_type::eof();
  }

  int sync() override {
    const bool written = flush_held();
    return written ? to_->pubsync() : -1;
  }

 private:
  // Lets what is held go once it is a word, or can't become one.
  bool settle() {
    bool may_become = held_.size() < kLongest;
    for (const Painted& each : kPainted) {
      if (held_ == each.word) {
        const std::string text = std::string(each.colour) + held_.substr(0, held_.size() - 1) +
                                 std::string(kPlain) + " ";
        held_.clear();
        at_begin_ = false;
        return put(text);
      }
    }
    may_become = may_become &&
                 std::any_of(kPainted.begin(), kPainted.end(),
                             [this](const auto& each) { return each.word.starts_with(held_); });
    return may_become || flush_held();
  }

  bool flush_held() {
    if (held_.empty()) return true;
    at_begin_ = held_.back() == '\n';
    const std::string text = std::move(held_);
    held_.clear();
    return put(text);
  }

  bool put(const std::string& text) {
    const auto size = static_cast<std::streamsize>(text.size());
    return to_->sputn(text.data(), size) == size;
  }

  std::ostream& stream_;
  std::streambuf* to_;
  std::string held_;
  bool at_begin_ = true;
};

std::size_t terminal_width(std::size_t otherwise) {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : otherwise;
}

bool is_capable_terminal(int descriptor) {
  const char* term = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && term != nullptr && std::string_view(term) != "dumb" &&
         *term != '\0';
}

bool wants_colour(int descriptor) {
  const char* none = std::getenv("NO_COLOR");
  return (none == nullptr || *none == '\0') && is_capable_terminal(descriptor);
}

ColouredStreams::ColouredStreams() {
  if (wants_colour(STDOUT_FILENO)) output_ = std::make_unique<Painter>(std::cout);
  if (wants_colour(STDERR_FILENO)) error_ = std::make_unique<Painter>(std::cerr);
}

ColouredStreams::~ColouredStreams() = default;

}  // namespace cli
