#include "http/llhttp_head.h"

#include <llhttp.h>

#include <string>

#include "http/octets.h"

static_assert(LLHTTP_STRICT_MODE == 1, "llhttp's users must see strict mode, too");

namespace http::internal {
namespace {

struct Collector {
  LlhttpStart start;
  Fields* fields = nullptr;
  std::string_view name;
  std::string_view value;
  bool complete = false;
};

Collector& collector(llhttp_t* parser) { return *static_cast<Collector*>(parser->data); }

template <std::string_view LlhttpStart::*Part>
int keep(llhttp_t* parser, const char* at, size_t size) {
  collector(parser).start.*Part = std::string_view(at, size);
  return 0;
}

int on_name(llhttp_t* parser, const char* at, size_t size) {
  collector(parser).name = {at, size};
  collector(parser).value = {};
  return 0;
}

int on_value(llhttp_t* parser, const char* at, size_t size) {
  collector(parser).value = {at, size};
  return 0;
}

int on_value_complete(llhttp_t* parser) {
  Collector& to = collector(parser);
  to.fields->add(to.name, to.value);
  return 0;
}

int on_headers_complete(llhttp_t* parser) {
  Collector& to = collector(parser);
  to.start.status = parser->status_code;
  to.start.major = parser->http_major;
  to.start.minor = parser->http_minor;
  to.complete = true;
  return 1;  // no body here: http/framing.h decides about it, and http/body.h reads it
}

const llhttp_settings_t& settings() {
  static const llhttp_settings_t made = [] {
    llhttp_settings_t callbacks;
    llhttp_settings_init(&callbacks);
    callbacks.on_url = keep<&LlhttpStart::target>;
    callbacks.on_status = keep<&LlhttpStart::reason>;
    callbacks.on_header_field = on_name;
    callbacks.on_header_value = on_value;
    callbacks.on_header_value_complete = on_value_complete;
    callbacks.on_headers_complete = on_headers_complete;
    return callbacks;
  }();
  return made;
}

// Takes the method from the front of a request head, and returns what llhttp is given in its place.
// Nothing but CONNECT changes how llhttp reads the rest.
std::string_view take_method(std::string_view& head, LlhttpStart& start) {
  const size_t space = head.find(' ');
  start.method = head.substr(0, space);
  if (space == std::string_view::npos || !is_token(start.method)) return {};
  head.remove_prefix(space + 1);
  return start.method == "CONNECT" ? "CONNECT " : "POST ";
}

}  // namespace

base::Result<LlhttpStart> run_llhttp(MessageKind kind, std::string_view head, Fields& fields) {
  const bool request = kind == MessageKind::kRequest;
  Collector to;
  to.fields = &fields;
  llhttp_t parser;
  llhttp_init(&parser, request ? HTTP_REQUEST : HTTP_RESPONSE, &settings());
  parser.data = &to;
  // Empty and yet somewhere, for llhttp adds its length to where it is.
  const std::string_view method = request ? take_method(head, to.start) : std::string_view("");
  llhttp_errno_t verdict = llhttp_execute(&parser, method.data(), method.size());
  if (verdict == HPE_OK) verdict = llhttp_execute(&parser, head.data(), head.size());
  // CONNECT and Upgrade pause behind the head, which is where the input ends.
  const bool accepted =
      verdict == HPE_OK ||
      (verdict == HPE_PAUSED_UPGRADE && llhttp_get_error_pos(&parser) == head.data() + head.size());
  if (accepted && to.complete) return to.start;
  const char* reason = llhttp_get_error_reason(&parser);
  return base::fail(
      request ? base::ErrorCode::kBadRequest : base::ErrorCode::kBadResponse,
      request ? base::Party::kClient : base::Party::kOrigin,
      std::string(request ? "the request" : "the response") + " head is malformed: " +
          (verdict == HPE_OK || reason == nullptr ? "it is not one complete head" : reason) +
          (request ? "; the client must be corrected" : "; the origin must be corrected"));
}

}  // namespace http::internal
