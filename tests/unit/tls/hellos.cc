#include "tests/unit/tls/hellos.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdlib>

#include "tls/handles.h"
#include "tls/settings.h"

namespace tls_test {
namespace {

void check(bool fine) {
  if (!fine) std::abort();
}

// A connection with two memory BIOs.
tls::SslPtr in_memory(SSL_CTX* context) {
  tls::SslPtr ssl(SSL_new(context));
  check(ssl != nullptr);
  SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  return ssl;
}

int note_name(SSL* ssl, int*, void* noted) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  *static_cast<std::optional<std::string>*>(noted) = name == nullptr ? "" : name;
  return SSL_TLSEXT_ERR_OK;
}

// Comes after all extensions have been read, and after note_name.
int stop_here(SSL*, void*) { return 0; }

}  // namespace

std::string openssl_hello(const HelloOptions& options) {
  const tls::SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 2);
  check(SSL_CTX_set_min_proto_version(context.get(), options.min_version) == 1 &&
        SSL_CTX_set_max_proto_version(context.get(), options.max_version) == 1);
  std::vector<std::string> protocols = options.alpn;
  protocols.insert(protocols.end(), options.padding_protocols, std::string(255, 'p'));
  const base::Result<std::string> wire = tls::alpn_wire(protocols);
  const auto* alpn = reinterpret_cast<const unsigned char*>(wire->data());
  check(wire->empty() ||
        SSL_CTX_set_alpn_protos(context.get(), alpn, static_cast<unsigned>(wire->size())) == 0);
  const tls::SslPtr ssl = in_memory(context.get());
  std::string name = options.server_name;
  check(name.empty() || SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                                 name.data()) == 1);
  SSL_set_connect_state(ssl.get());
  SSL_do_handshake(ssl.get());
  ERR_clear_error();
  char* data = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(ssl.get()), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::optional<std::string> openssl_reading(std::string_view octets) {
  static const tls::SslContextPtr kContext(SSL_CTX_new(TLS_server_method()));
  std::optional<std::string> name;
  // SSL_CTX_set_tlsext_servername_callback without its old-style cast.
  SSL_CTX_callback_ctrl(kContext.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                        reinterpret_cast<void (*)()>(note_name));
  SSL_CTX_set_tlsext_servername_arg(kContext.get(), &name);
  SSL_CTX_set_cert_cb(kContext.get(), stop_here, nullptr);
  const tls::SslPtr ssl = in_memory(kContext.get());
  SSL_set_accept_state(ssl.get());
  BIO_write(SSL_get_rbio(ssl.get()), octets.data(), static_cast<int>(octets.size()));
  SSL_do_handshake(ssl.get());
  ERR_clear_error();
  return name;
}

std::string octets_of(std::size_t number, std::size_t size) {
  std::string octets;
  while (size-- > 0) octets += static_cast<char>(number >> (8 * size) & 0xff);
  return octets;
}

std::string vector_of(std::string_view content, std::size_t size) {
  return octets_of(content.size(), size) + std::string(content);
}

std::string server_name_extension(std::string_view name) {
  return vector_of(octets_of(0, 1) + vector_of(name, 2), 2);
}

std::string alpn_extension(const std::vector<std::string>& protocols) {
  std::string list;
  for (const std::string& protocol : protocols) list += vector_of(protocol, 1);
  return vector_of(list, 2);
}

std::string versions_extension(const std::vector<std::uint16_t>& versions) {
  std::string list;
  for (const std::uint16_t version : versions) list += octets_of(version, 2);
  return vector_of(list, 1);
}

std::string hello_body(const Extensions& extensions, std::uint16_t legacy_version) {
  std::string list;
  for (const auto& [type, content] : extensions) list += octets_of(type, 2) + vector_of(content, 2);
  return octets_of(legacy_version, 2) + std::string(32, 'r') + vector_of("", 1) +
         vector_of(std::string("\x13\x01\xc0\x2f", 4), 2) + vector_of(std::string(1, '\0'), 1) +
         (extensions.empty() ? std::string() : vector_of(list, 2));
}

std::string hello_message(std::string_view body) { return octets_of(1, 1) + vector_of(body, 3); }

std::string server_hello(std::uint16_t version, std::uint16_t cipher, const Extensions& extensions,
                         std::string_view random_end) {
  std::string list;
  for (const auto& [type, content] : extensions) list += octets_of(type, 2) + vector_of(content, 2);
  return octets_of(2, 1) +
         vector_of(octets_of(version, 2) + std::string(24, 'r') + std::string(random_end) +
                       vector_of("", 1) + octets_of(cipher, 2) + octets_of(0, 1) +
                       (extensions.empty() ? std::string() : vector_of(list, 2)),
                   3);
}

std::string in_records(std::string_view message, std::size_t size) {
  std::string records;
  for (; !message.empty(); message.remove_prefix(std::min(size, message.size()))) {
    records += octets_of(0x160301, 3) + vector_of(message.substr(0, size), 2);
  }
  return records;
}

std::string hello(const Extensions& extensions) {
  return in_records(hello_message(hello_body(extensions)));
}

}  // namespace tls_test
