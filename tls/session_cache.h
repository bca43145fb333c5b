// Sessions with origins that may be resumed.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "tls/handles.h"

namespace tls {

// The sessions of one thread, the least recently used dropped first. A resumed session repeats the
// verdict of its first handshake without looking at any certificate, so that verdict has an end of
// its own: `kVerdictLifetime` after the handshake that verified, and never beyond the first
// certificate of the chain that expires. Resuming does not prolong it.
class SessionCache {
 public:
  static constexpr std::chrono::hours kVerdictLifetime{1};

  // `capacity`: sessions, of 2 to 8 KiB each.
  explicit SessionCache(size_t capacity) : capacity_(capacity) {}
  SessionCache(const SessionCache&) = delete;
  SessionCache& operator=(const SessionCache&) = delete;

  struct Found {
    SessionPtr session;  // null when there is none
    base::WallTime verdict_until;
  };
  // A session for another connection of that key. One of TLS 1.3 leaves the cache, since a ticket
  // used twice lets observers tell that both connections are one client's (RFC 8446 §C.4).
  Found take(std::string_view key, base::WallTime now);
  // Keeps `session` in the place of any older one of that key.
  void put(std::string_view key, SessionPtr session, base::WallTime verdict_until);

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    SessionPtr session;
    base::WallTime verdict_until;
  };
  using Entries = std::list<Entry>;
  void erase(Entries::iterator entry);

  size_t capacity_;
  Entries entries_;  // the most recently used first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;
};

// Where one connection finds a session to resume, and leaves those that it is given.
struct SessionPlace {
  SessionCache* cache = nullptr;  // outlives the connection; null resumes and keeps nothing
  // Whose sessions these are; two connections share one only if their keys are equal. The context
  // and the peer's name are part of it anyway; the caller adds the port and who asks.
  std::string key;
};

// Makes `context` hand its connections' sessions to their keepers, but for those in which the
// server asked for a certificate.
void keep_sessions(ssl_ctx_st* context);

// Carries a connection's sessions to its place. Part of PeerCheck, where OpenSSL's callback finds
// it.
class SessionKeeper {
 public:
  explicit SessionKeeper(SessionPlace place) : place_(std::move(place)) {}
  // Lets `ssl` resume what the place has, before its handshake.
  void offer(ssl_st* ssl);
  // The handshake is over: its verdict, if it is a new one, counts from now.
  void note_verdict(const ssl_st* ssl);
  void keep(const ssl_st* ssl, SessionPtr session);

 private:
  SessionPlace place_;
  base::WallTime offered_until_{};  // the end of the offered session's verdict
  std::optional<base::WallTime> verdict_until_;
};

}  // namespace tls
