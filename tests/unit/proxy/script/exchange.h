// One exchange that something may break, and what must hold whatever that is.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "net/block_pool.h"
#include "tests/unit/proxy/script/stage.h"

namespace proxy::script {

// Longer than what waits for the other side: an answer that is to be heard (30 s), octets that are
// to be acknowledged.
inline constexpr base::Millis kLong{40'000};

// Asks, or says something in a tunnel, and answers. True where the client hears all of the answer.
inline bool exchange(Stage& stage, const Setting& setting) {
  const bool tunnel = setting.way == Setting::Way::kTunnel;
  tunnel ? stage.client()->say("hello") : stage.ask("POST", "/a", Body::parse("hello"));
  const auto heard = [](Voice* voice) {
    if (voice == nullptr) return false;
    const auto message = voice->hear();
    return message && (message->body == "hello" || message->state != Message::State::kComing);
  };
  const auto client_ended = [&] { return stage.client()->ended(); };
  stage.until_in(kLong, [&] {
    return client_ended() || heard(stage.origin()) || heard(stage.client()) || stage.over();
  });
  if (heard(stage.origin()) && stage.origin()->hear()->body == "hello") {
    tunnel ? stage.origin()->say("hello") : stage.origin()->answer(200, Body::parse("hello"));
  }
  stage.until_in(kLong, [&] { return client_ended() || heard(stage.client()) || stage.over(); });
  return heard(stage.client()) && stage.client()->hear()->body == "hello";
}

// Closes both ends: the session is over then, has been recorded at most once for each request, with
// the reason where there is one, and leaves nothing behind.
inline void leave(Stage& stage) {
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
}

}  // namespace proxy::script
