#include "net/dns/reply.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/ascii.h"

namespace net::dns {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr size_t kMaxLabel = 63;
constexpr size_t kMaxName = 255;  // RFC 1035 §2.3.4
constexpr int kMaxHops = 128;     // a name has no more labels, and needs no more pointers
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeCname = 5;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::uint16_t kClassIn = 1;

enum Rcode : std::uint8_t { kNoError = 0, kFormErr = 1, kNxDomain = 3, kRcodeRefused = 5 };

// Walks a packet. Once a read went beyond the end, `broken` stays set and all values are 0.
struct Reader {
  std::span<const std::uint8_t> packet;
  size_t at = 0;
  bool broken = false;

  bool has(size_t octets) {
    if (broken || packet.size() - at < octets) broken = true;
    return !broken;
  }
  void skip(size_t octets) {
    if (has(octets)) at += octets;
  }
  std::uint16_t u16() {
    if (!has(2)) return 0;
    const auto value = static_cast<std::uint16_t>(packet[at] << 8 | packet[at + 1]);
    at += 2;
    return value;
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  // A name in wire form, decompressed and in lower case (RFC 1035 §4.1.4, RFC 4343).
  std::string name() {
    std::string out;
    size_t from = at;       // where labels are read
    bool followed = false;  // `at` is behind the name already
    for (int hops = 0; hops < kMaxHops && !broken; ++hops) {
      if (from >= packet.size()) break;
      const std::uint8_t length = packet[from];
      if (length > kMaxLabel) {
        if (length < 0xC0 || packet.size() - from < 2) break;
        const size_t target = static_cast<size_t>(length & 0x3F) << 8 | packet[from + 1];
        if (!followed) at = from + 2;
        followed = true;
        if (target >= from) break;
        from = target;
        continue;
      }
      if (packet.size() - from < size_t{1} + length || out.size() + 1 + length > kMaxName) break;
      for (size_t i = 0; i <= length; ++i) {
        out += base::to_lower(static_cast<char>(packet[from + i]));  // a length is below 'A'
      }
      from += size_t{1} + length;
      if (length > 0) continue;
      if (!followed) at = from;
      return out;
    }
    broken = true;
    return {};
  }
};

std::string wire_name(std::string_view name) {
  std::string out;
  for (size_t start = 0; start < name.size();) {
    const size_t dot = std::min(name.find('.', start), name.size());
    out += static_cast<char>(dot - start);
    for (const char c : name.substr(start, dot - start)) out += base::to_lower(c);
    start = dot + 1;
  }
  return out + '\0';
}

std::optional<base::IpAddress> address_of(std::span<const std::uint8_t> data, base::Family family) {
  if (family == base::Family::kV4) {
    std::array<std::uint8_t, 4> octets{};
    if (data.size() != octets.size()) return std::nullopt;
    std::copy(data.begin(), data.end(), octets.begin());
    return base::IpAddress::v4(octets);
  }
  std::array<std::uint8_t, 16> octets{};
  if (data.size() != octets.size()) return std::nullopt;
  std::copy(data.begin(), data.end(), octets.begin());
  return base::IpAddress::v6(octets);
}

// The answer section. nullopt when it can't be read.
std::optional<Outcome> read_answers(Reader reader, std::uint16_t count, std::string owner,
                                    base::Family family) {
  const std::uint16_t wanted = family == base::Family::kV4 ? kTypeA : kTypeAaaa;
  Outcome out{Verdict::kNoAddress, {}, UINT32_MAX};
  int aliases = 0;
  for (std::uint16_t i = 0; i < count; ++i) {
    const std::string name = reader.name();
    const std::uint16_t type = reader.u16();
    const std::uint16_t klass = reader.u16();
    const std::uint32_t ttl = reader.u32();
    const std::uint16_t length = reader.u16();
    Reader data = reader;
    reader.skip(length);
    if (reader.broken) return std::nullopt;
    if (klass != kClassIn || name != owner || (type != kTypeCname && type != wanted)) continue;
    out.ttl = std::min(out.ttl, ttl > INT32_MAX ? 0 : ttl);  // RFC 2181 §8
    if (type == kTypeCname) {
      owner = data.name();
      if (data.broken) return std::nullopt;
      if (++aliases > kMaxAliases) return Outcome{Verdict::kChainTooLong, {}, 0};
      continue;
    }
    const auto address = address_of(data.packet.subspan(data.at, length), family);
    if (!address) return std::nullopt;
    if (out.addresses.size() == kMaxAddresses) break;
    if (std::find(out.addresses.begin(), out.addresses.end(), *address) == out.addresses.end()) {
      out.addresses.push_back(*address);
    }
  }
  if (out.addresses.empty()) return Outcome{Verdict::kNoAddress, {}, 0};
  out.verdict = Verdict::kAddresses;
  return out;
}

std::uint8_t rcode_of(std::span<const std::uint8_t> packet) { return packet[3] & 0x0F; }

}  // namespace

bool is_format_error(std::span<const std::uint8_t> packet) {
  return packet.size() >= kHeaderOctets && rcode_of(packet) == kFormErr;
}

Outcome read_reply(std::span<const std::uint8_t> packet, std::string_view name,
                   base::Family family) {
  Outcome unusable{Verdict::kServerFailure, {}, 0};
  if (packet.size() < kHeaderOctets) return unusable;
  switch (rcode_of(packet)) {
    case kNoError: break;
    case kNxDomain: return {Verdict::kNotFound, {}, 0};
    case kRcodeRefused: return {Verdict::kRefused, {}, 0};
    default: return unusable;
  }
  Reader reader{packet, 4};
  const std::uint16_t questions = reader.u16();
  const std::uint16_t answers = reader.u16();
  reader.skip(4);  // counts of the sections behind, which don't matter here
  for (std::uint16_t i = 0; i < questions && !reader.broken; ++i) {
    reader.name();
    reader.skip(4);
  }
  if (reader.broken) return unusable;
  return read_answers(reader, answers, wire_name(name), family).value_or(unusable);
}

}  // namespace net::dns
