#include "check/clients/route_recorder.h"

#include <gtest/gtest.h>

namespace check {
namespace {

TEST(RouteRecorder, ReadsTheDestinationOffARequestLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"CONNECT Example.COM:443 HTTP/1.1", "example.com:443"},
      {"CONNECT example.com:80 HTTP/1.1", "example.com:80"},
      {"CONNECT [2001:DB8::1]:8443 HTTP/1.0", "2001:db8::1:8443"},
      {"GET http://example.com/x HTTP/1.1", "example.com:80"},
      {"GET http://u:p@10.0.0.5:8080/ HTTP/1.1", "10.0.0.5:8080"},
      {"GET / HTTP/1.1", ""},
      {"\x16\x03\x01", ""},
      {"", ""},
  };
  for (const auto& [line, destination] : cases)
    EXPECT_EQ(destination_of(line), destination) << line;
}

}  // namespace
}  // namespace check
