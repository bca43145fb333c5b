// Replies of a hostile name server: any packet is read within bounds, and what the cache gives back
// is what it was given, for no longer than it may be kept.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "net/dns/cache.h"
#include "net/dns/reply.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Steps of: which name and family, how much time goes by, the size of a packet, the packet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace net::dns;
  constexpr std::array<std::string_view, 4> kNames{"a.test", "www.example.test", "b", ""};
  constexpr CacheLimits kLimits{3, base::Millis(100), base::Millis(5000), base::Millis(200)};
  Cache cache(kLimits);
  base::Instant now{};
  for (std::span<const std::uint8_t> rest(data, size); rest.size() >= 4;) {
    const std::string_view name = kNames[rest[0] % kNames.size()];
    const auto family = rest[0] < 128 ? base::Family::kV4 : base::Family::kV6;
    now += base::Millis(rest[1] * 10);
    const std::size_t wanted = static_cast<std::size_t>(rest[2]) << 8 | rest[3];
    rest = rest.subspan(4);
    const std::span packet = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(packet.size());
    const Outcome outcome = read_reply(packet, name, family);
    check(outcome.addresses.size() <= kMaxAddresses);
    check((outcome.verdict == Verdict::kAddresses) == !outcome.addresses.empty());
    for (const auto& address : outcome.addresses) check(address.family() == family);
    cache.find(name, now);
    cache.store(name, outcome, now);
    const Outcome* kept = cache.find(name, now);
    check(kept != nullptr && *kept == outcome && cache.size() <= kLimits.entries);
    if (wanted % 7 == 0) check(cache.find(name, now + kLimits.max_ttl) == nullptr);
  }
  return 0;
}
