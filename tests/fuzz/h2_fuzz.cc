// HTTP/2 connections of both roles, fed with anything, whole and in pieces: what they hold stays
// bounded, requests that come out are ones that HTTP/1.1 can say, and a connection that gave up
// says so and stays quiet.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/h2/connection.h"
#include "http/parse.h"
#include "http/rewrite.h"
#include "http/target.h"

namespace {

using http::h2::Connection;
using http::h2::End;
using http::h2::Stream;

void check(bool good) {
  if (!good) std::abort();
}

// What is written for an HTTP/1.1 origin is one head that the parser accepts.
void check_request(const http::RequestHead& head) {
  const auto target = http::parse_target(head);
  if (!target || target->form != http::TargetForm::kAbsolute) return;
  if (!http::check_host(head, *target) || !http::request_body(head)) return;
  const http::Limits roomy{
      .start_line_bytes = 1 << 20, .head_bytes = 1 << 20, .field_bytes = 1 << 20, .fields = 1000};
  const auto sent =
      http::parse_request_head(http::origin_request(head, *target, {.via = "me"}), roomy);
  check(sent && sent->fields.count("Host") == 1 && sent->fields.count("Via") == 1);
}

// Answers requests and takes responses, as owners do.
void serve(Connection& connection) {
  while (Stream* stream = connection.next_touched()) {
    if (stream->has_head()) {
      const auto head = stream->take_request();
      if (head) check_request(*head);
      connection.respond(*stream, head ? 200 : 400, {}, End::kNotYet);
      connection.send_content(*stream, "content");
    }
    check(stream->waiting() <= http::h2::Settings{}.stream_window);
    while (stream->waiting() > 0) connection.consume(*stream, stream->content().size());
    if (stream->peer_ended()) connection.end(*stream);
    if (stream->closed()) connection.release(*stream);
  }
}

void take(Connection& connection) {
  while (Stream* stream = connection.next_touched()) {
    while (stream->has_head()) {
      const auto head = stream->take_response();
      check(!head || head->status >= 100);
    }
    while (stream->waiting() > 0) connection.consume(*stream, stream->content().size());
    if (stream->closed()) connection.release(*stream);
  }
}

void run(Connection::Role role, std::string_view input, size_t step) {
  http::h2::Settings settings;
  settings.resets = {5, 0};
  settings.idle_frames = {20, 0};
  Connection connection(role, settings);
  const http::Fields fields;
  if (role == Connection::Role::kClient) {
    connection.open({"POST", "https", "a.test", "/", fields}, End::kNotYet);
    connection.open({"GET", "https", "a.test", "/", fields}, End::kNow);
  }
  const base::Instant now = base::Instant{} + std::chrono::hours(1);
  for (size_t at = 0; at < input.size(); at += step) {
    connection.receive(input.substr(at, step), now);
    if (role == Connection::Role::kServer) {
      serve(connection);
    } else {
      take(connection);
    }
    check(connection.output().size() < settings.output_bytes + 20000);
    connection.sent(connection.output().size());
    check(connection.streams() <= settings.max_streams + 2);
  }
  if (connection.failure()) {
    connection.receive("more", now);
    connection.sent(connection.output().size());
    check(connection.output().empty() && connection.over());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto role = (data[0] & 1) != 0 ? Connection::Role::kClient : Connection::Role::kServer;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  run(role, input, std::max<size_t>(1, input.size()));
  run(role, input, data[0] / 2 + 1U);
  return 0;
}
