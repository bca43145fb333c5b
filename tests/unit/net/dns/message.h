// Building DNS replies octet by octet, for tests.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"

namespace net::dns::test {

using Packet = std::vector<std::uint8_t>;

inline void put16(Packet& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

inline void put_name(Packet& out, std::string_view name) {
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    out.push_back(static_cast<std::uint8_t>(label.size()));
    out.insert(out.end(), label.begin(), label.end());
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  out.push_back(0);
}

inline constexpr unsigned kA = 1;
inline constexpr unsigned kCname = 5;
inline constexpr unsigned kAaaa = 28;

// A question without EDNS, as far as replies need it.
inline Packet question(std::string_view name, unsigned type, unsigned id = 0x1234) {
  Packet out;
  for (const unsigned field : {id, 0x0100U, 1U, 0U, 0U, 0U}) put16(out, field);
  put_name(out, name);
  put16(out, type);
  put16(out, 1);
  return out;
}

// The reply to a question packet. An empty owner is a pointer to the question's name.
class Reply {
 public:
  explicit Reply(std::span<const std::uint8_t> asked, unsigned rcode = 0) {
    size_t end = 12;
    while (asked[end] != 0) end += size_t{1} + asked[end];
    packet_.assign(asked.begin(), asked.begin() + static_cast<std::ptrdiff_t>(end) + 5);
    packet_[2] = 0x81;
    packet_[3] = static_cast<std::uint8_t>(0x80 | rcode);
    for (size_t i = 6; i < 12; ++i) packet_[i] = 0;  // no answers, no EDNS
  }
  Reply& truncated() {
    packet_[2] |= 0x02;
    return *this;
  }
  Reply& id(unsigned value) {
    packet_[0] = static_cast<std::uint8_t>(value >> 8);
    packet_[1] = static_cast<std::uint8_t>(value);
    return *this;
  }
  Reply& address(const std::string& text, std::uint32_t ttl = 60, std::string_view owner = {}) {
    const base::IpAddress address = *base::IpAddress::parse(text);
    const size_t size = address.is_v4() ? 4 : 16;
    record(owner, address.is_v4() ? kA : kAaaa, ttl, {address.octets().data(), size});
    return *this;
  }
  Reply& alias(std::string_view target, std::uint32_t ttl = 60, std::string_view owner = {}) {
    Packet name;
    put_name(name, target);
    record(owner, kCname, ttl, name);
    return *this;
  }
  Reply& record(std::string_view owner, unsigned type, std::uint32_t ttl,
                std::span<const std::uint8_t> data) {
    const unsigned count = (static_cast<unsigned>(packet_[6]) << 8 | packet_[7]) + 1;
    packet_[6] = static_cast<std::uint8_t>(count >> 8);
    packet_[7] = static_cast<std::uint8_t>(count);
    if (owner.empty()) {
      put16(packet_, 0xC00C);
    } else {
      put_name(packet_, owner);
    }
    put16(packet_, type);
    put16(packet_, 1);
    put16(packet_, ttl >> 16);
    put16(packet_, ttl & 0xFFFF);
    put16(packet_, static_cast<unsigned>(data.size()));
    packet_.insert(packet_.end(), data.begin(), data.end());
    return *this;
  }
  const Packet& packet() const { return packet_; }

 private:
  Packet packet_;
};

}  // namespace net::dns::test
