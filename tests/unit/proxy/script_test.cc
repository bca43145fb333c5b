// Exchanges told as transcripts (script/script.h), each over every way that one can take.
#include <gtest/gtest.h>

#include "tests/unit/proxy/script/ways.h"

namespace proxy::script {
namespace {

INSTANTIATE_TEST_SUITE_P(Ways, Script, testing::ValuesIn(kRequestWays), name_of);

TEST_P(Script, OneRequestAfterTheOther) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
    client asks POST /b hello
    origin hears POST /b hello
    origin answers 204
    client hears 204
    record POST 204 -
    origin was dialled 1
  )");
}

TEST_P(Script, BodiesOfUnknownLength) {
  play(R"(
    client asks POST /a he...
    origin hears POST /a he...
    client says llo
    origin hears POST /a hello...
    client ends
    origin hears POST /a hello
    origin answers 200 h...
    client hears 200 h...
    origin says i
    origin ends
    client hears 200 hi
    record POST 200 -
  )");
}

TEST_P(Script, InterimResponses) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin informs 103
    client hears 103
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
  )");
}

TEST_P(Script, AnEarlyAnswer) {
  play(R"(
    client asks POST /a 10:he
    origin hears POST /a he...
    origin answers 413 no
    client hears 413 no
    record POST 413 -
  )");
}

TEST_P(Script, AnOriginThatDoesNotAnswer) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    599 s pass
    client hears nothing
    2 s pass
    client hears 504 *
    record GET 504 origin_timeout origin
  )");
}

TEST_P(Script, AnOriginThatStopsInItsAnswer) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 10:he
    client hears 200 he...
    599 s pass
    origin says ll
    client hears 200 hell...
    599 s pass
    client hears 200 hell...
    2 s pass
    client hears 200 hell!
    record GET 200 idle_timeout origin
  )");
}

TEST_P(Script, AClientThatStopsInItsBody) {
  play(R"(
    client asks POST /a 10:he
    origin hears POST /a he...
    59 s pass
    client hears nothing
    2 s pass
    client hears 408 *
    record POST 408 client_timeout client
  )");
}

TEST_P(Script, AClientThatGivesUp) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    client cancels
    record GET 0 client_closed client
  )");
}

TEST_P(Script, AClientThatGivesUpTheAnswer) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 10:he
    client hears 200 he...
    client resets
    origin says ll
    record GET 200 client_closed client
    session is over
  )");
}

TEST_P(Script, AnOriginThatCutsItsAnswer) {
  for (const char* how : {"closes", "resets"}) {
    play(std::string(R"(
      client asks GET /a
      origin hears GET /a
      origin answers 200 10:he
      client hears 200 he...
      origin )") +
         how + R"(
      client hears 200 he!
    )");
  }
}

TEST_P(Script, AnOriginThatEndsWithoutAWord) {
  for (const char* how : {"closes", "resets"}) {
    play(std::string(R"(
      client asks POST /a hello
      origin hears POST /a hello
      origin )") +
         how + R"(
      client hears 502 *
      origin was dialled 1
    )");
  }
}

TEST_P(Script, AConnectionThatWentStale) {
  for (const char* how : {"closes", "resets"}) {
    play(std::string(R"(
      client asks GET /a
      origin hears GET /a
      origin answers 200 hi
      client hears 200 hi
      record GET 200 -
      origin )") +
         how + R"(
      client asks POST /b hello
      origin hears POST /b hello
      origin answers 200 again
      client hears 200 again
      record POST 200 -
      origin was dialled 2
    )");
  }
}

TEST_P(Script, AConnectionThatDiesAsItIsTaken) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
    client asks GET /b
    origin hears GET /b
    origin resets
    origin hears GET /b
    origin answers 200 again
    client hears 200 again
    record GET 200 -
    origin was dialled 2
  )");
}

TEST_P(Script, AnOriginThatIsGone) {
  play(R"(
    client asks GET /a
    origin hears GET /a
    origin answers 200 hi
    client hears 200 hi
    record GET 200 -
    origin is gone
    origin closes
    client asks GET /b
    client hears 502 *
    record GET 502 connect_refused origin
  )");
}

}  // namespace
}  // namespace proxy::script
