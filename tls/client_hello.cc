#include "tls/client_hello.h"

#include <algorithm>
#include <bitset>
#include <optional>

#include "base/escape.h"
#include "tls/peer_name.h"

namespace tls {
namespace {

// https://www.iana.org/assignments/tls-extensiontype-values
enum class Extension : std::uint16_t {
  kServerName = 0,
  kAlpn = 16,
  kSupportedVersions = 43,
  kEncryptedClientHello = 0xfe0d,
};

constexpr unsigned kHostName = 0;  // NameType, RFC 6066 §3
constexpr size_t kRandomOctets = 32;
constexpr size_t kMaxSessionId = 32;
constexpr unsigned kTls12 = 0x0303;

base::Failure malformed(std::string_view what) {
  std::string detail = "the client's ClientHello is refused: ";
  detail += what;
  return base::fail(base::ErrorCode::kTlsHandshake, base::Party::kClient, std::move(detail));
}

// Takes numbers and vectors (RFC 8446 §3.4) off the front. What goes wrong sticks.
class Cursor {
 public:
  explicit Cursor(std::string_view octets) : rest_(octets) {}

  bool at_end() const { return rest_.empty(); }
  bool failed() const { return failed_; }

  std::string_view octets(size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      rest_ = {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  unsigned number(size_t size) {
    unsigned value = 0;
    for (const char c : octets(size)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  // A vector behind a length of `size` octets.
  std::string_view vector(size_t size) { return octets(number(size)); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// 0x0A0A, 0x1A1A, …: values that stand for "something you don't know" (RFC 8701 §2).
bool is_grease(std::string_view value) {
  return value.size() == 2 && value[0] == value[1] && (value[0] & 0x0f) == 0x0a;
}

base::Result<void> read_server_name(std::string_view content, ClientHello& hello) {
  Cursor outer(content);
  Cursor list(outer.vector(2));
  // Exactly one name: other types were never defined, and their form is unknown.
  const unsigned type = list.number(1);
  const std::string_view name = list.vector(2);
  if (outer.failed() || list.failed() || !outer.at_end() || !list.at_end() || type != kHostName) {
    return malformed("server_name is not a list of one host name (RFC 6066 section 3)");
  }
  const base::Result<PeerName> peer = PeerName::parse(name);
  if (!peer || peer->address) {
    return malformed("its server_name \"" + base::printable(name, base::Spaces::kKeep, 100) +
                     "\" is no DNS name; send A-labels (xn--), and none for an IP address");
  }
  hello.server_name = peer->dns;
  return {};
}

base::Result<void> read_alpn(std::string_view content, ClientHello& hello) {
  Cursor outer(content);
  Cursor list(outer.vector(2));
  bool empty = list.at_end();
  while (!list.at_end()) {
    const std::string_view protocol = list.vector(1);
    empty |= protocol.empty();
    if (!is_grease(protocol)) hello.alpn.emplace_back(protocol);
  }
  if (outer.failed() || list.failed() || !outer.at_end() || empty) {
    return malformed("its list of application protocols is malformed (RFC 7301 section 3.1)");
  }
  return {};
}

base::Result<void> read_supported_versions(std::string_view content, ClientHello& hello) {
  Cursor outer(content);
  const std::string_view list = outer.vector(1);
  if (outer.failed() || !outer.at_end() || list.empty() || list.size() % 2 != 0) {
    return malformed("its list of versions is malformed (RFC 8446 section 4.2.1)");
  }
  // It replaces the version of the head, also where that was higher.
  hello.version = 0;
  for (Cursor versions(list); !versions.at_end();) {
    const unsigned version = versions.number(2);
    // The major version 3 is all TLS has; GREASE and drafts have others.
    if (version >> 8 == 3) {
      hello.version = std::max(hello.version, static_cast<std::uint16_t>(version));
    }
  }
  return {};
}

base::Result<void> read_extension(unsigned type, std::string_view content, ClientHello& hello) {
  switch (static_cast<Extension>(type)) {
    case Extension::kServerName: return read_server_name(content, hello);
    case Extension::kAlpn: return read_alpn(content, hello);
    case Extension::kSupportedVersions: return read_supported_versions(content, hello);
    case Extension::kEncryptedClientHello: hello.has_ech = true; return {};
  }
  return {};
}

base::Result<void> read_extensions(std::string_view list, ClientHello& hello) {
  std::bitset<0x10000> seen;
  for (Cursor extensions(list); !extensions.at_end();) {
    const unsigned type = extensions.number(2);
    const std::string_view content = extensions.vector(2);
    if (extensions.failed()) return malformed("an extension is cut short");
    if (seen.test(type)) {
      return malformed("extension " + std::to_string(type) +
                       " appears twice (RFC 8446 section 4.2)");
    }
    seen.set(type);
    if (base::Result<void> read = read_extension(type, content, hello); !read) return read;
  }
  return {};
}

}  // namespace

base::Result<ClientHello> parse_client_hello(std::string_view body) {
  Cursor cursor(body);
  ClientHello hello;
  const unsigned legacy_version = cursor.number(2);
  cursor.octets(kRandomOctets);
  const std::string_view session = cursor.vector(1);
  const std::string_view ciphers = cursor.vector(2);
  const std::string_view compressions = cursor.vector(1);
  if (cursor.failed() || session.size() > kMaxSessionId || ciphers.empty() ||
      ciphers.size() % 2 != 0 || compressions.empty()) {
    return malformed("what precedes the extensions is malformed (RFC 8446 section 4.1.2)");
  }
  if (legacy_version >> 8 == 3) {
    // 1.3 is offered by supported_versions alone.
    hello.version = static_cast<std::uint16_t>(std::min(legacy_version, kTls12));
  }
  if (cursor.at_end()) return hello;  // as TLS 1.2 allows
  const std::string_view extensions = cursor.vector(2);
  if (cursor.failed() || !cursor.at_end()) {
    return malformed("its extensions don't end where the message does");
  }
  if (const base::Result<void> read = read_extensions(extensions, hello); !read) {
    return base::fail(read.error());
  }
  return hello;
}

}  // namespace tls
