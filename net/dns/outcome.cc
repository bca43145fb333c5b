#include "net/dns/outcome.h"

#include <algorithm>
#include <cassert>
#include <cerrno>

namespace net::dns {

Outcome combine(const Outcome& v6, const Outcome& v4) {
  if (v6.addresses.empty() && v4.addresses.empty()) {
    return {std::min(v6.verdict, v4.verdict), {}, 0};
  }
  Outcome both{Verdict::kAddresses, {}, 0};
  // Half of the room each, and what one family leaves free to the other.
  const size_t half = kMaxAddresses / 2;
  const size_t v4_count =
      std::min(v4.addresses.size(),
               std::max(half, kMaxAddresses - std::min(kMaxAddresses, v6.addresses.size())));
  const size_t v6_count = std::min(v6.addresses.size(), kMaxAddresses - v4_count);
  both.addresses.assign(v6.addresses.begin(),
                        v6.addresses.begin() + static_cast<std::ptrdiff_t>(v6_count));
  both.addresses.insert(both.addresses.end(), v4.addresses.begin(),
                        v4.addresses.begin() + static_cast<std::ptrdiff_t>(v4_count));
  if (!is_answer(v6.verdict) || !is_answer(v4.verdict)) return both;
  if (v6.addresses.empty()) {
    both.ttl = v4.ttl;
  } else if (v4.addresses.empty()) {
    both.ttl = v6.ttl;
  } else {
    both.ttl = std::min(v6.ttl, v4.ttl);
  }
  return both;
}

base::Error failure(Verdict verdict, std::string_view name) {
  using base::ErrorCode;
  using base::Party;
  const std::string who(name);
  switch (verdict) {
    case Verdict::kNotFound:
      return {ErrorCode::kDnsNotFound, Party::kOrigin, 0,
              "the name " + who +
                  " does not exist (NXDOMAIN); check its spelling, and for a private zone "
                  "that the proxy's name servers serve it (dns.servers)"};
    case Verdict::kNoAddress:
      return {
          ErrorCode::kDnsNoAddress, Party::kOrigin, 0,
          "the name " + who + " exists but has neither A nor AAAA records; check the name's zone"};
    case Verdict::kServerFailure:
      return {ErrorCode::kDnsServerFailure, Party::kOrigin, 0,
              "the name servers failed to resolve " + who +
                  " (SERVFAIL or an unusable reply); check that "
                  "the name's zone is served, and its DNSSEC signatures"};
    case Verdict::kChainTooLong:
      return {ErrorCode::kDnsServerFailure, Party::kOrigin, 0,
              "the name " + who + " leads through more than " + std::to_string(kMaxAliases) +
                  " CNAMEs, and no longer chain is followed; shorten it in the zones that it "
                  "passes through"};
    case Verdict::kRefused:
      return {ErrorCode::kDnsRefused, Party::kProxy, ECONNREFUSED,
              "the name servers refuse to resolve " + who +
                  " for the proxy (REFUSED); check that they "
                  "allow recursion from its address (dns.servers)"};
    case Verdict::kTimeout:
      return {ErrorCode::kDnsTimeout, Party::kProxy, ETIMEDOUT,
              "no name server answered for " + who +
                  " in time (dns.query_timeout); check UDP and TCP "
                  "port 53 from the proxy to its name servers (dns.servers)"};
    case Verdict::kUnreachable:
      return {ErrorCode::kDnsUnreachable, Party::kProxy, ENETUNREACH,
              "no name server can be reached to resolve " + who +
                  "; check that the servers in dns.servers "
                  "or /etc/resolv.conf run and that the proxy has a route to them"};
    case Verdict::kAddresses: break;
  }
  assert(false && "a lookup that found addresses has not failed");
  return {};
}

}  // namespace net::dns
