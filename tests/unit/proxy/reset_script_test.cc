// Connections that are cut in the middle of whatever they say.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "net/block_pool.h"
#include "tests/unit/proxy/script/ways.h"

namespace proxy::script {
namespace {

// The client, and then the origin, is reset after each of the octets that it has to say (each 13th
// where the handshakes of TLS are among them). Whatever comes of it is told once, and nothing
// stays.
class ResetScript : public Script {
 protected:
  // Longer than what waits for the other side: an answer that is to be heard (30 s), octets that
  // are to be acknowledged.
  static constexpr base::Millis kLong{40'000};

  Stage::Cuts converse(const Stage::Cuts& cuts) {
    const std::ptrdiff_t blocks = net::blocks_out();
    Stage stage(GetParam(), {}, cuts);
    const bool entered = stage.enter();
    if (entered) exchange(stage);
    stage.close_client();
    stage.close_origin();
    EXPECT_TRUE(stage.until_in(kLong, [&] { return stage.over(); }));
    EXPECT_LE(stage.records().size(), 2U);
    for (const auto& record : stage.records()) {
      const bool whole = record["cause"].is_null();
      EXPECT_TRUE(whole || !record["detail"].get<std::string>().empty()) << record.dump();
    }
    EXPECT_EQ(stage.lent().metrics.connections_open.load(), 0U);
    EXPECT_EQ(stage.lent().metrics.tunnels_open.load(), 0U);
    stage.lent().origins.clear();
    EXPECT_EQ(net::blocks_out(), blocks);
    return stage.cuts();
  }

 private:
  void exchange(Stage& stage) {
    const bool tunnel = GetParam().way == Setting::Way::kTunnel;
    tunnel ? stage.client()->say("hello") : stage.ask("POST", "/a", Body::parse("hello"));
    const auto heard = [](Voice* voice) {
      if (voice == nullptr) return false;
      const auto message = voice->hear();
      return message && (message->body == "hello" || message->state == Message::State::kCut);
    };
    const auto client_ended = [&] { return stage.client()->ended(); };
    stage.until_in(kLong, [&] {
      return client_ended() || heard(stage.origin()) || heard(stage.client()) || stage.over();
    });
    if (stage.origin() == nullptr || !heard(stage.origin())) return;
    tunnel ? stage.origin()->say("hello") : stage.origin()->answer(200, Body::parse("hello"));
    const bool cut = stage.cuts().origin.after != Cut().after;
    stage.until_in(
        kLong, [&] { return client_ended() || heard(stage.client()) || (cut && stage.over()); });
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
