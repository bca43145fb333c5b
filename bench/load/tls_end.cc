#include "bench/load/tls_end.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <unordered_map>

namespace load {
namespace {

// Names are answered from memory after their first time, up to this many.
constexpr std::size_t kMostIdentities = 100'000;

constexpr std::chrono::hours kValid{24};

}  // namespace

TlsEnd::TlsEnd(tls::SslPtr ssl) : ssl_(std::move(ssl)) {
  ::SSL_set_bio(ssl_.get(), ::BIO_new(::BIO_s_mem()), ::BIO_new(::BIO_s_mem()));
}

void TlsEnd::feed(std::string_view octets) {
  ::BIO_write(::SSL_get_rbio(ssl_.get()), octets.data(), static_cast<int>(octets.size()));
}

TlsEnd::Step TlsEnd::handshake() {
  ::ERR_clear_error();
  const int result = ::SSL_do_handshake(ssl_.get());
  if (result == 1) return Step::kOpen;
  const int why = ::SSL_get_error(ssl_.get(), result);
  return why == SSL_ERROR_WANT_READ ? Step::kWaiting : Step::kFailed;
}

bool TlsEnd::write(std::string_view content) {
  return ::SSL_write(ssl_.get(), content.data(), static_cast<int>(content.size())) ==
         static_cast<int>(content.size());
}

std::string TlsEnd::read() {
  std::string content;
  std::array<char, 16 * 1024> record;
  for (int got = 0; (got = ::SSL_read(ssl_.get(), record.data(), record.size())) > 0;) {
    content.append(record.data(), static_cast<std::size_t>(got));
  }
  return content;
}

std::string TlsEnd::take_output() {
  BIO* const out = ::SSL_get_wbio(ssl_.get());
  std::string octets(::BIO_ctrl_pending(out), '\0');
  if (!octets.empty()) ::BIO_read(out, octets.data(), static_cast<int>(octets.size()));
  return octets;
}

base::Result<TlsClients> TlsClients::create(const std::string& ca_file) {
  tls::SslContextPtr context(::SSL_CTX_new(::TLS_client_method()));
  if (::SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      "--ca " + ca_file + " can't be read as PEM certificates");
  }
  ::SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return TlsClients(std::move(context));
}

TlsClients::TlsClients(tls::SslContextPtr context) : context_(std::move(context)) {
  ::SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_cert_verify_callback(context_.get(), &TlsClients::verify, last_.get());
}

int TlsClients::verify(x509_store_ctx_st* chain, void* last) {
  auto* const verified = static_cast<Verified*>(last);
  const auto* ssl = static_cast<ssl_st*>(
      ::X509_STORE_CTX_get_ex_data(chain, ::SSL_get_ex_data_X509_STORE_CTX_idx()));
  std::string name = ::SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  std::string certificate = tls::Certificate::share(::X509_STORE_CTX_get0_cert(chain)).der();
  if (name == verified->name && certificate == verified->certificate) {
    ::X509_STORE_CTX_set_error(chain, X509_V_OK);
    return 1;
  }
  const int result = ::X509_verify_cert(chain);
  if (result == 1) *verified = {std::move(name), std::move(certificate)};
  return result;
}

TlsEnd TlsClients::open(const std::string& name) const {
  tls::SslPtr ssl(::SSL_new(context_.get()));
  // What SSL_set_tlsext_host_name is, without its old-style cast. The name is copied.
  ::SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(name.c_str()));
  ::SSL_set1_host(ssl.get(), name.c_str());
  ::SSL_set_connect_state(ssl.get());
  return TlsEnd(std::move(ssl));
}

struct TlsServers::State {
  State(tls::Authority from, tls::PrivateKey with)
      : authority(std::move(from)), key(std::move(with)) {}

  const tls::Identity* identity(const std::string& name) {
    const auto known = identities.find(name);
    if (known != identities.end()) return &known->second;
    if (identities.size() >= kMostIdentities) identities.clear();
    const auto now = base::wall_now();
    auto issued = authority.issue({{name}, now - kValid, now + kValid}, key);
    if (!issued) return nullptr;
    return &identities.emplace(name, std::move(*issued)).first->second;
  }

  // The last look at a handshake before the certificate goes out.
  static int choose(ssl_st* ssl, void* self) {
    const char* name = ::SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const tls::Identity* identity =
        static_cast<State*>(self)->identity(name == nullptr ? "no-name.test" : name);
    if (identity == nullptr) return 0;
    return ::SSL_use_certificate(ssl, identity->chain.front().raw()) == 1 &&
           ::SSL_use_PrivateKey(ssl, identity->key.raw()) == 1;
  }

  tls::Authority authority;
  tls::PrivateKey key;  // of all leaves
  std::unordered_map<std::string, tls::Identity> identities;
  tls::SslContextPtr context{::SSL_CTX_new(::TLS_server_method())};
};

TlsServers::TlsServers(const ServerTls& how)
    : state_(std::make_unique<State>(how.authority, how.authority.key())) {
  ::SSL_CTX_set_cert_cb(state_->context.get(), &State::choose, state_.get());
  if (how.tickets == ServerTls::Tickets::kNone) ::SSL_CTX_set_num_tickets(state_->context.get(), 0);
}

TlsServers::~TlsServers() = default;

TlsEnd TlsServers::open() const {
  tls::SslPtr ssl(::SSL_new(state_->context.get()));
  ::SSL_set_accept_state(ssl.get());
  return TlsEnd(std::move(ssl));
}

}  // namespace load
