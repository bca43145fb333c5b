// What ends a client's connection, or changes what holds for it, told as transcripts.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/unit/proxy/script/ways.h"

namespace proxy::script {
namespace {

class EndingScript : public Script {};
INSTANTIATE_TEST_SUITE_P(Ways, EndingScript, testing::ValuesIn(kRequestWays), name_of);

TEST_P(EndingScript, AnIdleConnectionDrains) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
    session drains
    client hears end
    no record
  )");
}

TEST_P(EndingScript, ABusyConnectionDrains) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    session drains
    5 s pass
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
    client hears end
  )");
}

TEST_P(EndingScript, AConnectionIsStopped) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 10:he
    client hears 200 he...
    session stops
    client hears 200 he!
    record GET 200 cancelled proxy
  )");
}

TEST_P(EndingScript, AnIdleConnectionIsEnded) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
    59 s pass
    client hears nothing
    2 s pass
    client hears end
    no record
  )");
}

TEST_P(EndingScript, AReloadHoldsForTheNextRequest) {
  Stage stage(GetParam());
  ASSERT_TRUE(stage.enter());
  script::play(stage, R"(
    client asks GET /a
    origin hears GET /a
  )");
  config::Config denies;
  config::Rule rule;
  rule.name = "none";
  rule.action = config::Action::kDeny;
  denies.policy.rules = {rule};
  stage.reload(denies);
  script::play(stage, R"(
    origin answers 200 hi
    client hears 200 hi
    client asks GET /b
    client hears 403 *
  )");
}

TEST_P(EndingScript, AnIdleOriginIsNotKept) {
  if (GetParam().origin == Version::kHttp2) {
    return play(R"(
      client asks GET /a
      origin hears GET /a
      origin answers 200 hi
      client hears 200 hi
      58 s pass
      client asks GET /b
      origin hears GET /b
      origin was dialled 1
    )");  // it stays with the client's connection, and timeouts.keep_alive is of both
  }
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 hi
    client hears 200 hi
    31 s pass
    origin hears end
    client asks GET /b
    origin hears GET /b
    origin answers 200 hi
    client hears 200 hi
    origin was dialled 2
  )");
}

TEST_P(EndingScript, ASessionThatTakesTooLong) {
  config::Config config;
  config.timeouts.total = std::chrono::seconds(100);
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 10:he
    client hears 200 he...
    99 s pass
    client hears 200 he...
    2 s pass
    client hears 200 he!
    record GET 200 total_timeout proxy
  )",
       config);
}

TEST_P(EndingScript, AClientThatAsksForNothing) {
  const bool inspected = GetParam().way == Setting::Way::kInspected;
  const Version version = inspected ? GetParam().inner : GetParam().outer;
  play(std::string(R"(
    9 s pass
    client hears nothing
    2 s pass
    client hears )") +
       (version == Version::kHttp1 ? "408 *" : "end"));
}

}  // namespace
}  // namespace proxy::script
