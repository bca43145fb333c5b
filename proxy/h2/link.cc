#include "proxy/h2/link.h"

#include <array>
#include <utility>

#include "net/io.h"

namespace proxy::h2 {
namespace {

// What one turn of a link may do before others have theirs.
constexpr int kReadsPerTurn = 8;
constexpr int kWritesPerTurn = 16;

base::Error ended(base::Party peer) {
  const bool client = peer == base::Party::kClient;
  return {client ? base::ErrorCode::kClientClosed : base::ErrorCode::kOriginClosed, peer, 0,
          std::string(client ? "the client" : "the origin") +
              " closed the connection that carries the stream"};
}

}  // namespace

Link::Link(net::Loop& loop, net::ChunkPool& turns, net::Stream& stream,
           http::h2::Connection::Role role, const http::h2::Settings& settings, Owner& owner,
           Allowance allowance)
    : loop_(loop),
      turns_(turns),
      stream_(stream),
      peer_(stream.party()),
      owner_(owner),
      connection_(role, settings, std::move(allowance)) {}

Link::~Link() {
  if (life_ == Life::kRunning) set_waiters(nullptr);
  net::ChunkPool::forget(*this);
}

void Link::set_waiters(net::Waiter* waiter) {
  stream_.poll().set_waiter(net::Ready::kRead, waiter);
  stream_.poll().set_waiter(net::Ready::kWrite, waiter);
}

void Link::start(std::string early) {
  early_ = std::move(early);
  life_ = Life::kRunning;
  set_waiters(this);
  kick();
}

void Link::kick() {
  if (turn_ == Turn::kComing) return;
  turn_ = Turn::kComing;
  turns_.wait_a_turn(*this);
}

void Link::on_chunk_available() {
  turn_ = Turn::kNone;
  turn();
}

void Link::turn() {
  owner_.on_turn();
  if (life_ != Life::kRunning) return;
  read();
  if (life_ == Life::kRunning) write();
}

void Link::read() {
  if (!early_.empty()) {
    connection_.receive(early_, loop_.now());
    early_ = std::string();
    dispatch();
  }
  std::array<char, net::Chunk::kBytes> octets;
  for (int n = 0; n < kReadsPerTurn; ++n) {
    const net::IoResult got = stream_.try_read(octets);
    switch (got.kind) {
      case net::IoResult::Kind::kWouldBlock: return;
      case net::IoResult::Kind::kEof: return end(ended(peer()));
      case net::IoResult::Kind::kError: return end(net::io_error(stream_, got.cause));
      case net::IoResult::Kind::kDone: break;
    }
    connection_.receive({octets.data(), got.bytes}, loop_.now());
    dispatch();
  }
  kick();
}

void Link::write() {
  for (int n = 0; n < kWritesPerTurn; ++n) {
    const std::string_view octets = connection_.output();
    if (octets.empty()) {
      if (dispatch()) continue;
      if (connection_.over()) end(connection_.failure().value_or(ended(peer())));
      return;
    }
    const net::IoResult put = stream_.try_write({&octets, 1});
    if (put.kind == net::IoResult::Kind::kError) return end(net::io_error(stream_, put.cause));
    if (put.kind == net::IoResult::Kind::kWouldBlock) {
      dispatch();
      return;
    }
    connection_.sent(put.bytes);
  }
  kick();
}

// Whether anything had happened.
bool Link::dispatch() {
  bool any = false;
  while (http::h2::Stream* stream = connection_.next_touched()) {
    any = true;
    owner_.on_stream(*stream);
  }
  return any;
}

void Link::end(base::Error error) {
  life_ = Life::kOver;
  error_ = connection_.failure().value_or(std::move(error));
  set_waiters(nullptr);
  owner_.on_link_over();
}

}  // namespace proxy::h2
