#include "base/rfc3339.h"

#include <array>
#include <charconv>
#include <chrono>

#include "base/ascii.h"

namespace base {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";

// Digits where the shape has zeros, and the shape's own characters elsewhere.
bool has_shape(std::string_view text) {
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = kShape[i] == '0' ? is_digit(text[i]) : text[i] == kShape[i];
    if (!fits) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t start, std::size_t size) {
  int number = 0;
  for (const char c : text.substr(start, size)) number = number * 10 + (c - '0');
  return number;
}

// Overwrites `size` octets with the last digits of `number`.
void put_digits(char* text, std::size_t size, unsigned number) {
  for (std::size_t i = size; i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
}

}  // namespace

void append_padded(std::string& out, unsigned number, std::size_t width, char fill) {
  std::array<char, 12> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  if (size < width) out.append(width - size, fill);
  out.append(digits.data(), size);
}

void append_rfc3339(std::string& out, WallTime time) {
  const auto instant = std::chrono::floor<milliseconds>(time);
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(instant - day);
  const std::size_t start = out.size();
  out += kShape;
  char* text = out.data() + start;
  put_digits(text, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put_digits(text + 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text + 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text + 11, 2, static_cast<unsigned>(clock.hours().count()));
  put_digits(text + 14, 2, static_cast<unsigned>(clock.minutes().count()));
  put_digits(text + 17, 2, static_cast<unsigned>(clock.seconds().count()));
  put_digits(text + 20, 3, static_cast<unsigned>(clock.subseconds().count()));
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  if (!has_shape(text)) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(number_at(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2)))};
  const int hours = number_at(text, 11, 2);
  const int minutes = number_at(text, 14, 2);
  const int seconds = number_at(text, 17, 2);
  if (!date.ok() || date.year() < std::chrono::year(1970)) return std::nullopt;
  if (hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  const auto clock = std::chrono::hours(hours) + std::chrono::minutes(minutes) +
                     std::chrono::seconds(seconds) + milliseconds(number_at(text, 20, 3));
  // The system clock's nanoseconds end in 2262.
  if (date.year() > std::chrono::year(2261)) return std::nullopt;
  return WallTime(std::chrono::sys_days(date) + clock);
}

}  // namespace base
