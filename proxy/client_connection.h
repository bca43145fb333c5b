// A client's connection, with what is on it now.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "http/head.h"
#include "http1/message_reader.h"
#include "net/stream.h"
#include "proxy/account.h"
#include "proxy/connection.h"

namespace proxy {

//   kRequest ──head──> kExchange ──done, kept alive──> kRequest
//                          │
//                          ├──CONNECT or Upgrade──> kTunnel ──both ways ended──> kOver
//                          └──close, error────────> kClosing ──────────────────> kOver
enum class Stage : std::uint8_t { kRequest, kExchange, kTunnel, kClosing, kOver };

std::string_view name_of(Stage stage);

struct ClientConnection {
  explicit ClientConnection(Connection carried)
      : connection(std::move(carried)),
        reader(std::make_unique<http1::MessageReader>(connection.stream())) {}

  Connection connection;
  std::unique_ptr<http1::MessageReader> reader;  // null once something else reads
  http::Protocol protocol = http::Protocol::kHttp1;
  Stage stage = Stage::kRequest;
  Account account;          // of the exchange on it, but for HTTP/2
  base::Instant head_from;  // since when the first head is awaited

  net::Stream& stream() { return connection.stream(); }
  net::Carrier& carrier() { return connection.carrier(); }

  // Reads from what lies on top now, whose first head is awaited from `now` on.
  void read_anew(base::Instant now) {
    reader = std::make_unique<http1::MessageReader>(connection.stream());
    head_from = now;
  }
  // Whoever else reads on gets what was read.
  void stop_reading() {
    if (account.is_open()) account.record.bytes_in += reader->take_received();
    reader.reset();
  }
  // Closes the account; its octets are those that the connection has moved.
  void finish(std::optional<base::Error> error) {
    if (!account.is_open()) return;
    if (reader != nullptr) account.record.bytes_in += reader->take_received();
    account.close(std::move(error));
  }
  // Ends an idle connection. A request that has arrived but is not read yet is still served.
  void end_if_idle() {
    const bool idle = stage == Stage::kRequest && reader != nullptr && reader->buffered().empty() &&
                      carrier().peek().kind != net::IoResult::Kind::kDone;
    if (idle) carrier().abort();
  }
};

}  // namespace proxy
