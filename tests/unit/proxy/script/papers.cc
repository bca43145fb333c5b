#include "tests/unit/proxy/script/papers.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace proxy::script {
namespace {

using namespace std::chrono_literals;

// Without its papers no script can begin.
template <typename T>
T must(base::Result<T> made) {
  if (made) return std::move(*made);
  std::fprintf(stderr, "%s\n", made.error().detail.c_str());
  std::abort();
}

tls::Authority authority(const char* name) {
  const base::WallTime now = base::wall_now();
  return must(tls::Authority::create({name, now - 24h, now + 240h}));
}

}  // namespace

Papers::Papers() {
  const tls::Authority root = authority("Root");
  const tls::PrivateKey key = must(tls::PrivateKey::generate());
  const base::WallTime now = base::wall_now();
  const auto identity = [&](const char* name) {
    return must(root.issue({{name}, now - 1h, now + 24h}, key));
  };
  auto runtime = std::make_shared<TlsRuntime>();
  runtime->made_at = now;
  tls::ServerOptions both;
  both.alpn = {"h2", "http/1.1"};
  runtime->listener = must(tls::ServerContext::make({identity("proxy.test")}, both));
  runtime->issuer = must(tls::LeafIssuer::make(authority("Inspector")));
  runtime->leaves = must(tls::LeafServer::make());
  tls::TrustStore trust;
  trust.add(root.certificate());
  for (const http::Protocol protocol : {http::Protocol::kHttp1, http::Protocol::kHttp2}) {
    tls::ClientOptions options;
    if (protocol == http::Protocol::kHttp2) options.alpn.emplace_back(kAlpnHttp2);
    options.alpn.emplace_back("http/1.1");
    runtime->origins[static_cast<size_t>(protocol)] =
        must(tls::ClientContext::make(trust, options));
  }
  trust.add(runtime->issuer->authority().certificate());
  constexpr std::array kAlpn{"http/1.1", "h2"};
  for (size_t version = 0; version < kAlpn.size(); ++version) {
    tls::ServerOptions one;
    one.alpn = {kAlpn[version]};
    origins[version] = must(tls::ServerContext::make({identity("origin.test")}, one));
    tls::ClientOptions offer;
    offer.alpn = {kAlpn[version]};
    clients[version] = must(tls::ClientContext::make(trust, offer));
  }
  proxy = std::move(runtime);
}

const Papers& Papers::get() {
  static const Papers papers;
  return papers;
}

}  // namespace proxy::script
