#include "proxy/h2/client_stream.h"

#include "base/ascii.h"
#include "http/framing.h"

namespace proxy::h2 {
namespace {

std::uint64_t octets_of(const http::Fields& fields) {
  std::uint64_t sum = 0;
  for (size_t i = 0; i < fields.size(); ++i) {
    sum += fields.at(i).name.size() + fields.at(i).value.size();
  }
  return sum;
}

http::Fields lower_case(const http::Fields& fields) {
  http::Fields out;
  for (size_t i = 0; i < fields.size(); ++i) {
    out.add(base::lower(fields.at(i).name), fields.at(i).value);
  }
  return out;
}

}  // namespace

void ClientStream::wake() {
  tell_if_gone();
  end_.wake_reader();
  end_.wake_writer();
}

void ClientStream::close(const std::optional<base::Error>& error) {
  if (!error || end_.stream().sent_all()) return;
  const bool tunnel = account().record.method == "CONNECT";
  link_.connection().reset(end_.stream(),
                           tunnel ? http::h2::Code::kConnectError : http::h2::code_for(*error));
}

base::Result<http::BodyLength> ClientStream::body(const http::RequestHead& head) const {
  auto body = http::request_body(head);
  const http::h2::Stream& stream = end_.stream();
  const bool unknown = body && body->kind == http::BodyKind::kNone && head.method != "CONNECT";
  // END_STREAM, not a field, says whether there is content (RFC 9113 §8.1).
  if (unknown && (!stream.peer_ended() || !stream.content().empty())) {
    body = http::BodyLength{http::BodyKind::kChunked, 0};
  }
  return body;
}

Source& ClientStream::open_content(const http::BodyLength& /*body*/) { return end_; }

net::Task<base::Result<void>> ClientStream::inform(const http::ResponseHead& head,
                                                   const http::ResponseRewrite& how,
                                                   net::Patience patience) {
  const http::Fields fields = http::client_fields(head, how);
  link_.connection().inform(end_.stream(), head.status, fields);
  account().record.bytes_out += octets_of(fields);
  return end_.send({}, patience);
}

void ClientStream::send_head(int status, const http::Fields& fields, http::h2::End end) {
  link_.connection().respond(end_.stream(), status, fields, end);
  link_.kick();
  account().record.bytes_out += octets_of(fields);
  end_.begin();
}

Sink& ClientStream::respond(const http::ResponseHead& head, const http::ResponseRewrite& how) {
  // An origin's stream may end with its head, which is no reason to invent a length.
  http::ResponseRewrite told = how;
  const bool empty = how.body.kind == http::BodyKind::kLength && how.body.length == 0;
  if (empty && !head.fields.find("Content-Length")) told.body = {};
  const bool none = empty || how.body.kind == http::BodyKind::kNone;
  send_head(head.status, http::client_fields(head, told),
            none ? http::h2::End::kNow : http::h2::End::kNotYet);
  return end_;
}

// The tunnel is the stream (RFC 9113 §8.5).
net::Task<base::Result<void>> ClientStream::grant_tunnel(const std::string& via,
                                                         net::Patience /*patience*/) {
  http::ResponseHead granted;
  granted.status = 200;
  http::ResponseRewrite how;
  how.via = via;
  how.request_method = "CONNECT";
  how.body = {http::BodyKind::kChunked, 0};
  respond(granted, how);
  co_return base::Result<void>();
}

net::Task<base::Result<void>> ClientStream::reply(const http::Reply& reply,
                                                  http::Persistence /*persistence*/,
                                                  net::Patience patience) {
  send_head(reply.status, lower_case(reply.fields),
            reply.body.empty() ? http::h2::End::kNow : http::h2::End::kNotYet);
  auto sending = end_.send(reply.body, patience);
  const base::Result<void> sent = co_await sending;
  if (!sent) co_return sent;
  const http::Fields no_trailers;
  auto ending = end_.end(no_trailers, patience);
  const base::Result<void> ended = co_await ending;
  count();
  co_return ended;
}

void ClientStream::watch(Gone& gone) {
  gone_ = &gone;
  tell_if_gone();
}

void ClientStream::tell_if_gone() {
  const auto error = end_.broken();
  const bool ours =
      end_.stream().sent_all() || end_.stream().ended_by() == http::h2::Stream::EndedBy::kOwner;
  if (gone_ == nullptr || !error || ours) return;
  std::exchange(gone_, nullptr)->on_client_gone(*error);
}

void ClientStream::count_head(const http::RequestHead& head) {
  account().record.bytes_in += head.method.size() + head.target.size() + octets_of(head.fields);
}

void ClientStream::count() {
  account().record.bytes_in += end_.take_received();
  account().record.bytes_out += end_.take_sent();
}

}  // namespace proxy::h2
