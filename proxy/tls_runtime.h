// What the tls.* keys come to: files read, contexts made. Immutable, shared by workers and sessions
// like the rest of a Runtime, and made anew when a file changes.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file_stamp.h"
#include "base/result.h"
#include "config/schema.h"
#include "http/head.h"
#include "tls/client.h"
#include "tls/leaf_issuer.h"
#include "tls/leaf_server.h"
#include "tls/server.h"

namespace proxy {

// HTTP/2 in ALPN (RFC 9113 §3.1).
inline constexpr std::string_view kAlpnHttp2 = "h2";

// What a handshake has agreed on.
inline http::Protocol protocol_of(std::string_view alpn) {
  return alpn == kAlpnHttp2 ? http::Protocol::kHttp2 : http::Protocol::kHttp1;
}

struct TlsRuntime {
  // Fails with a sentence that names the file and what to do about it.
  static base::Result<std::shared_ptr<const TlsRuntime>> make(const config::Tls& config,
                                                              base::WallTime now);

  // Whether a file has changed since, or the leaves' key has served its time.
  bool is_stale(const config::Tls& config, base::WallTime now) const;

  // Of the key that all leaves share.
  static constexpr std::chrono::hours kKeyLifetime{24};

  std::vector<std::string> warnings;  // what is odd about the files but works
  base::WallTime made_at;
  std::vector<base::FileStamp> stamps;

  std::shared_ptr<const tls::ServerContext> listener;  // null without tls.listen

  // Null without an inspection CA, all three.
  std::shared_ptr<const tls::LeafIssuer> issuer;
  std::shared_ptr<const tls::LeafServer> leaves;
  // By the latest version of HTTP that is offered.
  std::array<std::shared_ptr<const tls::ClientContext>, 2> origins;

 private:
  static std::vector<base::FileStamp> stamps_of(const config::Tls& config);
};

}  // namespace proxy
