// nghttp2's view of a Connection: options and callbacks. Only this header and its users know
// nghttp2's functions.
#pragma once

#include <nghttp2/nghttp2.h>

#include <vector>

#include "http/h2/connection.h"

namespace http::h2 {

// A session for `role` that calls `connection`, with the bounds of `settings` set and no SETTINGS
// submitted yet.
nghttp2_session* make_session(Connection& connection, Connection::Role role,
                              const Settings& settings);

// Where content of a stream comes from: Connection::pull.
nghttp2_data_provider pull_provider();

// A field section for nghttp2: pseudo-fields first, then fields. Refers to what it is made of.
class Section {
 public:
  explicit Section(size_t fields) { lines_.reserve(fields + 4); }
  void add(std::string_view name, std::string_view value);
  void add(const Fields& fields);
  const nghttp2_nv* data() const { return lines_.data(); }
  size_t size() const { return lines_.size(); }

 private:
  std::vector<nghttp2_nv> lines_;
};

}  // namespace http::h2
