// Refusals of clients that wait for a ServerHello.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "net/task.h"
#include "proxy/client_connection.h"
#include "proxy/service.h"

namespace proxy {

// RFC 8446 §6.2
enum class Alert : std::uint8_t {
  kAccessDenied = 49,
  kDecodeError = 50,
  kInternalError = 80,
  kNoApplicationProtocol = 120,
};

// There is no status to refuse with, but such a client understands an alert. Closes the account
// with the error. Service and client outlive the task.
net::Task<void> send_alert(const Service& service, ClientConnection& client, base::Error error,
                           Alert alert);

}  // namespace proxy
