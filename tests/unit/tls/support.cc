#include "tests/unit/tls/support.h"

#include <array>

#include "net/await.h"
#include "net/io.h"

namespace tls_test {
namespace {

using namespace std::chrono_literals;

constexpr base::Millis kPatience = 1h;

class DripStream final : public net::Stream {
 public:
  explicit DripStream(StreamPtr below) : below_(std::move(below)) {}

  net::IoResult try_read(std::span<char> into) override {
    if (blocks(read_turn_)) return kWouldBlock;
    return below_->try_read(into.first(1));
  }
  net::IoResult try_write(std::span<const std::string_view> pieces) override {
    if (blocks(write_turn_)) return kWouldBlock;
    for (const std::string_view piece : pieces) {
      if (piece.empty()) continue;
      const std::string_view one = piece.substr(0, 1);
      return below_->try_write({&one, 1});
    }
    return kWouldBlock;
  }
  net::Ready read_needs() const override { return below_->read_needs(); }
  net::Ready write_needs() const override { return below_->write_needs(); }
  void shutdown_write() override { below_->shutdown_write(); }
  net::Poll& poll() override { return below_->poll(); }
  base::Party party() const override { return below_->party(); }

 private:
  static constexpr net::IoResult kWouldBlock{net::IoResult::Kind::kWouldBlock, 0, 0};
  static bool blocks(unsigned& turn) { return turn++ % 2 == 1; }

  StreamPtr below_;
  unsigned read_turn_ = 0;
  unsigned write_turn_ = 0;
};

struct Pending {
  net::Loop& loop;
  size_t left;
};

void on_done(void* argument) {
  auto* pending = static_cast<Pending*>(argument);
  if (--pending->left == 0) pending->loop.stop();
}

tls::Authority make_root() {
  const base::WallTime now = base::wall_now();
  return must(tls::Authority::create({"Test Root", now - 24h, now + 240h}));
}

// Both directions end at once, as when a descriptor is closed: a peer in the middle of a long write
// is told, rather than left waiting for room.
void hang_up(tls::TlsStream& stream) {
  if (auto* socket = dynamic_cast<net::Socket*>(&stream.below())) {
    socket->abort();
  } else {
    stream.shutdown_write();
  }
}

net::Task<void> read_until_ready(net::Stream& stream, std::span<char> into, base::Instant deadline,
                                 net::IoResult& result) {
  for (;;) {
    result = stream.try_read(into);
    if (result.kind != net::IoResult::Kind::kWouldBlock) co_return;
    net::ReadyAwaiter ready(stream.poll(), stream.read_needs(), deadline);
    const net::Wake wake = co_await ready;
    if (wake == net::Wake::kTimeout) co_return;
  }
}

}  // namespace

Wire make_wire(net::Loop& loop, Pace pace) {
  auto [server_side, client_side] = net::socket_pair(loop);  // parties: the peer of each end
  Wire wire{std::move(client_side), std::move(server_side)};
  if (pace == Pace::kDrip) {
    wire.client_end = std::make_unique<DripStream>(std::move(wire.client_end));
    wire.server_end = std::make_unique<DripStream>(std::move(wire.server_end));
  }
  return wire;
}

void run(net::Loop& loop, std::vector<net::Task<void>> tasks) {
  Pending pending{loop, tasks.size() + 1};
  for (net::Task<void>& task : tasks) task.start(on_done, &pending);
  if (pending.left > 1) {
    --pending.left;
    loop.run();
  }
}

base::Instant soon_enough(net::Loop& loop) { return loop.now() + kPatience; }

net::Task<void> shake_one(tls::TlsStream& stream, base::Instant deadline,
                          std::optional<tls::HandshakeOutcome>& outcome) {
  net::Task<tls::HandshakeOutcome> task = tls::handshake(stream, deadline);
  outcome = co_await task;
  if (!outcome->info) hang_up(stream);
}

Ends shake(net::Loop& loop, TlsPtr client, TlsPtr server) {
  Ends ends{std::move(client), std::move(server), {}, {}};
  std::vector<net::Task<void>> tasks;
  tasks.push_back(shake_one(*ends.client, soon_enough(loop), ends.at_client));
  tasks.push_back(shake_one(*ends.server, soon_enough(loop), ends.at_server));
  run(loop, std::move(tasks));
  return ends;
}

net::Task<void> say(net::Stream& stream, std::string text, base::Instant deadline) {
  net::Task<base::Result<void>> writing = net::write_all(stream, text, {kPatience, deadline});
  const base::Result<void> written = co_await writing;
  if (written) stream.shutdown_write();
}

net::Task<void> listen(net::Stream& stream, std::string& heard, std::optional<base::Error>& error,
                       base::Instant deadline) {
  std::array<char, 4096> buffer;
  for (;;) {
    net::Task<base::Result<size_t>> reading = net::read_some(stream, buffer, {kPatience, deadline});
    const base::Result<size_t> got = co_await reading;
    if (!got) error = got.error();
    if (!got || *got == 0) co_return;
    heard.append(buffer.data(), *got);
  }
}

net::IoResult read_once(net::Loop& loop, net::Stream& stream, std::span<char> into) {
  net::IoResult result;
  std::vector<net::Task<void>> tasks;
  tasks.push_back(read_until_ready(stream, into, soon_enough(loop), result));
  run(loop, std::move(tasks));
  return result;
}

World::World() : root(make_root()), key(must(tls::PrivateKey::generate())) {
  tls::TrustStore trust;
  trust.add(root.certificate());
  client = must(tls::ClientContext::make(trust));
  server = must(tls::ServerContext::make({leaf({"good.test"})}));
}

tls::Identity World::leaf(std::vector<std::string> names) const {
  const base::WallTime now = base::wall_now();
  return must(root.issue({std::move(names), now - 1h, now + 24h}, key));
}

Ends World::connect(Wire wire, std::string_view host) const {
  const tls::PeerName peer = must(tls::PeerName::parse(host));
  return {must(client->make_stream(std::move(wire.client_end), peer)),
          must(server->make_stream(std::move(wire.server_end))),
          {},
          {}};
}

}  // namespace tls_test
