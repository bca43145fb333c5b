#include "tests/unit/net/dns/stub_dns.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "net/endpoint.h"
#include "net/io.h"

namespace net::dns::test {
namespace {

constexpr base::Millis kPatience{15'000};

// Both sockets on one port, which takes a few tries when other programs are at it.
void bind_both(int& udp, int& tcp, base::Endpoint& endpoint) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    udp = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    tcp = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const SockAddr any = to_sockaddr({*base::IpAddress::parse("127.0.0.1"), 0});
    ::bind(udp, any.get(), any.size);
    endpoint = local_endpoint(udp);
    const SockAddr same = to_sockaddr(endpoint);
    if (::bind(tcp, same.get(), same.size) == 0 && ::listen(tcp, 16) == 0) return;
    ::close(udp);
    ::close(tcp);
  }
  std::fputs("the stub name server found no port\n", stderr);
  std::abort();
}

}  // namespace

StubDns::StubDns(Loop& loop, Handler handler) : loop_(loop), handler_(std::move(handler)) {
  bind_both(udp_, tcp_, endpoint_);
  udp_poll_ = std::make_unique<Poll>(loop, udp_);
  tcp_poll_ = std::make_unique<Poll>(loop, tcp_);
  udp_poll_->set_waiter(Ready::kRead, &on_udp_);
  tcp_poll_->set_waiter(Ready::kRead, &on_tcp_);
}

StubDns::~StubDns() {
  writing_.clear();
  serving_.clear();
  udp_poll_.reset();
  tcp_poll_.reset();
  ::close(udp_);
  ::close(tcp_);
}

void StubDns::receive() {
  std::array<std::uint8_t, 4096> buffer;
  for (;;) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const ssize_t got = ::recvfrom(udp_, buffer.data(), buffer.size(), 0,
                                   reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 0) return;
    handle({buffer.begin(), buffer.begin() + got}, from_sockaddr(from), nullptr);
  }
}

void StubDns::accept() {
  for (;;) {
    const int fd = ::accept4(tcp_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    connections_.push_back(std::make_unique<Socket>(loop_, fd, base::Party::kClient));
    serving_.push_back(serve(*connections_.back()));
    serving_.back().start();
  }
}

Task<void> StubDns::serve(Stream& stream) {
  Packet pending;
  std::array<char, 512> buffer{};
  for (;;) {
    Task<base::Result<size_t>> reading = read_some(stream, buffer, {kPatience});
    const base::Result<size_t> got = co_await reading;
    if (!got || *got == 0) co_return;
    pending.insert(pending.end(), buffer.begin(),
                   buffer.begin() + static_cast<std::ptrdiff_t>(*got));
    while (pending.size() >= 2) {
      const auto end = 2 + static_cast<std::ptrdiff_t>(pending[0] << 8 | pending[1]);
      if (std::ssize(pending) < end) break;
      handle({pending.begin() + 2, pending.begin() + end}, {}, &stream);
      pending.erase(pending.begin(), pending.begin() + end);
    }
  }
}

void StubDns::handle(const Packet& packet, const base::Endpoint& from, Stream* tcp) {
  Query query{{}, 0, packet, from, tcp};
  size_t at = 12;
  while (packet[at] != 0) {
    if (!query.name.empty()) query.name += '.';
    query.name.append(packet.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                      packet.begin() + static_cast<std::ptrdiff_t>(at) + 1 + packet[at]);
    at += size_t{1} + packet[at];
  }
  query.type = static_cast<unsigned>(packet[at + 1] << 8 | packet[at + 2]);
  asked_.push_back(query);
  if (handler_) handler_(*this, query);
}

void StubDns::reply(const Query& query, const Packet& packet) {
  if (query.tcp == nullptr) {
    const SockAddr to = to_sockaddr(query.from);
    ::sendto(udp_, packet.data(), packet.size(), 0, to.get(), to.size);
    return;
  }
  Packet framed;
  put16(framed, static_cast<unsigned>(packet.size()));
  framed.insert(framed.end(), packet.begin(), packet.end());
  outgoing_.push_back(std::make_unique<std::string>(framed.begin(), framed.end()));
  writing_.push_back(write_all(*query.tcp, *outgoing_.back(), {kPatience}));
  writing_.back().start();
}

size_t StubDns::asked(unsigned type) const {
  return static_cast<size_t>(std::count_if(asked_.begin(), asked_.end(),
                                           [&](const Query& each) { return each.type == type; }));
}

size_t StubDns::asked_over_tcp() const {
  return static_cast<size_t>(std::count_if(asked_.begin(), asked_.end(),
                                           [](const Query& each) { return each.tcp != nullptr; }));
}

}  // namespace net::dns::test
