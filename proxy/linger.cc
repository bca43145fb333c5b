#include "proxy/linger.h"

#include <array>

#include "net/await.h"
#include "net/io.h"

namespace proxy {
namespace {

// Many clients read no answer before they have sent all of a body, however large, so octets have no
// bound; time has.
struct Limits {
  base::Millis silence;
  base::Millis all;
};
constexpr Limits kUsual{base::Millis{5000}, base::Millis{30000}};
constexpr Limits kBrief{base::Millis{2000}, base::Millis{2000}};
// What a fast client may throw at us before others get their turn.
constexpr size_t kOctetsPerTurn = 1024 * 1024;

}  // namespace

net::Task<void> linger(net::Loop& loop, Connection& client, LingerTime time) {
  client.stream().shutdown_write();
  const Limits& limits = time == LingerTime::kBrief ? kBrief : kUsual;
  const net::Patience until{limits.silence, loop.now() + limits.all};
  std::array<char, 4096> discard;
  for (size_t octets = 0;;) {
    // From the carrier: what is thrown away needs no deciphering, and a TLS handshake that was
    // given up has no octets to give.
    auto reading = net::read_some(client.carrier(), discard, until);
    const base::Result<size_t> got = co_await reading;
    if (!got || *got == 0) co_return;
    octets += *got;
    if (octets < kOctetsPerTurn) continue;
    octets = 0;
    if (loop.now() >= until.until) co_return;
    net::SleepAwaiter next_turn(loop, loop.now());
    co_await next_turn;
  }
}

}  // namespace proxy
