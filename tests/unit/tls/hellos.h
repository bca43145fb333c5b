// ClientHellos: those of OpenSSL, and those that a test puts together octet by octet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tls_test {

struct HelloOptions {
  std::string server_name = {};        // none when empty
  std::vector<std::string> alpn = {};  // none when empty
  int min_version = 0;                 // TLS1_2_VERSION, …; 0: any
  int max_version = 0;
  std::size_t padding_protocols = 0;  // further ALPN names of 255 octets, to make it long
};
// The octets that an OpenSSL client sends first.
std::string openssl_hello(const HelloOptions& options);

// How OpenSSL as a server reads `octets`: the name it would serve; none when it refuses.
std::optional<std::string> openssl_reading(std::string_view octets);

// `number` in `size` octets.
std::string octets_of(std::size_t number, std::size_t size);
// `content` behind its length in `size` octets.
std::string vector_of(std::string_view content, std::size_t size);

using Extensions = std::vector<std::pair<std::uint16_t, std::string>>;

std::string server_name_extension(std::string_view name);
std::string alpn_extension(const std::vector<std::string>& protocols);
std::string versions_extension(const std::vector<std::uint16_t>& versions);

// The body of a ClientHello with these extensions.
std::string hello_body(const Extensions& extensions, std::uint16_t legacy_version = 0x0303);
// The handshake message of a body.
std::string hello_message(std::string_view body);
// The message of a server that chooses `cipher`. `random_end` are the last 8 octets of its random.
std::string server_hello(std::uint16_t version, std::uint16_t cipher, const Extensions& extensions,
                         std::string_view random_end = "rrrrrrrr");
// `message` in handshake records of at most `size` octets each.
std::string in_records(std::string_view message, std::size_t size = 16'384);
// All of it: what a client with these extensions sends.
std::string hello(const Extensions& extensions);

}  // namespace tls_test
