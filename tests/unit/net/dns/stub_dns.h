// A name server on the test's own loop, UDP and TCP on one loopback port. What it says is the
// test's business; what it was asked is counted.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ip.h"
#include "net/poll.h"
#include "net/socket.h"
#include "net/task.h"
#include "tests/unit/net/dns/message.h"

namespace net::dns::test {

class StubDns {
 public:
  struct Query {
    std::string name;
    unsigned type = 0;
    Packet packet;
    base::Endpoint from;    // UDP
    Stream* tcp = nullptr;  // TCP
  };
  using Handler = std::function<void(StubDns&, const Query&)>;

  explicit StubDns(Loop& loop, Handler handler = {});
  ~StubDns();
  StubDns(const StubDns&) = delete;
  StubDns& operator=(const StubDns&) = delete;

  const base::Endpoint& endpoint() const { return endpoint_; }
  void set_handler(Handler handler) { handler_ = std::move(handler); }

  // Sends `packet` back the way the query came.
  void reply(const Query& query, const Packet& packet);
  void reply(const Query& query, const Reply& reply) { this->reply(query, reply.packet()); }

  // Everything asked so far, in order; retries included.
  const std::vector<Query>& asked() const { return asked_; }
  size_t asked(unsigned type) const;
  size_t asked_over_tcp() const;

 private:
  struct Readable final : Waiter {
    Readable(StubDns& owner, void (StubDns::*call)()) : stub(owner), method(call) {}
    void on_ready() override { (stub.*method)(); }
    StubDns& stub;
    void (StubDns::*method)();
  };

  void receive();
  void accept();
  void handle(const Packet& packet, const base::Endpoint& from, Stream* tcp);
  Task<void> serve(Stream& stream);

  Loop& loop_;
  Handler handler_;
  int udp_ = -1;
  int tcp_ = -1;
  base::Endpoint endpoint_;
  std::vector<Query> asked_;
  Readable on_udp_{*this, &StubDns::receive};
  Readable on_tcp_{*this, &StubDns::accept};
  std::unique_ptr<Poll> udp_poll_;
  std::unique_ptr<Poll> tcp_poll_;
  std::vector<std::unique_ptr<Socket>> connections_;
  std::vector<Task<void>> serving_;
  std::vector<Task<base::Result<void>>> writing_;
  std::vector<std::unique_ptr<std::string>> outgoing_;
};

}  // namespace net::dns::test
