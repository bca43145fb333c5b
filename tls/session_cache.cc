#include "tls/session_cache.h"

#include <openssl/ssl.h>

#include <algorithm>

#include "tls/certificate.h"
#include "tls/verify.h"

namespace tls {
namespace {

bool is_single_use(const SSL_SESSION* session) {
  return SSL_SESSION_get_protocol_version(session) >= TLS1_3_VERSION;
}

// The server says how long it will keep its side.
bool is_over(const SSL_SESSION* session, base::WallTime now) {
  const base::WallTime end = std::chrono::system_clock::from_time_t(
      static_cast<std::time_t>(SSL_SESSION_get_time(session) + SSL_SESSION_get_timeout(session)));
  return now >= end || SSL_SESSION_is_resumable(session) != 1;
}

// The end of a verdict that was reached now.
base::WallTime verdict_end(const SSL* ssl) {
  base::WallTime end = base::wall_now() + SessionCache::kVerdictLifetime;
  const STACK_OF(X509)* chain = SSL_get0_verified_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    end = std::min(end, Certificate::share(sk_X509_value(chain, i)).not_after());
  }
  return end;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) {
  const auto* check = static_cast<const PeerCheck*>(SSL_get_app_data(ssl));
  if (check == nullptr || !check->keeper) return 0;
  // A resumed handshake would not say that the server asks for a certificate.
  if (check->client_certificate_requested) return 0;
  check->keeper->keep(ssl, SessionPtr(session));
  return 1;  // the reference is ours
}

}  // namespace

SessionCache::Found SessionCache::take(std::string_view key, base::WallTime now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return {};
  const Entries::iterator entry = found->second;
  if (now >= entry->verdict_until || is_over(entry->session.get(), now)) {
    erase(entry);
    return {};
  }
  Found taken{nullptr, entry->verdict_until};
  if (is_single_use(entry->session.get())) {
    taken.session = std::move(entry->session);
    erase(entry);
    return taken;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  SSL_SESSION_up_ref(entry->session.get());
  taken.session.reset(entry->session.get());
  return taken;
}

void SessionCache::put(std::string_view key, SessionPtr session, base::WallTime verdict_until) {
  if (capacity_ == 0) return;
  if (const auto found = by_key_.find(key); found != by_key_.end()) erase(found->second);
  if (entries_.size() == capacity_) erase(std::prev(entries_.end()));
  entries_.push_front({std::string(key), std::move(session), verdict_until});
  by_key_.emplace(entries_.front().key, entries_.begin());
}

void SessionCache::erase(Entries::iterator entry) {
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

void keep_sessions(ssl_ctx_st* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, on_new_session);
  SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
}

void SessionKeeper::offer(ssl_st* ssl) {
  const SessionCache::Found found = place_.cache->take(place_.key, base::wall_now());
  if (!found.session) return;
  offered_until_ = found.verdict_until;
  SSL_set_session(ssl, found.session.get());
}

void SessionKeeper::note_verdict(const ssl_st* ssl) {
  if (verdict_until_) return;
  verdict_until_ = SSL_session_reused(ssl) == 1 ? offered_until_ : verdict_end(ssl);
}

void SessionKeeper::keep(const ssl_st* ssl, SessionPtr session) {
  // In TLS 1.2 the session comes before the handshake is over, in 1.3 any time after.
  note_verdict(ssl);
  if (SSL_get_verify_result(ssl) != X509_V_OK) return;
  place_.cache->put(place_.key, std::move(session), *verdict_until_);
}

}  // namespace tls
