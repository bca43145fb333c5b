#include "tests/unit/http/h2/frames.h"

namespace http::h2::testing {

std::string number32(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
  return out;
}

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload) {
  std::string out = number32(static_cast<std::uint32_t>(payload.size())).substr(1);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  return out + number32(stream) + std::string(payload);
}

namespace {

// A string of up to 2^14 octets with its length in a prefix of seven bits (RFC 7541 §5.1, §5.2).
std::string literal(std::string_view text) {
  std::string out;
  size_t size = text.size();
  if (size < 127) {
    out += static_cast<char>(size);
  } else {
    out += '\x7f';
    for (size -= 127; size >= 128; size /= 128) out += static_cast<char>(size % 128 + 128);
    out += static_cast<char>(size);
  }
  return out + std::string(text);
}

std::uint32_t read32(std::string_view text) {
  std::uint32_t value = 0;
  for (const char octet : text.substr(0, 4)) value = value << 8 | static_cast<std::uint8_t>(octet);
  return value;
}

}  // namespace

std::string block(const Lines& lines) {
  std::string out;
  for (const auto& [name, value] : lines) out += '\0' + literal(name) + literal(value);
  return out;
}

std::string headers(std::uint32_t stream, const Lines& lines, std::uint8_t flags) {
  return frame(kHeaders, flags, stream, block(lines));
}

std::string get(std::uint32_t stream, const Lines& more, std::uint8_t flags) {
  Lines lines = {
      {":method", "GET"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", "/"}};
  lines.insert(lines.end(), more.begin(), more.end());
  return headers(stream, lines, flags);
}

std::string post(std::uint32_t stream, const Lines& more) {
  Lines lines = {
      {":method", "POST"}, {":scheme", "https"}, {":authority", "a.test"}, {":path", "/"}};
  lines.insert(lines.end(), more.begin(), more.end());
  return headers(stream, lines, kEndHeaders);
}

std::string data(std::uint32_t stream, std::string_view content, std::uint8_t flags) {
  return frame(kData, flags, stream, content);
}

std::string settings(std::string_view entries, std::uint8_t flags) {
  return frame(kSettings, flags, 0, entries);
}

std::string setting(std::uint16_t id, std::uint32_t value) {
  return number32(id).substr(2) + number32(value);
}

std::string rst(std::uint32_t stream, Code code) {
  return frame(kRstStream, 0, stream, number32(static_cast<std::uint32_t>(code)));
}

std::string window_update(std::uint32_t stream, std::uint32_t octets) {
  return frame(kWindowUpdate, 0, stream, number32(octets));
}

std::string ping(std::uint8_t flags) { return frame(kPing, flags, 0, std::string(8, 'p')); }

std::vector<Frame> frames_of(std::string_view octets) {
  std::vector<Frame> out;
  while (octets.size() >= 9) {
    const size_t size = read32(octets) >> 8;
    out.push_back({static_cast<std::uint8_t>(octets[3]), static_cast<std::uint8_t>(octets[4]),
                   read32(octets.substr(5)), std::string(octets.substr(9, size))});
    octets.remove_prefix(9 + size);
  }
  return out;
}

std::string verdicts_of(std::string_view octets) {
  std::string out;
  for (const Frame& one : frames_of(octets)) {
    const bool reset = one.type == kRstStream;
    if (!reset && one.type != kGoAway) continue;
    const auto code =
        static_cast<Code>(read32(std::string_view(one.payload).substr(reset ? 0 : 4)));
    if (!out.empty()) out += ", ";
    out += reset ? "RST " + std::to_string(one.stream) + " " : "GOAWAY ";
    out += name_of(code);
  }
  return out;
}

std::string output_of(Connection& connection) {
  std::string out;
  for (std::string_view more = connection.output(); !more.empty(); more = connection.output()) {
    out += more;
    connection.sent(more.size());
  }
  return out;
}

std::string feed(Connection& connection, std::string_view octets, base::Instant now) {
  connection.receive(octets, now);
  return output_of(connection);
}

void exchange(Connection& client, Connection& server) {
  for (;;) {
    const std::string up = output_of(client);
    if (!up.empty()) server.receive(up, kStart);
    const std::string down = output_of(server);
    if (!down.empty()) client.receive(down, kStart);
    if (up.empty() && down.empty()) return;
  }
}

}  // namespace http::h2::testing
