// Replies the proxy makes itself. Fixed text: nothing of the request is reflected but the target's
// canonical authority, which cannot carry markup.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/fields.h"
#include "http/rewrite.h"

namespace http {

struct ErrorReply {
  int status = 500;
  std::string_view code;        // base::token_of, also the Proxy-Status error type's source
  std::string_view request_id;  // the id that the access log carries
  std::string_view rule;        // policy rule, may be empty
  std::string_view sentence;    // what, why
  std::string_view next_step;   // what to do
  std::string_view headline{};  // http/headline.h: HTTP/1's reason phrase; "" for the status's own
  std::string_view via;         // own pseudonym, names us in Proxy-Status (RFC 9209)
  std::string_view date{};      // of now (http/date.h); left out when empty
  // Why the origin's TLS is not accepted, as a word (tls/fault.h); "" when that is not the matter.
  // It gets a field of its own, Sluice-TLS-Fault.
  std::string_view tls_fault{};
  // Facts for the body, one a line.
  struct Fact {
    std::string_view name;
    std::string_view value;
  };
  std::span<const Fact> facts{};
  Persistence persistence = Persistence::kClose;
  enum class Body { kSend, kOmit } body = Body::kSend;  // kOmit answers HEAD
};

// A reply in no version's form yet.
struct Reply {
  int status = 0;
  std::string headline;  // in place of the status's own reason phrase, where there is one
  Fields fields;
  std::string body;  // empty when HEAD is answered, whatever Content-Length says
};

// An error response: text/plain body, nosniff, Proxy-Status with the error type RFC 9209 §2.3 knows
// for the code, the sentence and the request id, Retry-After for 503, Allow for 405.
Reply error_message(const ErrorReply& reply);
// Answer to OPTIONS for the proxy itself ("*", or Max-Forwards: 0): 200, Allow, no content.
Reply options_message(std::string_view via);

// The whole message as HTTP/1.1 says it.
std::string to_http1(const Reply& reply, Persistence persistence);
// to_http1 of error_message.
std::string error_reply(const ErrorReply& reply);

// Reason phrase of a status code, "" when unknown.
std::string_view reason_of(int status);

// "HTTP/1.1 200 Connection established\r\n\r\n": no Content-Length, no Transfer-Encoding
// (RFC 9110 §9.3.6).
std::string_view connect_reply();
// "HTTP/1.1 100 Continue\r\n\r\n"
std::string_view continue_reply();

}  // namespace http
