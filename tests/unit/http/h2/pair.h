// A client and a server that talk to each other, for tests of what one does to the other.
#pragma once

#include <gtest/gtest.h>

#include "http/h2/connection.h"
#include "tests/unit/http/h2/frames.h"

namespace http::h2::testing {

inline const Fields kNone;

inline Fields fields_of(const Lines& lines) {
  Fields out;
  for (const auto& [name, value] : lines) out.add(name, value);
  return out;
}

inline RequestSection request_of(std::string_view method, const Fields& fields = kNone) {
  return {method, "https", "a.test", "/x", fields};
}

// A client and a server that have exchanged SETTINGS.
class Pair : public ::testing::Test {
 protected:
  explicit Pair(const Settings& client = {}, const Settings& server = {})
      : client_(Connection::Role::kClient, client), server_(Connection::Role::kServer, server) {
    exchange(client_, server_);
  }

  // A request that has arrived.
  void open(std::string_view method = "POST", End end = End::kNotYet,
            const Fields& fields = kNone) {
    asked_ = &client_.open(request_of(method, fields), end);
    exchange(client_, server_);
    do {
      served_ = server_.next_touched();
      ASSERT_NE(served_, nullptr);
    } while (!served_->has_head());
  }

  Connection client_;
  Connection server_;
  Stream* asked_ = nullptr;   // the client's end
  Stream* served_ = nullptr;  // the server's
};

}  // namespace http::h2::testing
