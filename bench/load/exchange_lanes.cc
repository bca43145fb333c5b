#include "bench/load/exchange_lanes.h"

#include "bench/load/origin.h"
#include "bench/load/pattern.h"

namespace load {
namespace {

// As a plain client writes it; `scheme` is "http://" towards a proxy and empty towards the origin.
std::string get(std::string_view target, const std::string& origin) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + origin +
         "\r\nUser-Agent: sluice-load\r\nAccept: */*\r\n\r\n";
}

}  // namespace

ConnectLane::ConnectLane(Poller& poller, Route& route, std::uint64_t body)
    : ConnectionLane(poller, route), body_(body) {}

void ConnectLane::on_open() {
  request_ = get(bytes_path(body_), origin());
  reply_.expect(ReplyReader::Body::kPattern, body_);
  send(request_);
}

void ConnectLane::on_octets(std::string_view octets) {
  switch (reply_.take(octets)) {
    case ReplyReader::State::kMore: return;
    case ReplyReader::State::kWrong: fail(reply_.fault()); return;
    case ReplyReader::State::kDone: break;
  }
  close();
  owner().on_body(body_);
  owner().on_done(*this);
}

ForwardLane::ForwardLane(Poller& poller, Route& route, std::uint64_t body)
    : ConnectionLane(poller, route), body_(body) {}

void ForwardLane::begin() {
  if (state() == State::kOpen) {
    ask();
    return;
  }
  if (exchanges_ > 0) owner().on_reconnect();
  open(Kind::kPlain);
}

void ForwardLane::on_open() {
  exchanges_ = 0;
  request_ = get("http://" + origin() + bytes_path(body_), origin());
  ask();
}

void ForwardLane::ask() {
  answered_ = false;
  reply_.expect(ReplyReader::Body::kPattern, body_);
  send(request_);
}

void ForwardLane::on_octets(std::string_view octets) {
  answered_ = true;
  switch (reply_.take(octets)) {
    case ReplyReader::State::kMore: return;
    case ReplyReader::State::kWrong: fail(reply_.fault()); return;
    case ReplyReader::State::kDone: break;
  }
  ++exchanges_;
  if (reply_.closes()) close();
  owner().on_body(body_);
  owner().on_done(*this);
}

// A proxy may close a connection between two requests (RFC 9112 §9.3.1): that is no failure unless
// it happens to a fresh connection or within a response.
void ForwardLane::on_end(std::string_view why) {
  if (exchanges_ > 0 && !answered_) {
    owner().on_reconnect();
    open(Kind::kPlain);
  } else {
    fail(why);
  }
}

DownloadLane::DownloadLane(Poller& poller, Route& route, std::uint64_t body)
    : ConnectionLane(poller, route), body_(body) {}

void DownloadLane::begin() {
  if (state() == State::kOpen) {
    on_open();
  } else {
    open(Kind::kTunnel);
  }
}

void DownloadLane::on_open() {
  request_ = get(bytes_path(body_), origin());
  reply_.expect(ReplyReader::Body::kPattern, body_);
  send(request_);
}

void DownloadLane::on_octets(std::string_view octets) {
  switch (reply_.take(octets)) {
    case ReplyReader::State::kMore: return;
    case ReplyReader::State::kWrong: fail(reply_.fault()); return;
    case ReplyReader::State::kDone: break;
  }
  owner().on_body(body_);
  owner().on_done(*this);
}

UploadLane::UploadLane(Poller& poller, Route& route, std::uint64_t body)
    : ConnectionLane(poller, route), body_(body) {}

void UploadLane::begin() {
  if (state() == State::kOpen) {
    on_open();
  } else {
    open(Kind::kTunnel);
  }
}

void UploadLane::on_open() {
  request_ = "POST " + std::string(kSinkPath) + " HTTP/1.1\r\nHost: " + origin() +
             "\r\nUser-Agent: sluice-load\r\nContent-Length: " + std::to_string(body_) + "\r\n\r\n";
  reply_.expect(ReplyReader::Body::kPattern, kSinkReply);
  sent_ = 0;
  send(request_);
}

std::string_view UploadLane::more() {
  if (state() != State::kOpen || sent_ == body_) return {};
  const std::string_view piece = pattern_at(sent_, body_ - sent_);
  sent_ += piece.size();
  return piece;
}

void UploadLane::on_octets(std::string_view octets) {
  switch (reply_.take(octets)) {
    case ReplyReader::State::kMore: return;
    case ReplyReader::State::kWrong: fail(reply_.fault()); return;
    case ReplyReader::State::kDone: break;
  }
  if (!pending().empty() || sent_ != body_) {
    fail("answer before the end of the upload");
    return;
  }
  owner().on_body(body_);
  owner().on_done(*this);
}

}  // namespace load
