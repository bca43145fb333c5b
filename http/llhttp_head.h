// llhttp in strict mode, run over one complete head. The only file, with strictness.cc, that knows
// it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/fields.h"
#include "http/head_scanner.h"

namespace http::internal {

// What llhttp understood; views into the head.
struct LlhttpStart {
  std::string_view method;  // requests
  std::string_view target;
  int status = 0;  // responses
  std::string_view reason;
  int major = 0;
  int minor = 0;
};

// Parses `head` and adds its fields to `fields`. A request's method is not llhttp's to judge: it
// knows a closed set of them, and any token is one (http/method.h). Fails with kBadRequest (client)
// or kBadResponse (origin), naming llhttp's reason, unless llhttp takes every octet of it and finds
// exactly one head.
base::Result<LlhttpStart> run_llhttp(MessageKind kind, std::string_view head, Fields& fields);

}  // namespace http::internal
