#include "http/fields.h"

#include <cassert>
#include <limits>

#include "base/ascii.h"

namespace http {

void Fields::reserve(size_t bytes, size_t count) {
  text_.reserve(bytes);
  spans_.reserve(count);
}

void Fields::add(std::string_view name, std::string_view value) {
  assert(text_.size() + name.size() + value.size() <= std::numeric_limits<std::uint32_t>::max() &&
         "field sections are limited far below 4 GiB");
  const auto size32 = [](size_t size) { return static_cast<std::uint32_t>(size); };
  const std::string_view trimmed = base::trim_ows(value);
  const size_t start = text_.size();
  text_.append(name).append(trimmed);
  spans_.push_back(
      {size32(start), size32(name.size()), size32(start + name.size()), size32(trimmed.size())});
}

void Fields::clear() {
  text_.clear();
  spans_.clear();
}

Field Fields::at(size_t index) const {
  assert(index < spans_.size() && "field index out of range");
  const Span& span = spans_[index];
  const std::string_view text = text_;
  return {text.substr(span.name_start, span.name_size),
          text.substr(span.value_start, span.value_size)};
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
  for (size_t i = 0; i < size(); ++i) {
    const Field field = at(i);
    if (base::iequals(field.name, name)) return field.value;
  }
  return std::nullopt;
}

size_t Fields::count(std::string_view name) const {
  size_t found = 0;
  for (size_t i = 0; i < size(); ++i) {
    if (base::iequals(at(i).name, name)) ++found;
  }
  return found;
}

bool Fields::has_token(std::string_view name, std::string_view token) const {
  bool found = false;
  for (size_t i = 0; i < size() && !found; ++i) {
    const Field field = at(i);
    if (!base::iequals(field.name, name)) continue;
    base::for_each_element(field.value, [&](std::string_view element) {
      found = found || base::iequals(element, token);
    });
  }
  return found;
}

}  // namespace http
