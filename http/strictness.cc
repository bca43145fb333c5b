#include "http/strictness.h"

#include <llhttp.h>

#include <string_view>

namespace http {

base::Result<void> check_parser_strictness() {
  // The empty line that ends the fields has a CR and no LF: strict mode stops with HPE_STRICT, a
  // loose build takes it for the end of the head (llhttp 8.1.0).
  constexpr std::string_view kProbe = "GET / HTTP/1.1\r\nHost: probe\r\n\rX";
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  llhttp_t parser;
  llhttp_init(&parser, HTTP_REQUEST, &settings);
  if (llhttp_execute(&parser, kProbe.data(), kProbe.size()) == HPE_STRICT) return {};
  return base::fail(base::ErrorCode::kInternal, base::Party::kProxy,
                    "the HTTP parser was built without strict mode and would accept ambiguous "
                    "messages; build llhttp with LLHTTP_STRICT_MODE=1");
}

}  // namespace http
