// Which fields end at this hop (RFC 9110 §7.6.1).
#pragma once

#include <string_view>
#include <vector>

#include "http/fields.h"
#include "http/head_scanner.h"

namespace http {

// Refers to the fields it was made from, which outlive it unchanged.
class HopByHop {
 public:
  HopByHop(MessageKind kind, const Fields& fields);

  // Whether a field of that name is not to be copied: it concerns this connection only, is named by
  // Connection, or is written anew by the sender of the rewritten head (Host of requests, Via,
  // Content-Length, Transfer-Encoding).
  bool removes(std::string_view name) const;

 private:
  MessageKind kind_;
  // What Connection names, 64 at most: the cap bounds the work at fields × options. Options beyond
  // it are ignored, since no sane client has them.
  std::vector<std::string_view> options_;
};

}  // namespace http
