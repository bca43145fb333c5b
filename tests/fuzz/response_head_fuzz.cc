// Response heads up to the response that would be forwarded: what we write for the client is itself
// one head that the parser accepts, delimited as we said.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/authentication.h"
#include "http/head_scanner.h"
#include "http/parse.h"
#include "http/rewrite.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view method = (data[0] & 1) != 0 ? "GET" : "HEAD";
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  http::HeadScanner scanner(http::MessageKind::kResponse, http::Limits{});
  const auto end = scanner.scan(input);
  if (!end || !end->has_value()) return 0;
  const auto head = http::parse_response_head(input.substr(0, **end), http::Limits{});
  if (!head) return 0;
  // A challenge more never makes a connection safer to share.
  http::Fields more = head->fields;
  more.add("WWW-Authenticate", "Negotiate");
  if (!http::may_authenticate_connection(more)) std::abort();
  http::Fields basic = head->fields;
  basic.add("WWW-Authenticate", "Basic realm=\"a, NTLM\"");
  if (http::may_authenticate_connection(basic) != http::may_authenticate_connection(head->fields))
    std::abort();
  const auto body = http::response_body(*head, method);
  if (!body) return 0;

  const http::ResponseRewrite how{.via = "me", .body = *body, .request_method = method};
  const http::Limits roomy{
      .start_line_bytes = 1 << 20, .head_bytes = 1 << 20, .field_bytes = 1 << 20, .fields = 1000};
  const auto sent = http::parse_response_head(http::client_response(*head, how), roomy);
  if (!sent || sent->status != head->status || sent->fields.count("Via") != 1) std::abort();
  const auto again = http::response_body(*sent, method);
  if (!again || again->kind != body->kind || again->length != body->length) std::abort();
  return 0;
}
