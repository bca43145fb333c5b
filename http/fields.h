// The field section of a message (RFC 9110 §5), in order, names as received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

struct Field {
  std::string_view name;
  std::string_view value;  // OWS trimmed
};

// Holds all names and values in one string. Views stay valid until the next `add` or `clear`.
class Fields {
 public:
  void reserve(size_t bytes, size_t count);
  void add(std::string_view name, std::string_view value);
  void clear();

  size_t size() const { return spans_.size(); }
  bool empty() const { return spans_.empty(); }
  Field at(size_t index) const;

  // The first field of that name (case-insensitive).
  std::optional<std::string_view> find(std::string_view name) const;
  size_t count(std::string_view name) const;
  // Whether a comma-separated element of any field of that name equals `token`, ignoring case.
  bool has_token(std::string_view name, std::string_view token) const;

 private:
  struct Span {
    std::uint32_t name_start, name_size, value_start, value_size;
  };
  std::string text_;
  std::vector<Span> spans_;
};

}  // namespace http
