#include "tls/client_hello_reader.h"

#include <algorithm>
#include <array>

namespace tls {
namespace {

// RFC 8446 §5.1
constexpr char kHandshakeRecord = 22;
constexpr char kMajorVersion = 3;
constexpr size_t kRecordHeader = 5;
constexpr size_t kMaxPayload = 1 << 14;
// RFC 8446 §4
constexpr char kClientHello = 1;
constexpr size_t kMessageHeader = 4;

base::Failure refused(const char* why) {
  return base::fail(base::ErrorCode::kTlsHandshake, base::Party::kClient,
                    std::string("the client's TLS handshake is refused: ") + why);
}

// Of the whole message; known once its header is there.
size_t message_size(std::string_view message) {
  size_t size = 0;
  for (const char c : message.substr(1, 3)) size = size << 8 | static_cast<unsigned char>(c);
  return kMessageHeader + size;
}

}  // namespace

base::Result<void> ClientHelloReader::take_header(char octet) {
  const size_t place = header_size_++;
  const bool expected = place == 0 ? octet == kHandshakeRecord : octet == kMajorVersion;
  if (place < 2 && !expected) {
    // No record of TLS may come between the pieces of a message (RFC 8446 §5.1).
    if (!message_.empty()) return refused("another record interrupts its ClientHello");
    state_ = State::kNotTls;
  }
  // The minor version means nothing here (RFC 8446 §5.1: "MUST be ignored for all purposes").
  if (place >= 3) payload_left_ = payload_left_ << 8 | static_cast<unsigned char>(octet);
  if (header_size_ < kRecordHeader) return {};
  if (payload_left_ == 0) return refused("a record of its ClientHello is empty");
  if (payload_left_ > kMaxPayload) return refused("a record of it has more than 16384 octets");
  return {};
}

base::Result<void> ClientHelloReader::take_payload(std::string_view& octets) {
  // The message's header first, so that its size is known before its body is kept.
  const size_t wanted = message_.size() < kMessageHeader ? kMessageHeader : message_size(message_);
  const size_t taken = std::min({octets.size(), payload_left_, wanted - message_.size()});
  message_.append(octets.substr(0, taken));
  octets.remove_prefix(taken);
  payload_left_ -= taken;
  if (payload_left_ == 0) header_size_ = 0;
  if (message_.front() != kClientHello) return refused("it does not begin with a ClientHello");
  if (message_.size() < kMessageHeader) return {};
  if (message_size(message_) > kMaxOctets) return refused("its ClientHello exceeds 64 KiB");
  if (message_.size() < message_size(message_)) return {};
  auto hello = parse_client_hello(std::string_view(message_).substr(kMessageHeader));
  if (!hello) return base::fail(std::move(hello).error());
  hello_ = std::move(*hello);
  message_ = {};
  state_ = State::kComplete;
  return {};
}

base::Result<ClientHelloReader::State> ClientHelloReader::feed(std::string_view octets) {
  while (state_ == State::kNeedsMore && !octets.empty()) {
    const size_t before = octets.size();
    base::Result<void> took;
    if (header_size_ < kRecordHeader) {
      took = take_header(octets.front());
      octets.remove_prefix(1);
    } else {
      took = take_payload(octets);
    }
    if (!took) return base::fail(took.error());
    total_ += before - octets.size();
    if (total_ > kMaxOctets && state_ == State::kNeedsMore) {
      return refused("its ClientHello exceeds 64 KiB");
    }
  }
  return state_;
}

}  // namespace tls
