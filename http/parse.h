// Heads from bytes: a raw lint for what llhttp lets through, llhttp itself in strict mode, then the
// checks that need the whole head (RFC 9112 §2.2, §3, §5). Pure functions of complete heads.
#pragma once

#include <string_view>

#include "base/result.h"
#include "http/head.h"
#include "http/limits.h"

namespace http {

// `head` is one head as HeadScanner delimits it, without skipped empty lines, CRLFCRLF included.
// Fails (party: client) with kBadRequest, kHeadTooLarge, kVersionUnsupported or kMethodUnsupported.
base::Result<RequestHead> parse_request_head(std::string_view head, const Limits& limits);

// Fails (party: origin) with kBadResponse.
base::Result<ResponseHead> parse_response_head(std::string_view head, const Limits& limits);

}  // namespace http
