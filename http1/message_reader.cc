#include "http1/message_reader.h"

#include <algorithm>
#include <cstring>

namespace http1 {

using base::ErrorCode;
using base::Party;

void MessageReader::consume(size_t octets) {
  begin_ += octets;
  if (begin_ < end_) return;
  begin_ = end_ = 0;
}

void MessageReader::make_room() {
  if (data_ == nullptr) {
    capacity_ = kStartBytes;
    data_ = net::make_buffer(capacity_);
    return;
  }
  if (end_ < capacity_) return;
  if (begin_ > 0) {
    std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
  } else {
    // Only a head makes the buffer grow, and the scanner's limits bound it.
    auto larger = net::make_buffer(capacity_ * 2);
    std::memcpy(larger.get(), data_.get(), end_);
    data_ = std::move(larger);
    capacity_ *= 2;
  }
  end_ -= begin_;
  begin_ = 0;
}

net::Task<base::Result<size_t>> MessageReader::fill(net::Patience patience) {
  make_room();
  const std::span<char> room(data_.get() + end_, capacity_ - end_);
  auto reading = net::read_some(stream_, room, patience);
  base::Result<size_t> got = co_await reading;
  if (got) {
    end_ += *got;
    received_ += *got;
  }
  co_return got;
}

net::Task<base::Result<MessageReader::Arrival>> MessageReader::wait_for_data(
    net::Patience patience) {
  if (begin_ < end_) co_return Arrival::kData;
  // A connection may stay here for long: give the buffer back first, and take one when data is
  // there.
  data_.reset();
  capacity_ = begin_ = end_ = 0;
  if (!stream_.has_buffered()) {
    auto waiting = net::wait_readable(stream_, patience);
    const base::Result<void> readable = co_await waiting;
    if (!readable) co_return base::fail(readable.error());
  }
  auto filling = fill(patience);
  const base::Result<size_t> got = co_await filling;
  if (!got) co_return base::fail(got.error());
  co_return *got == 0 ? Arrival::kEnd : Arrival::kData;
}

net::Task<base::Result<std::string_view>> MessageReader::read_head(http::MessageKind kind,
                                                                   const http::Limits& limits,
                                                                   net::Patience patience) {
  http::HeadScanner scanner(kind, limits);
  for (;;) {
    const auto end = scanner.scan(buffered());
    if (!end) co_return base::fail(end.error());
    if (end->has_value()) {
      const size_t skipped = scanner.skipped();
      const std::string_view head = buffered().substr(skipped, **end - skipped);
      begin_ += **end;  // the octets stay where they are until the next fill
      co_return head;
    }
    auto filling = fill(patience);
    const base::Result<size_t> got = co_await filling;
    if (!got) co_return base::fail(got.error());
    if (*got > 0) continue;
    const bool client = stream_.party() == Party::kClient;
    co_return base::fail(client ? ErrorCode::kClientClosed : ErrorCode::kOriginClosed,
                         stream_.party(),
                         std::string(client ? "the client" : "the origin") +
                             " closed the connection before the end of its message head");
  }
}

}  // namespace http1
