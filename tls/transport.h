// OpenSSL's view of the stream below: a BIO over any net::Stream, so that TLS runs over a socket as
// well as inside another TLS stream.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "net/stream.h"
#include "tls/handles.h"

namespace tls {

// The stream below and what OpenSSL's return codes don't carry. Must outlive its BIO and not move.
struct Transport {
  explicit Transport(std::unique_ptr<net::Stream> below) : stream(std::move(below)) {}

  std::unique_ptr<net::Stream> stream;
  int cause = 0;  // errno of the last failed read or write, 0 if none failed
  enum class Input : unsigned char { kOpen, kEnded } input = Input::kOpen;

  // Handshake messages since the last data: key updates, tickets, renewed hellos. A peer that sends
  // nothing else keeps us busy for nothing, so reading fails beyond kMaxMessages; a handshake has
  // about ten.
  static constexpr unsigned kMaxMessages = 32;
  unsigned messages = 0;

  // The first octets the peer sent, which tell plain HTTP from TLS when the handshake fails.
  std::array<char, 8> first{};
  size_t first_size = 0;
  std::string_view first_octets() const { return {first.data(), first_size}; }
};

// Counts what OpenSSL receives on `ssl` in `transport`.
void count_messages(ssl_st* ssl, Transport& transport);

// Null when out of memory.
BioPtr make_bio(Transport& transport);

}  // namespace tls
