#include "net/dns/resolver.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/dns/resolv_conf.h"

namespace net::dns {
namespace {

constexpr const char* kResolvConf = "/etc/resolv.conf";

// A single server is tried three times, with waits of t, 2t and 4t; several are gone through twice,
// with a wait of t each. Both fill query_timeout.
constexpr int kTriesOfOne = 3;
constexpr int kWaitsOfOne = 7;
constexpr size_t kRoundsOfMany = 2;

base::Result<Servers> open_servers(Loop& loop, const std::vector<base::Endpoint>& endpoints,
                                   base::Millis query_timeout) {
  const bool one = endpoints.size() == 1;
  Servers servers;
  servers.rounds = one ? 1 : kRoundsOfMany;
  const auto waits = one ? kWaitsOfOne : static_cast<int>(endpoints.size() * kRoundsOfMany);
  const base::Millis wait = std::max(base::Millis(1), query_timeout / waits);
  for (const base::Endpoint& endpoint : endpoints) {
    auto channel = Channel::open(loop, endpoint, wait, one ? kTriesOfOne : 1);
    if (!channel) return base::fail(std::move(channel).error());
    servers.channels.push_back(std::move(*channel));
  }
  return servers;
}

base::Failure too_many(const std::string& name, std::uint32_t max_queries, const Claim& claim) {
  return base::fail(
      base::ErrorCode::kDnsServerFailure, base::Party::kProxy,
      "the name " + name + " was not looked up: the proxy looks up " + std::to_string(max_queries) +
          " names already (dns.max_queries), " + std::to_string(claim.lookups) +
          " of them for this client; check that its name servers are quick, or raise the limit",
      EBUSY);
}

base::Failure too_late(const std::string& name) {
  return base::fail(base::ErrorCode::kDnsTimeout, base::Party::kProxy,
                    "the name " + name +
                        " was not resolved within the request's time; check that the proxy's name "
                        "servers are quick (dns.servers)",
                    ETIMEDOUT);
}

base::Result<Answer> answer_of(const Outcome& outcome, const std::string& name,
                               Answer::Source source) {
  if (outcome.verdict != Verdict::kAddresses) return base::fail(failure(outcome.verdict, name));
  return Answer{outcome.addresses, source};
}

}  // namespace

base::Result<std::unique_ptr<Resolver>> Resolver::create(Loop& loop, const Options& options) {
  std::vector<base::Endpoint> endpoints = options.servers;
  if (endpoints.empty()) {
    auto system = read_resolv_conf(kResolvConf);
    if (!system) return base::fail(std::move(system).error());
    endpoints = std::move(*system);
  }
  auto servers = open_servers(loop, endpoints, options.query_timeout);
  if (!servers) return base::fail(std::move(servers).error());
  return std::unique_ptr<Resolver>(new Resolver(loop, options, std::move(*servers)));
}

Resolver::Resolver(Loop& loop, const Options& options, Servers servers)
    : loop_(loop),
      max_queries_(options.max_queries),
      cache_({options.cache_entries, options.min_ttl, options.max_ttl, options.negative_ttl}),
      query_timeout_(options.query_timeout),
      servers_(std::move(servers)),
      alive_(std::make_shared<const bool>(true)) {
  for (const Override& host : options.hosts) {
    auto& addresses = overrides_[host.name];
    addresses.insert(addresses.end(), host.addresses.begin(), host.addresses.end());
  }
}

Resolver::~Resolver() = default;

Task<base::Result<Answer>> Resolver::resolve(std::string name, base::Instant deadline,
                                             Claim& claim) {
  if (const auto literal = base::IpAddress::parse(name)) {
    co_return Answer{{*literal}, Answer::Source::kLiteral};
  }
  if (const auto found = overrides_.find(name); found != overrides_.end()) {
    co_return Answer{found->second, Answer::Source::kOverride};
  }
  if (const Outcome* cached = cache_.find(name, loop_.now())) {
    ++cache_hits_;
    co_return answer_of(*cached, name, Answer::Source::kCache);
  }
  Flight* flight = join(name, claim);
  if (flight == nullptr) co_return too_many(name, max_queries_, claim);
  const std::uint32_t max_queries = max_queries_;
  Flight::Waiter waiter(*flight, claim, deadline);
  const std::optional<Outcome> outcome = co_await waiter;
  // The resolver may be gone: no member from here on.
  if (waiter.was_given_up()) co_return too_many(name, max_queries, claim);
  if (!outcome) co_return too_late(name);
  co_return answer_of(*outcome, name, Answer::Source::kQuery);
}

size_t Resolver::questions() const {
  size_t sum = 0;
  for (const auto& channel : servers_.channels) sum += channel->pending();
  return sum;
}

Flight* Resolver::join(const std::string& name, const Claim& claim) {
  if (const auto found = flights_.find(name); found != flights_.end()) return found->second.get();
  if (flights_.size() >= max_queries_ && !make_room(claim)) return nullptr;
  auto& flight = flights_[name];
  flight = std::make_unique<Flight>(loop_, servers_, name, static_cast<Flight::Owner&>(*this));
  queries_ += 2;
  flight->start();
  return flight.get();
}

// Ends a lookup that nobody waits for any more, or one of the client that has most of them, if the
// other is left with no fewer than this one then has.
bool Resolver::make_room(const Claim& claim) {
  for (;;) {
    Flight* most = nullptr;
    for (const auto& [name, flight] : flights_) {
      if (std::find(landed_.begin(), landed_.end(), flight.get()) != landed_.end()) continue;
      const Claim* payer = flight->payer();
      if (payer == nullptr) {
        end(*flight);
        return true;
      }
      if (most == nullptr || payer->lookups > most->payer()->lookups) most = flight.get();
    }
    if (most == nullptr || most->payer()->lookups <= claim.lookups + 1) return false;
    if (most->pass_on()) continue;
    most->give_up(given_up_);
    end(*most);
    deliver_soon();
    return true;
  }
}

void Resolver::end(const Flight& flight) {
  std::erase(landed_, &flight);
  const std::string name = flight.name();
  flights_.erase(name);
}

void Resolver::on_flight(Flight& flight) {
  if (std::find(landed_.begin(), landed_.end(), &flight) == landed_.end()) {
    landed_.push_back(&flight);
  }
  deliver_soon();
}

// What had all its time and no answer is remembered as any failure is (RFC 9520 §3.2).
void Resolver::on_abandoned(Flight& flight) {
  if (loop_.now() >= flight.began() + query_timeout_) {
    ++failures_;
    Outcome outcome;
    outcome.verdict = Verdict::kTimeout;
    cache_.store(flight.name(), outcome, loop_.now());
  }
  end(flight);
}

void Resolver::deliver_soon() {
  if (std::exchange(delivery_, Delivery::kSoon) == Delivery::kSoon) return;
  loop_.defer([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) deliver();
  });
}

void Resolver::deliver() {
  delivery_ = Delivery::kNone;
  // Everything of the resolver is in order before the first waiter runs: it may ask again, or end
  // it.
  Flight::Served served;
  served.take_all(given_up_);
  for (Flight* flight : std::exchange(landed_, {})) {
    flight->serve(served);
    if (!flight->over()) continue;
    const Outcome outcome = flight->outcome();
    if (outcome.verdict != Verdict::kAddresses) ++failures_;
    cache_.store(flight->name(), outcome, loop_.now());
    end(*flight);
  }
  served.resume();
}

}  // namespace net::dns
