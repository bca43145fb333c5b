#include "bench/load/connection_lane.h"

#include <array>
#include <cerrno>

#include "base/error.h"

namespace load {
namespace {

// Reads of one lane before the others get their turn.
constexpr int kReadsPerTurn = 8;

// Lanes are all in one thread and keep nothing in it between calls.
std::array<char, 256 * 1024> scratch;

std::string_view reason(int cause) {
  switch (cause) {
    case ECONNREFUSED: return "connection refused";
    case ECONNRESET: return "connection reset";
    case EPIPE: return "closed early";
    case EMFILE:
    case ENFILE: return "out of descriptors";
    case EADDRNOTAVAIL: return "out of ports";
    default: return "system error";
  }
}

}  // namespace

void ConnectionLane::open(Kind kind) {
  close();
  origin_ = route_.next_origin();
  if (!wire_.connect(poller_, *this, route_.proxy(), route_.next_source())) {
    fail(reason(wire_.error()));
    return;
  }
  if (kind == Kind::kPlain || route_.via() == Via::kTcpRelay) {
    state_ = State::kOpen;
    on_open();
    return;
  }
  state_ = State::kConnect;
  head_ = "CONNECT " + origin_ + " HTTP/1.1\r\nHost: " + origin_ + "\r\n\r\n";
  answer_.expect(ReplyReader::Body::kNone, 0);
  send(head_);
}

void ConnectionLane::send(std::string_view octets) {
  out_ = octets;
  flush();
}

void ConnectionLane::close() {
  wire_.close();
  state_ = State::kClosed;
  out_ = {};
}

void ConnectionLane::reset() { close(); }

void ConnectionLane::fail(std::string_view why) {
  close();
  owner().on_failed(*this, why);
}

void ConnectionLane::on_ready() {
  if (wire_.is_open() && !out_.empty()) flush();
  if (wire_.is_open()) read();
}

void ConnectionLane::flush() {
  while (!out_.empty() || !(out_ = more()).empty()) {
    const Wire::Moved moved = wire_.write(out_);
    if (moved.io == Wire::Io::kBlocked) return;
    if (moved.io != Wire::Io::kDone) {
      ended(reason(wire_.error()));
      return;
    }
    out_.remove_prefix(moved.octets);
    progress = poller_.now();
  }
}

void ConnectionLane::read() {
  for (int turn = 0; turn < kReadsPerTurn; ++turn) {
    const Wire::Moved moved = wire_.read(scratch);
    if (moved.io == Wire::Io::kBlocked) return;
    if (moved.io != Wire::Io::kDone) {
      ended(moved.io == Wire::Io::kEnded ? "closed early" : reason(wire_.error()));
      return;
    }
    progress = poller_.now();
    const std::uint64_t current = operation;
    take({scratch.data(), moved.octets});
    // A finished operation has left nothing to read; the next one's answer will wake us.
    if (!wire_.is_open() || !in_flight || operation != current) return;
  }
  poller_.again(*this);
}

void ConnectionLane::ended(std::string_view why) {
  if (in_flight) {
    on_end(why);
  } else {
    close();
    on_idle_end();
  }
}

void ConnectionLane::take(std::string_view octets) {
  if (!in_flight) {
    ended("octets nobody asked for");
    return;
  }
  if (state_ == State::kOpen) {
    on_octets(octets);
    return;
  }
  switch (answer_.take(octets)) {
    case ReplyReader::State::kMore: return;
    case ReplyReader::State::kWrong: fail(answer_.fault()); return;
    case ReplyReader::State::kDone: break;
  }
  state_ = State::kOpen;
  on_open();
}

}  // namespace load
