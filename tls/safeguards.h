// The settings that verification by clients rests on, one a row, so that a test can leave out any
// of them and see something pass that must not. Only tls/ and its tests see this; everybody else
// gets all of them.
#pragma once

#include <span>
#include <string_view>

#include "tls/handles.h"
#include "tls/peer_name.h"

namespace tls {

// What holds for all connections of a context. False when this OpenSSL does not have it.
struct ContextSafeguard {
  std::string_view name;
  bool (*apply)(ssl_ctx_st* context);
};
// Of clients and servers (tls/settings.cc).
std::span<const ContextSafeguard> common_safeguards();
// Of clients (tls/verify.cc).
std::span<const ContextSafeguard> client_safeguards();

// What holds for the connection to one peer. False when out of memory, or for a peer that is
// nobody.
struct PeerSafeguard {
  std::string_view name;
  bool (*apply)(ssl_st* ssl, const PeerName& peer);
};
std::span<const PeerSafeguard> peer_safeguards();

}  // namespace tls
