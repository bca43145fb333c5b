#include "tls/ticket_keys.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>

namespace tls {
namespace {

constexpr int kIvOctets = 16;

TicketKeys::KeyPtr make_key(base::Instant now) {
  auto key = std::make_shared<TicketKey>();
  const auto fill = [](auto& octets) {
    return RAND_priv_bytes(octets.data(), static_cast<int>(octets.size())) == 1;
  };
  if (!fill(key->name) || !fill(key->cipher) || !fill(key->mac)) return nullptr;
  key->made = now;
  return key;
}

bool set_mac_key(EVP_MAC_CTX* mac, const TicketKey& key) {
  std::array<unsigned char, 32> secret = key.mac;  // OSSL_PARAM takes no constants
  std::array<char, 7> digest{"SHA256"};
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, secret.data(), secret.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  const bool set = EVP_MAC_CTX_set_params(mac, params) == 1;
  OPENSSL_cleanse(secret.data(), secret.size());
  return set;
}

// What OpenSSL reads from the callback's answer.
enum Answer : int { kFailed = -1, kNoTicket = 0, kUse = 1, kUseAndRenew = 2 };

int seal(TicketKeys& keys, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
         EVP_MAC_CTX* mac) {
  const TicketKeys::KeyPtr key = keys.sealing(base::steady_now());
  if (!key || RAND_bytes(iv, kIvOctets) != 1) return kFailed;
  std::copy(key->name.begin(), key->name.end(), name);
  const bool ready =
      EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv) == 1 &&
      set_mac_key(mac, *key);
  return ready ? kUse : kFailed;
}

int open(TicketKeys& keys, const unsigned char* name, const unsigned char* iv,
         EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) {
  const base::Instant now = base::steady_now();
  const TicketKeys::KeyPtr key = keys.opening(std::span<const unsigned char, 16>(name, 16), now);
  if (!key) return kNoTicket;
  const bool ready =
      EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv) == 1 &&
      set_mac_key(mac, *key);
  if (!ready) return kFailed;
  return key == keys.sealing(now) ? kUse : kUseAndRenew;
}

int on_ticket(SSL* ssl, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
              EVP_MAC_CTX* mac, int sealing) {
  auto& keys = *static_cast<TicketKeys*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  return sealing == 1 ? seal(keys, name, iv, cipher, mac) : open(keys, name, iv, cipher, mac);
}

SSL_TICKET_RETURN on_opened(SSL* ssl, SSL_SESSION* session, const unsigned char*, size_t,
                            SSL_TICKET_STATUS status, void*) {
  if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW) {
    return SSL_TICKET_RETURN_IGNORE_RENEW;
  }
  const X509* client = SSL_SESSION_get0_peer(session);
  if (client != nullptr && X509_cmp_current_time(X509_get0_notAfter(client)) <= 0) {
    return SSL_TICKET_RETURN_IGNORE_RENEW;
  }
  // A client uses a ticket of TLS 1.3 once and needs another (RFC 8446 §C.4).
  const bool renew = status == SSL_TICKET_SUCCESS_RENEW || SSL_version(ssl) >= TLS1_3_VERSION;
  return renew ? SSL_TICKET_RETURN_USE_RENEW : SSL_TICKET_RETURN_USE;
}

}  // namespace

TicketKey::~TicketKey() {
  OPENSSL_cleanse(cipher.data(), cipher.size());
  OPENSSL_cleanse(mac.data(), mac.size());
}

void TicketKeys::drop_old(base::Instant now) {
  const auto is_over = [now](const KeyPtr& key) { return key && now - key->made >= 2 * kLifetime; };
  if (is_over(previous_)) previous_.reset();
  if (is_over(current_)) current_.reset();
}

TicketKeys::KeyPtr TicketKeys::sealing(base::Instant now) {
  const std::lock_guard lock(mutex_);
  drop_old(now);
  if (current_ && now - current_->made < kLifetime) return current_;
  KeyPtr made = make_key(now);
  if (!made) return nullptr;
  previous_ = std::move(current_);
  current_ = std::move(made);
  return current_;
}

TicketKeys::KeyPtr TicketKeys::opening(std::span<const unsigned char, 16> name, base::Instant now) {
  const std::lock_guard lock(mutex_);
  drop_old(now);
  for (const KeyPtr& key : {current_, previous_}) {
    if (key && std::equal(name.begin(), name.end(), key->name.begin())) return key;
  }
  return nullptr;
}

bool use_tickets(ssl_ctx_st* context, TicketKeys& keys) {
  // A name of this context's own, without which OpenSSL resumes no session of a client that showed
  // a certificate.
  std::array<unsigned char, SSL_MAX_SID_CTX_LENGTH> id{};
  if (RAND_bytes(id.data(), id.size()) != 1 ||
      SSL_CTX_set_session_id_context(context, id.data(), id.size()) != 1 ||
      SSL_CTX_set_app_data(context, &keys) != 1 ||
      SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) != 1) {
    return false;
  }
  SSL_CTX_set_session_ticket_cb(context, nullptr, on_opened, nullptr);
  SSL_CTX_set_timeout(context, std::chrono::seconds(TicketKeys::kLifetime).count());
  SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
  // Clients in a cluster keep one session for each server (Go, curl).
  SSL_CTX_set_num_tickets(context, 1);
  return true;
}

}  // namespace tls
