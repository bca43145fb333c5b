#include "net/proxy_header.h"

#include <algorithm>
#include <array>
#include <vector>

namespace net {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kText = "PROXY ";
constexpr std::string_view kBinary = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr size_t kLongestLine = 107;  // with its CRLF
constexpr size_t kStart = 16;         // version 2: signature, version, kind, length

// Version 2: family in the upper half, transport in the lower.
constexpr std::uint8_t kTcp4 = 0x11;
constexpr std::uint8_t kTcp6 = 0x21;
constexpr size_t kV4 = 4;
constexpr size_t kV6 = 16;

std::uint8_t octet_at(std::string_view text, size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

std::uint16_t number_at(std::string_view text, size_t at) {
  return static_cast<std::uint16_t>(octet_at(text, at) << 8U | octet_at(text, at + 1));
}

template <size_t size>
std::array<std::uint8_t, size> octets_at(std::string_view text, size_t at) {
  std::array<std::uint8_t, size> octets{};
  for (size_t i = 0; i < size; ++i) octets[i] = octet_at(text, at + i);
  return octets;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const size_t end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return words;
    line.remove_prefix(end + 1);
  }
}

// "0" is a port here: one that the balancer doesn't know.
std::optional<std::uint16_t> port_of(std::string_view text) {
  return text == "0" ? std::optional<std::uint16_t>(0) : base::parse_port(text);
}

}  // namespace

size_t ProxyHeader::feed(std::string_view octets) {
  size_t taken = 0;
  while (state_ == State::kMore && taken < octets.size()) take(octets[taken++]);
  return taken;
}

void ProxyHeader::take(char octet) {
  ++taken_;
  if (taken_ <= kLongestLine) head_ += octet;
  if (taken_ <= kText.size() && head_ == kText.substr(0, taken_)) return;
  if (taken_ <= kBinary.size() && head_ == kBinary.substr(0, taken_)) return;
  if (head_.starts_with(kText)) {
    if (octet == '\n') return read_line();
    if (taken_ == kLongestLine) refuse("is longer than 107 octets");
  } else if (head_.starts_with(kBinary)) {
    if (taken_ == kStart) read_start();
    if (taken_ >= kStart && taken_ == length_ && state_ == State::kMore) read_addresses();
  } else {
    refuse("is missing: the first octets are none of the PROXY protocol");
  }
}

void ProxyHeader::refuse(std::string_view fault) {
  state_ = State::kMalformed;
  fault_ = fault;
}

void ProxyHeader::read_line() {
  if (!head_.ends_with("\r\n")) return refuse("does not end in CRLF");
  const std::string_view line =
      std::string_view(head_).substr(kText.size(), head_.size() - kText.size() - 2);
  const std::vector<std::string_view> words = words_of(line);
  if (words[0] == "UNKNOWN") return finish();  // whatever else the line says
  if (words[0] != "TCP4" && words[0] != "TCP6") return refuse("names no protocol of its version 1");
  if (words.size() != 5) return refuse("does not have two addresses and two ports");
  const bool is_v4 = words[0] == "TCP4";
  for (const size_t i : {1U, 2U}) {
    const auto address = base::IpAddress::parse(words[i]);
    if (!address || address->is_v4() != is_v4) return refuse("has an address of another form");
    if (!port_of(words[i + 2])) return refuse("has a port that is none");
  }
  client_ = base::Endpoint{*base::IpAddress::parse(words[1]), *port_of(words[3])};
  finish();
}

void ProxyHeader::read_start() {
  const std::uint8_t version_and_command = octet_at(head_, 12);
  kind_ = octet_at(head_, 13);
  length_ = kStart + number_at(head_, 14);
  local_ = (version_and_command & 0x0fU) == 0;
  if (version_and_command >> 4U != 2) return refuse("has a version that is not known");
  if ((version_and_command & 0x0fU) > 1) return refuse("has a command that is not known");
  if ((kind_ >> 4U) > 3 || (kind_ & 0x0fU) > 2) return refuse("names no protocol of its version 2");
  const size_t addresses = kind_ == kTcp4 ? 2 * kV4 + 4 : kind_ == kTcp6 ? 2 * kV6 + 4 : 0;
  if (!local_ && length_ < kStart + addresses) refuse("is too short for its addresses");
}

void ProxyHeader::read_addresses() {
  if (!local_ && kind_ == kTcp4) {
    client_ = base::Endpoint{base::IpAddress::v4(octets_at<kV4>(head_, kStart)),
                             number_at(head_, kStart + 2 * kV4)};
  } else if (!local_ && kind_ == kTcp6) {
    client_ = base::Endpoint{base::IpAddress::v6(octets_at<kV6>(head_, kStart)),
                             number_at(head_, kStart + 2 * kV6)};
  } else if (!local_ && (kind_ & 0x0fU) == 2) {
    return refuse("speaks of datagrams");
  }
  finish();
}

}  // namespace net
