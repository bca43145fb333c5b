// What servers may take a path for. They disagree on path parameters, on how often escapes are
// decoded, on overlong UTF-8 and on case, so a rule about paths must hold for all of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace http {

class PathReadings {
 public:
  // Of an origin-form target; its query is left out.
  explicit PathReadings(std::string_view path_and_query);

  // Whether every server takes it for `prefix` or a path below. Case counts: "/API" may be another
  // path than "/api". `prefix` is canonical (http/path.h).
  bool all_below(std::string_view prefix) const;
  // Whether some server may: its parameters cut off ("/admin;x", "/x/..;/admin"), its escapes
  // decoded once more ("/%2561dmin"), in other case ("/Admin"); or nobody can tell what it means.
  bool any_below(std::string_view prefix) const;

 private:
  void read(const std::string& text);

  // Each in its own way; the first is the canonical path. Empty when no comparison is safe.
  std::vector<std::string> readings_;
};

}  // namespace http
