// Tunnels told as transcripts (script/script.h).
#include <gtest/gtest.h>

#include "tests/unit/proxy/script/ways.h"

namespace proxy::script {
namespace {

class TunnelScript : public Script {};
INSTANTIATE_TEST_SUITE_P(Ways, TunnelScript, testing::ValuesIn(kTunnelWays), name_of);

TEST_P(TunnelScript, EndsOneHalfAfterTheOther) {
  play(R"(
    client says hello
    origin hears octets hello...
    client ends
    origin hears octets hello
    origin says hi
    client hears octets hi...
    59 s pass
    origin says !
    59 s pass
    client hears octets hi!...
    origin ends
    client hears octets hi!
    100 ms pass
    record CONNECT 200 -
  )");
}

TEST_P(TunnelScript, EndsWhereNobodySaysAnything) {
  play(R"(
    client says hello
    origin hears octets hello...
    599 s pass
    no record
    2 s pass
    record CONNECT 200 idle_timeout proxy
  )");
}

TEST_P(TunnelScript, EndsHalfClosedWhereNobodySaysAnything) {
  play(R"(
    client ends
    origin hears octets
    59 s pass
    no record
    2 s pass
    record CONNECT 200 idle_timeout proxy
  )");
}

TEST_P(TunnelScript, ResetsTheOtherSide) {
  play(R"(
    client says hello
    origin hears octets hello...
    origin says hi
    origin resets
    3 s pass
    client hears octets hi!
    record CONNECT 200 origin_reset origin
  )");
  play(R"(
    origin says hi
    client hears octets hi...
    client says hello
    client resets
    3 s pass
    origin hears octets hello!
    record CONNECT 200 client_closed client
  )");
}

TEST_P(TunnelScript, IsStopped) {
  play(R"(
    client says hello
    origin hears octets hello...
    session drains
    60 s pass
    no record
    session stops
    client hears octets !
    origin hears octets hello!
    record CONNECT 200 cancelled proxy
  )");
}

}  // namespace
}  // namespace proxy::script
