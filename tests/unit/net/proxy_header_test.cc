#include "net/proxy_header.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace net {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using State = ProxyHeader::State;

struct Read {
  State state;
  size_t taken;
  std::string client;  // "-" for none
  std::string fault;

  friend bool operator==(const Read&, const Read&) = default;
};

Read outcome(const ProxyHeader& header, size_t taken) {
  const auto& client = header.client();
  return {header.state(), taken, client ? client->to_string() : "-", std::string(header.fault())};
}

Read whole(std::string_view octets) {
  ProxyHeader header;
  const size_t taken = header.feed(octets);
  return outcome(header, taken);
}

Read octet_by_octet(std::string_view octets) {
  ProxyHeader header;
  size_t taken = 0;
  for (const char& octet : octets) taken += header.feed({&octet, 1});
  return outcome(header, taken);
}

// Of version 2: `start` is version with command, kind, and the length's two octets.
std::string binary(std::array<std::uint8_t, 4> start, std::string_view rest) {
  std::string header = "\r\n\r\n\0\r\nQUIT\n"s;
  for (const std::uint8_t octet : start) header += static_cast<char>(octet);
  return header + std::string(rest);
}

constexpr std::string_view kV4 = "\xc0\0\x02\x01\x0a\0\0\x04\xdc\x04\x0c\x38"sv;
const std::string kV6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01" +
                        std::string(16, '\0') + "\xdc\x04\x0c\x38"s;

TEST(ProxyHeader, NamesTheClient) {
  const std::string tlv = "\x04\0\x01z"s;
  const struct {
    std::string header;
    std::string client;
  } cases[] = {
      {"PROXY TCP4 192.0.2.1 10.0.0.4 56324 3128\r\n", "192.0.2.1:56324"},
      {"PROXY TCP6 2001:db8::1 2001:db8::2 56324 3128\r\n", "[2001:db8::1]:56324"},
      {"PROXY TCP4 192.0.2.1 10.0.0.4 0 3128\r\n", "192.0.2.1:0"},
      {"PROXY UNKNOWN\r\n", "-"},
      {"PROXY UNKNOWN ffff::1 whatever it says\r\n", "-"},
      {binary({0x21, 0x11, 0, 12}, kV4), "192.0.2.1:56324"},
      {binary({0x21, 0x21, 0, 36}, kV6), "[2001:db8::1]:56324"},
      {binary({0x21, 0x11, 0, 16}, std::string(kV4) + tlv), "192.0.2.1:56324"},
      {binary({0x20, 0x00, 0, 0}, ""), "-"},
      {binary({0x20, 0x11, 0, 12}, kV4), "-"},
      {binary({0x21, 0x00, 0, 3}, "abc"), "-"},
      {binary({0x21, 0x31, 0, 216}, std::string(216, 'u')), "-"},
      {binary({0x21, 0x11, 0xff, 0xff}, std::string(kV4) + std::string(0xffff - 12, 't')),
       "192.0.2.1:56324"},
  };
  for (const auto& [header, client] : cases) {
    const Read expected{State::kWhole, header.size(), client, ""};
    EXPECT_EQ(whole(header), expected) << header.substr(0, 60);
    EXPECT_EQ(whole(header + "GET / HTTP/1.1\r\n"), expected) << header.substr(0, 60);
    EXPECT_EQ(octet_by_octet(header + "\x16\x03\x01"), expected) << header.substr(0, 60);
    for (const size_t size : {size_t{1}, header.size() / 2, header.size() - 1}) {
      EXPECT_EQ(whole(header.substr(0, size)).state, State::kMore) << size;
    }
  }
}

TEST(ProxyHeader, RefusesWhatIsNone) {
  const struct {
    std::string octets;
    std::string fault;
  } cases[] = {
      {"GET / HTTP/1.1\r\n", "is missing: the first octets are none of the PROXY protocol"},
      {"PROPFIND / HTTP/1.1\r\n", "is missing: the first octets are none of the PROXY protocol"},
      {"\r\nGET", "is missing: the first octets are none of the PROXY protocol"},
      {"\x16\x03\x01", "is missing: the first octets are none of the PROXY protocol"},
      {"PROXY TCP4 192.0.2.1 10.0.0.4 1 2\n", "does not end in CRLF"},
      {"PROXY SCTP 192.0.2.1 10.0.0.4 1 2\r\n", "names no protocol of its version 1"},
      {"PROXY  TCP4 192.0.2.1 10.0.0.4 1 2\r\n", "names no protocol of its version 1"},
      {"PROXY TCP4 192.0.2.1 10.0.0.4 1\r\n", "does not have two addresses and two ports"},
      {"PROXY TCP4 192.0.2.1 10.0.0.4 1 2 \r\n", "does not have two addresses and two ports"},
      {"PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "has an address of another form"},
      {"PROXY TCP4 192.0.2.01 10.0.0.4 1 2\r\n", "has an address of another form"},
      {"PROXY TCP4 192.0.2.1 10.0.0.4 65536 2\r\n", "has a port that is none"},
      {"PROXY TCP4 192.0.2.1 10.0.0.4 01 2\r\n", "has a port that is none"},
      {"PROXY UNKNOWN " + std::string(200, 'x'), "is longer than 107 octets"},
      {binary({0x11, 0x11, 0, 12}, kV4), "has a version that is not known"},
      {binary({0x22, 0x11, 0, 12}, kV4), "has a command that is not known"},
      {binary({0x21, 0x41, 0, 12}, kV4), "names no protocol of its version 2"},
      {binary({0x21, 0x11, 0, 11}, kV4), "is too short for its addresses"},
      {binary({0x21, 0x21, 0, 12}, kV4), "is too short for its addresses"},
      {binary({0x21, 0x12, 0, 12}, kV4), "speaks of datagrams"},
  };
  for (const auto& [octets, fault] : cases) {
    EXPECT_EQ(whole(octets).state, State::kMalformed) << octets;
    EXPECT_EQ(whole(octets).fault, fault) << octets;
    EXPECT_EQ(octet_by_octet(octets), whole(octets)) << octets;
  }
}

}  // namespace
}  // namespace net
