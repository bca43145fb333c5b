#include "base/text_format.h"

namespace base {
namespace {

std::string_view name_of(MetricType type) {
  switch (type) {
    case MetricType::kCounter: return "counter";
    case MetricType::kGauge: return "gauge";
    case MetricType::kHistogram: return "histogram";
  }
  return "untyped";
}

// Label values escape backslash, quote and line feed, and nothing else.
void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

}  // namespace

std::string TextFormat::seconds(std::uint64_t us) {
  std::string text = std::to_string(us / 1'000'000);
  const std::uint64_t rest = us % 1'000'000;
  if (rest == 0) return text;
  std::string fraction = std::to_string(1'000'000 + rest);
  fraction.front() = '.';
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return text + fraction;
}

void TextFormat::family(std::string_view name, MetricType type, std::string_view help) {
  family_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help);
  text_.append("\n# TYPE ").append(name).append(" ").append(name_of(type)).append("\n");
}

void TextFormat::sample(std::uint64_t value) {
  text_.append(family_).append(" ").append(std::to_string(value)).append("\n");
}

void TextFormat::sample(std::string_view label, std::string_view label_value, std::uint64_t value) {
  text_.append(family_).append("{").append(label).append("=\"");
  append_escaped(text_, label_value);
  text_.append("\"} ").append(std::to_string(value)).append("\n");
}

void TextFormat::single(std::string_view name, MetricType type, std::string_view help,
                        std::uint64_t value) {
  family(name, type, help);
  sample(value);
}

void TextFormat::single(std::string_view name, MetricType type, std::string_view help,
                        std::string_view value) {
  family(name, type, help);
  text_.append(family_).append(" ").append(value).append("\n");
}

void TextFormat::bucket(std::string_view bound, std::uint64_t count) {
  text_.append(family_).append("_bucket{le=\"").append(bound).append("\"} ");
  text_.append(std::to_string(count)).append("\n");
}

void TextFormat::sum_and_count(std::string_view sum, std::uint64_t count) {
  text_.append(family_).append("_sum ").append(sum).append("\n");
  text_.append(family_).append("_count ").append(std::to_string(count)).append("\n");
}

}  // namespace base
