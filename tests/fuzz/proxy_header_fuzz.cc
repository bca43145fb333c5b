// The first octets of a connection from a load balancer: read whole, and cut at the first octet.
#include <cstdint>
#include <cstdlib>

#include "net/proxy_header.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  net::ProxyHeader whole;
  const std::size_t taken = whole.feed(octets);
  require(taken <= size);
  require(taken == size || whole.state() != net::ProxyHeader::State::kMore);
  require(whole.fault().empty() == (whole.state() != net::ProxyHeader::State::kMalformed));

  net::ProxyHeader cut;
  std::size_t taken_cut = 0;
  for (const char& octet : octets) taken_cut += cut.feed({&octet, 1});
  require(taken_cut == taken);
  require(cut.state() == whole.state());
  require(cut.client() == whole.client());
  require(cut.fault() == whole.fault());
  return 0;
}
