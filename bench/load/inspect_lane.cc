#include "bench/load/inspect_lane.h"

#include <unistd.h>

#include "bench/load/origin.h"

namespace load {
namespace {

// Names that no earlier run has used either: proxies may keep leaves across runs.
std::string fresh_name() {
  static std::uint64_t number = 0;
  return "leaf-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".bench.test";
}

}  // namespace

InspectLane::InspectLane(Poller& poller, Route& route, std::uint64_t body,
                         const TlsClients& clients, Leaf leaf, Afterwards afterwards)
    : ConnectionLane(poller, route),
      body_(body),
      clients_(clients),
      leaf_(leaf),
      afterwards_(afterwards) {}

void InspectLane::begin() {
  switch (stage_) {
    case Stage::kLost:
      stage_ = Stage::kNew;
      fail("connection ended while idle");
      return;
    case Stage::kHeld: ask(); return;
    default: open(Kind::kTunnel);
  }
}

void InspectLane::reset() {
  stage_ = Stage::kNew;
  ConnectionLane::reset();
}

void InspectLane::on_open() {
  name_ = leaf_ == Leaf::kFresh ? fresh_name() : "cached.bench.test";
  tls_.emplace(clients_.open(name_));
  stage_ = Stage::kNew;
  output_.clear();
  tls_->handshake();
  send_output();
}

void InspectLane::ask() {
  stage_ = Stage::kAsked;
  reply_.expect(ReplyReader::Body::kPattern, body_);
  const std::string port = origin().substr(origin().rfind(':'));
  tls_->write("GET " + bytes_path(body_) + " HTTP/1.1\r\nHost: " + name_ + port +
              "\r\nUser-Agent: sluice-load\r\nAccept: */*\r\n\r\n");
  send_output();
}

void InspectLane::on_octets(std::string_view octets) {
  tls_->feed(octets);
  const TlsEnd::Step step = tls_->handshake();
  if (step == TlsEnd::Step::kFailed) {
    fail("TLS handshake failed");
    return;
  }
  if (step == TlsEnd::Step::kOpen && stage_ == Stage::kNew) {
    ask();
  } else {
    send_output();
  }
  if (stage_ != Stage::kAsked || !in_flight) return;
  switch (reply_.take(tls_->read())) {
    case ReplyReader::State::kMore: return;
    case ReplyReader::State::kWrong: fail(reply_.fault()); return;
    case ReplyReader::State::kDone: break;
  }
  if (afterwards_ == Afterwards::kClose) {
    close();
    stage_ = Stage::kNew;
  } else {
    stage_ = Stage::kHeld;
  }
  owner().on_body(body_);
  owner().on_done(*this);
}

// What is pending already comes first.
void InspectLane::send_output() {
  const std::string more = tls_->take_output();
  if (more.empty()) return;
  output_ = std::string(pending()) + more;
  send(output_);
}

}  // namespace load
