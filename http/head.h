// Message heads as values (RFC 9112 §3, §4).
#pragma once

#include <string>

#include "http/fields.h"

namespace http {

struct RequestHead {
  std::string method;     // a token, case kept (RFC 9110 §9.1)
  std::string target;     // request-target as received
  int minor_version = 1;  // HTTP/1.0 or HTTP/1.1
  Fields fields;
};

struct ResponseHead {
  int status = 0;      // 100–599
  std::string reason;  // may be empty
  int minor_version = 1;
  Fields fields;
};

}  // namespace http
