// Connections that are cut in the middle of whatever they say.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "net/block_pool.h"
#include "tests/unit/proxy/script/exchange.h"
#include "tests/unit/proxy/script/ways.h"

namespace proxy::script {
namespace {

// The client, and then the origin, is reset after each of the octets that it has to say (each 13th
// where the handshakes of TLS are among them). Whatever comes of it is told once, and nothing
// stays.
class ResetScript : public Script {
 protected:
  Stage::Cuts converse(const Stage::Cuts& cuts) {
    const std::ptrdiff_t blocks = net::blocks_out();
    Stage stage(GetParam(), {}, cuts);
    if (stage.enter()) exchange(stage, GetParam());
    leave(stage);
    EXPECT_EQ(net::blocks_out(), blocks);
    return stage.cuts();
  }
};

TEST_P(ResetScript, AtEveryOctet) {
  const Stage::Cuts whole = converse({});
  const bool octets =
      GetParam().outer == Version::kHttp1 && GetParam().way != Setting::Way::kInspected;
  const size_t step = octets ? 1 : 13;
  for (size_t after = 0; after < whole.client.said; after += step) {
    SCOPED_TRACE("the client after " + std::to_string(after));
    Stage::Cuts cuts;
    cuts.client.after = after;
    converse(cuts);
    if (HasFailure()) return;
  }
  for (size_t after = 0; after < whole.origin.said; after += step) {
    SCOPED_TRACE("the origin after " + std::to_string(after));
    Stage::Cuts cuts;
    cuts.origin.after = after;
    converse(cuts);
    if (HasFailure()) return;
  }
}
INSTANTIATE_TEST_SUITE_P(Requests, ResetScript, testing::ValuesIn(kRequestWays), name_of);
INSTANTIATE_TEST_SUITE_P(Tunnels, ResetScript, testing::ValuesIn(kTunnelWays), name_of);

}  // namespace
}  // namespace proxy::script
