#include "net/system_lookup.h"

#include <netdb.h>
#include <uv.h>

#include <algorithm>
#include <memory>

#include "net/await.h"
#include "net/endpoint.h"

namespace net {
namespace {

using base::ErrorCode;
using base::Party;

// Shared by the waiting task and the request in libuv's thread pool, either of which may end first.
struct Lookup {
  explicit Lookup(Loop& loop) : done(loop) {}
  uv_getaddrinfo_t request{};
  Event done;
  int status = 0;
  std::vector<base::IpAddress> addresses;
  std::shared_ptr<Lookup> self;  // while the request runs
};

void on_answer(uv_getaddrinfo_t* request, int status, addrinfo* list) {
  const std::shared_ptr<Lookup> lookup = std::move(static_cast<Lookup*>(request->data)->self);
  lookup->status = status;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    sockaddr_storage storage{};
    std::copy_n(reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen,
                reinterpret_cast<char*>(&storage));
    lookup->addresses.push_back(from_sockaddr(storage).address);
  }
  uv_freeaddrinfo(list);
  lookup->done.set();
}

base::Failure lookup_failure(const std::string& host, int status) {
  const std::string said = " (" + std::string(uv_strerror(status)) + ")";
  switch (status) {
    case UV_EAI_NONAME:
      return base::fail(ErrorCode::kDnsNotFound, Party::kOrigin,
                        "the name " + host + " does not exist for this machine's resolver" + said);
    case UV_EAI_NODATA:
    case UV_EAI_ADDRFAMILY:
      return base::fail(ErrorCode::kDnsNoAddress, Party::kOrigin, host + " has no address" + said);
    default:
      return base::fail(ErrorCode::kDnsServerFailure, Party::kProxy,
                        "the lookup of " + host + " failed" + said + "; check /etc/resolv.conf");
  }
}

}  // namespace

Task<base::Result<std::vector<base::IpAddress>>> system_lookup(Loop& loop, std::string host,
                                                               base::Instant deadline) {
  if (const auto literal = base::IpAddress::parse(host)) {
    std::vector<base::IpAddress> one{*literal};
    co_return one;
  }
  const auto lookup = std::make_shared<Lookup>(loop);
  lookup->request.data = lookup.get();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const int started =
      uv_getaddrinfo(loop.raw(), &lookup->request, on_answer, host.c_str(), nullptr, &hints);
  if (started != 0) co_return lookup_failure(host, started);
  lookup->self = lookup;
  auto waiting = lookup->done.wait(deadline);
  const Wake wake = co_await waiting;
  if (wake == Wake::kTimeout) {
    co_return base::fail(ErrorCode::kDnsTimeout, Party::kProxy,
                         "the lookup of " + host + " took too long; check /etc/resolv.conf");
  }
  if (lookup->status != 0) co_return lookup_failure(host, lookup->status);
  co_return std::move(lookup->addresses);
}

}  // namespace net
