// A CONNECT that is refused inside TLS (tls.refusals): clients show the page of a response, and of
// a failed CONNECT nothing but its reason phrase.
#include <algorithm>

#include "base/error.h"
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {

using inspect::Exemption;

// Whether a client whose CONNECT to `target` failed with `error` gets a 200 and hears it inside.
// What would not be inspected is not impersonated either.
bool Session::tells_inside(const http::Authority& target, const base::Error& error) const {
  const config::Tls& tls = caller_.runtime->config.tls;
  return tls.refusals == config::Refusals::kInside && tls.connect == config::Connect::kInspect &&
         caller_.runtime->tls->issuer != nullptr && base::status_of(error.code) != 0 &&
         inspect::exempt_by_name(tls, target.host) == Exemption::kNone;
}

// Goes on behind the 200 of a CONNECT to `target`, which account_.refusal says is refused. No
// origin is contacted; every request inside gets the refusal as its answer.
net::Task<Session::Next> Session::refuse_inside(http::Authority target) {
  base::Error why = *account_.refusal;
  auto reading = read_hello();
  const base::Result<inspect::Peeked> peeked = co_await reading;
  if (!peeked || peeked->kind == inspect::Peeked::Kind::kNotTls) {
    // There is nothing to tell it in.
    finish(std::move(why));
    co_return Next::kAbort;
  }
  const tls::ClientHello& hello = peeked->hello;
  account_.record.server_name = hello.server_name;
  auto inside = std::make_unique<inspect::Inside>();
  inside->dialled = target;
  inside->origin = std::move(target);
  if (!hello.server_name.empty() && hello.server_name != inside->origin.host) {
    inside->origin.host = hello.server_name;
    inside->origin.literal.reset();
  }
  if (std::find(hello.alpn.begin(), hello.alpn.end(), kAlpnHttp2) != hello.alpn.end()) {
    inside->offer = http::Protocol::kHttp2;
  }
  auto peer = tls::PeerName::parse(inside->origin.host);
  const bool exempt = inspect::exempt_by_name(caller_.runtime->config.tls, inside->origin.host) !=
                          Exemption::kNone ||
                      exemption_of(*inside) != Exemption::kNone;
  if (!peer || exempt || !inspect::offers_http(hello.alpn)) {
    auto refusing = refuse_hello(std::move(why), Alert::kAccessDenied);
    co_return co_await refusing;
  }
  inside->peer = std::move(*peer);
  inside->refusal =
      inspect::Refusal{std::move(why),          tls::Fault::kNone,    std::nullopt,
                       account_.record.verdict, account_.record.rule, account_.next_step};
  account_.record.inspection = "inspected";
  auto meeting = meet_client(std::move(inside));
  co_return co_await meeting;
}

}  // namespace proxy
