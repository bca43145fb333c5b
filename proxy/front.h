// What speaks one version of HTTP with a client, from its first request to what follows the last.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ip.h"
#include "net/task.h"
#include "proxy/after.h"
#include "proxy/client_connection.h"

namespace proxy {

// A row of /sessions.
struct Shown {
  std::string id;
  base::Endpoint client;
  Stage stage = Stage::kRequest;
  std::string method;
  std::string target;
  std::string rule;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::chrono::milliseconds age{0};
};

// The row of an exchange.
Shown row_of(const AccessRecord& record, Stage stage);

class Front {
 public:
  virtual ~Front() = default;

  // Serves requests until something else follows than the next one. The front outlives the task,
  // and the turn of the loop in which it ends.
  virtual net::Task<After> serve() = 0;
  // No further request is accepted: an idle connection ends now, a busy one after its exchange.
  virtual void drain() = 0;
  // The connection ends after its next exchange, or by the limits of an idle one: a client that
  // asks at this very moment is not turned away.
  virtual void retire() = 0;
  // Ends exchanges that go on beside `serve`, whose task has been cancelled. Records say why.
  virtual void stop(const base::Error& why) = 0;
  // Rows of exchanges that go on beside the connection's own; none where that tells all.
  virtual std::vector<Shown> rows() const = 0;

 protected:
  Front() = default;
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;
};

}  // namespace proxy
