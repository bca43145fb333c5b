#include "tls/settings.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "tls/error.h"
#include "tls/safeguards.h"

namespace tls {
namespace {

// Forward secrecy always (RFC 9325 §4.1), and AEAD only.
constexpr const char* kServerCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384:P-521";

// Level 2: at least 112 bits, which refuses RSA below 2048 and SHA-1 signatures.
constexpr int kSecurityLevel = 2;
// Intermediates between leaf and root; public chains have one to three.
constexpr int kMaxIntermediates = 8;
// Octets of the peer's chain: 1000 names fit, 10 000 don't.
constexpr long kMaxChainBytes = 100 * 1024;

constexpr std::uint64_t kWanted = SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA;
// openssl.cnf can set these for every program of the system.
constexpr std::uint64_t kUnwanted =
    SSL_OP_ALLOW_CLIENT_RENEGOTIATION | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3;

constexpr std::uint64_t kModes = SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS |
                                 SSL_MODE_AUTO_RETRY;

constexpr ContextSafeguard kSafeguards[] = {
    {"security level",
     [](SSL_CTX* context) {
       SSL_CTX_set_security_level(context, kSecurityLevel);
       return true;
     }},
    {"TLS 1.2 at least",
     [](SSL_CTX* context) { return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1; }},
    {"intermediates",
     [](SSL_CTX* context) {
       SSL_CTX_set_verify_depth(context, kMaxIntermediates);
       return true;
     }},
    {"octets of the chain",
     [](SSL_CTX* context) {
       SSL_CTX_set_max_cert_list(context, kMaxChainBytes);
       return true;
     }},
    {"no renegotiation",
     [](SSL_CTX* context) {
       return (SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION) & SSL_OP_NO_RENEGOTIATION) !=
              0;
     }},
    {"no server without RFC 5746",
     [](SSL_CTX* context) {
       // Either of them lets one in.
       SSL_CTX_clear_options(
           context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
       return true;
     }},
    {"truncation is an error",
     [](SSL_CTX* context) {
       SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
       return true;
     }},
};

int on_alpn(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
            const unsigned char* offered, unsigned int offered_size, void* argument) {
  const auto& ours = *static_cast<const std::string*>(argument);
  unsigned char* selected = nullptr;
  const int found = SSL_select_next_proto(
      &selected, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
      static_cast<unsigned>(ours.size()), offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::span<const ContextSafeguard> common_safeguards() { return kSafeguards; }

base::Result<SslContextPtr> make_context(Role role) {
  ERR_clear_error();
  const bool client = role == Role::kClient;
  SslContextPtr context(SSL_CTX_new(client ? TLS_client_method() : TLS_server_method()));
  SSL_CTX* const raw = context.get();
  if (raw == nullptr) return library_failure("cannot make a TLS context", "check openssl.cnf");
  const bool guarded = std::ranges::all_of(
      kSafeguards, [raw](const ContextSafeguard& safeguard) { return safeguard.apply(raw); });
  if (!guarded || SSL_CTX_set_max_proto_version(raw, TLS1_3_VERSION) != 1 ||
      (!client && SSL_CTX_set_cipher_list(raw, kServerCiphers) != 1) ||
      SSL_CTX_set_ciphersuites(raw, TLS_DEFAULT_CIPHERSUITES) != 1 ||
      SSL_CTX_set1_groups_list(raw, kGroups) != 1) {
    return library_failure("this OpenSSL lacks the protocols, ciphers or groups that Sluice needs",
                           "expected OpenSSL 3.0 or later with ECDHE and AES-GCM");
  }
  SSL_CTX_clear_options(raw, kUnwanted);
  SSL_CTX_set_options(raw, kWanted);
  SSL_CTX_set_mode(raw, kModes);
  SSL_CTX_set_read_ahead(raw, 1);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_early_data(raw, 0);
  if (!client) SSL_CTX_set_num_tickets(raw, 0);
  return context;
}

base::Result<std::string> alpn_wire(const std::vector<std::string>& protocols) {
  std::string wire;
  for (const std::string& protocol : protocols) {
    if (protocol.empty() || protocol.size() > 255) {
      return base::fail(base::ErrorCode::kInternal, base::Party::kProxy,
                        "an ALPN protocol name has " + std::to_string(protocol.size()) +
                            " octets; expected 1 to 255 (RFC 7301 section 3.1)");
    }
    wire += static_cast<char>(protocol.size());
    wire += protocol;
  }
  return wire;
}

void choose_protocol(ssl_ctx_st* context, const std::string& protocols) {
  // OpenSSL hands the argument on without its const.
  SSL_CTX_set_alpn_select_cb(context, on_alpn, const_cast<std::string*>(&protocols));
}

}  // namespace tls
