// Writes the Prometheus text format 0.0.4: each family has HELP and TYPE, then its samples.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

enum class MetricType : std::uint8_t { kCounter, kGauge, kHistogram };

class TextFormat {
 public:
  // "0.001", "12.5", "3": microseconds as seconds, exactly.
  static std::string seconds(std::uint64_t us);

  // Starts a family; the samples that follow belong to it. `name` outlives them.
  void family(std::string_view name, MetricType type, std::string_view help);
  void sample(std::uint64_t value);
  void sample(std::string_view label, std::string_view label_value, std::uint64_t value);
  // A family of one sample without labels; `value` is a number in text.
  void single(std::string_view name, MetricType type, std::string_view help, std::uint64_t value);
  void single(std::string_view name, MetricType type, std::string_view help,
              std::string_view value);
  // Of a histogram; `count` is cumulative. The last bucket is "+Inf".
  void bucket(std::string_view bound, std::uint64_t count);
  void sum_and_count(std::string_view sum, std::uint64_t count);

  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
  std::string_view family_;
};

}  // namespace base
