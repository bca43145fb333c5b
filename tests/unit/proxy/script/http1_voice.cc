#include "tests/unit/proxy/script/http1_voice.h"

#include <array>

namespace proxy::script {
namespace {

constexpr std::string_view kEnd = "\r\n\r\n";

// The value of a field, "" without; names as our proxy and these scripts write them.
std::string_view field(std::string_view head, std::string_view name) {
  for (const bool lower : {false, true}) {
    std::string line = "\r\n" + std::string(name) + ": ";
    if (lower) {
      for (char& c : line) c = static_cast<char>(std::tolower(c));
    }
    const size_t at = head.find(line);
    if (at == std::string_view::npos) continue;
    const size_t from = at + line.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }
  return {};
}

// Chunks as far as they have come: what they carry, and where they end, 0 if they don't.
size_t unchunk(std::string_view in, std::string& body) {
  for (size_t at = 0;;) {
    const size_t line = in.find("\r\n", at);
    if (line == std::string_view::npos) return 0;
    const size_t size = std::stoul(std::string(in.substr(at, line - at)), nullptr, 16);
    at = line + 2;
    if (size == 0) {
      const size_t end = in.find("\r\n", at);
      return end == std::string_view::npos ? 0 : end + 2;
    }
    body += in.substr(at, size);
    if (in.size() < at + size + 2) return 0;
    at += size + 2;
  }
}

}  // namespace

void Http1Voice::pump() {
  if (stream_ == nullptr) return;
  while (!out_.empty()) {
    const std::array piece{std::string_view(out_).substr(0, 16 * 1024)};
    const net::IoResult put = stream_->try_write(piece);
    if (put.kind != net::IoResult::Kind::kDone) break;
    out_.erase(0, put.bytes);
  }
  if (out_.empty() && std::exchange(raw_finish_, false)) stream_->shutdown_write();
  std::array<char, 16384> buffer;
  while (end_ == End::kNone) {
    const net::IoResult got = stream_->try_read(buffer);
    if (got.kind == net::IoResult::Kind::kWouldBlock) break;
    if (got.kind == net::IoResult::Kind::kDone) in_.append(buffer.data(), got.bytes);
    if (got.kind == net::IoResult::Kind::kEof) end_ = End::kFin;
    if (got.kind == net::IoResult::Kind::kError) end_ = End::kReset;
  }
}

void Http1Voice::add_body(const Body& body) {
  saying_ = body.length ? Saying::kPlain : Saying::kChunks;
  if (!body.length) {
    out_ += "Transfer-Encoding: chunked\r\n";
  } else if (*body.length > 0) {
    out_ += "Content-Length: " + std::to_string(*body.length) + "\r\n";
  }
  out_ += "\r\n";
  say(body.part);
}

void Http1Voice::ask(const Request& request, const Body& body) {
  asked_.push_back(request.method);
  const std::string url =
      request.scheme.empty() ? std::string() : request.scheme + "://" + request.authority;
  const std::string& target = request.method == "CONNECT" ? request.authority : request.path;
  out_ += request.method + " " + (request.method == "CONNECT" ? "" : url) + target +
          " HTTP/1.1\r\nHost: " + request.authority + "\r\n";
  add_body(body);
}

void Http1Voice::inform(int status) {
  out_ += "HTTP/1.1 " + std::to_string(status) + " Wait\r\n\r\n";
}

void Http1Voice::answer(int status, const Body& body) {
  out_ += "HTTP/1.1 " + std::to_string(status) + " Said\r\n";
  if (body.length == 0U) out_ += "Content-Length: 0\r\n";
  add_body(body);
}

void Http1Voice::say(std::string_view octets) {
  if (octets.empty()) return;
  if (saying_ == Saying::kPlain) {
    out_ += octets;
    return;
  }
  std::array<char, 17> size;
  std::snprintf(size.data(), size.size(), "%zx", octets.size());
  out_ += std::string(size.data()) + "\r\n" + std::string(octets) + "\r\n";
}

void Http1Voice::finish() {
  if (saying_ == Saying::kChunks) {
    out_ += "0\r\n\r\n";
    saying_ = Saying::kPlain;
  } else {
    raw_finish_ = true;
  }
}

void Http1Voice::reset() { stream_.reset(); }

Http1Voice::Parsed Http1Voice::parse() const {
  const size_t head_end = in_.find(kEnd);
  const std::string_view head = std::string_view(in_).substr(0, head_end + 2);
  const size_t first = head.find(' ');
  const bool response = head.starts_with("HTTP/");
  Parsed parsed;
  Message& message = parsed.message;
  message.start = response ? std::string(head.substr(first + 1, 3))
                           : std::string(head.substr(0, head.find(' ', first + 1)));
  const size_t from = head_end + kEnd.size();
  const std::string_view rest = std::string_view(in_).substr(from);
  const std::string_view length = field(head, "Content-Length");
  const bool none =
      response ? message.start[0] == '1' || message.start == "204" ||
                     (!asked_.empty() && asked_.front() == "HEAD") ||
                     (!asked_.empty() && asked_.front() == "CONNECT" && message.start == "200")
               : length.empty();
  if (field(head, "Transfer-Encoding") == "chunked") {
    const size_t end = unchunk(rest, message.body);
    if (end != 0) message.state = Message::State::kWhole;
    parsed.octets = from + end;
  } else if (none) {
    message.state = Message::State::kWhole;
    parsed.octets = from;
  } else if (!length.empty()) {
    const size_t size = std::stoul(std::string(length));
    message.body = rest.substr(0, size);
    if (rest.size() >= size) message.state = Message::State::kWhole;
    parsed.octets = from + size;
  } else {
    message.body = rest;
    if (end_ == End::kFin) message.state = Message::State::kWhole;
    parsed.octets = in_.size();
  }
  if (message.state == Message::State::kComing && ended()) message.state = Message::State::kCut;
  return parsed;
}

std::optional<Message> Http1Voice::hear() {
  if (speech_ == Speech::kOctets) {
    if (in_.empty() && !ended()) return std::nullopt;
    using State = Message::State;
    const State end = end_ == End::kFin ? State::kWhole : State::kCut;
    return Message{"octets", in_, ended() ? end : State::kComing};
  }
  if (in_.find(kEnd) == std::string::npos) return std::nullopt;
  return parse().message;
}

void Http1Voice::next() {
  if (speech_ == Speech::kOctets) return;
  const Parsed parsed = parse();
  if (in_.starts_with("HTTP/") && parsed.message.start[0] != '1' && !asked_.empty()) {
    asked_.pop_front();
  }
  in_.erase(0, parsed.octets);
}

}  // namespace proxy::script
