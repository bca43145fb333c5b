#include "tests/unit/proxy/script/script.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

namespace proxy::script {
namespace {

// Takes the first word off.
std::string word(std::string& line) {
  const size_t from = line.find_first_not_of(' ');
  if (from == std::string::npos) return {};
  const size_t end = std::min(line.find(' ', from), line.size());
  std::string first = line.substr(from, end - from);
  const size_t rest = line.find_first_not_of(' ', end);
  line = rest == std::string::npos ? std::string() : line.substr(rest);
  return first;
}

bool matches(const std::string& expected, const std::string& heard) {
  if (!expected.ends_with(" *")) return heard == expected;
  return heard.starts_with(expected.substr(0, expected.size() - 1)) && !heard.ends_with("...") &&
         !heard.ends_with("!");
}

class Player {
 public:
  explicit Player(Stage& stage) : stage_(stage) {}

  void play(std::string line) {
    const std::string whole = line;
    const std::string who = word(line);
    if (who == "client" || who == "origin") {
      const std::string what = word(line);
      if (who == "origin" && (what == "is" || what == "was")) return origin_fact(what, line);
      return speak(who == "client", what, line);
    }
    if (who == "session") return session(line);
    if (who == "record") return record(line);
    if (who == "no") {
      stage_.settle();
      EXPECT_EQ(stage_.records().size(), records_);
      return;
    }
    const std::string unit = word(line);
    const long count = std::stol(who);
    ASSERT_EQ(line, "pass") << whole;
    stage_.pass(unit == "s" ? base::Millis(count * 1000) : base::Millis(count));
  }

 private:
  Voice* voice(bool client) { return client ? stage_.client() : stage_.origin(); }

  void speak(bool client, const std::string& what, std::string& line) {
    if (what == "hears") return hear(client, line);
    if (!client) {
      ASSERT_TRUE(stage_.until([&] { return stage_.origin() != nullptr; })) << "nobody dialled";
    }
    Voice* speaker = voice(client);
    ASSERT_NE(speaker, nullptr) << "the connection is gone";
    if (what == "asks") {
      const std::string method = word(line);
      const std::string path = word(line);
      stage_.ask(method, path, Body::parse(line));
    } else if (what == "answers") {
      const int status = std::stoi(word(line));
      speaker->answer(status, Body::parse(line));
    } else if (what == "informs") {
      speaker->inform(std::stoi(line));
    } else if (what == "says") {
      speaker->say(line);
    } else if (what == "ends") {
      speaker->finish();
    } else if (what == "cancels") {
      client ? stage_.cancel() : speaker->reset();
    } else if (what == "closes") {
      stage_.settle();  // what was said before has gone out
      client ? stage_.close_client() : stage_.close_origin();
    } else if (what == "resets") {
      stage_.settle();
      client ? stage_.reset_client() : stage_.reset_origin();
    } else {
      FAIL() << "no such step";
    }
    stage_.settle();
  }

  void hear(bool client, const std::string& expected) {
    std::string heard = "nothing";
    const auto look = [&] {
      Voice* listener = voice(client);
      if (listener == nullptr) return false;
      const auto message = listener->hear();
      heard = message ? message->text() : "nothing";
      return message.has_value();
    };
    if (expected == "nothing") {
      stage_.settle();
      EXPECT_FALSE(look()) << heard;
      return;
    }
    if (expected == "end") {
      EXPECT_TRUE(stage_.until([&] { return voice(client) != nullptr && voice(client)->ended(); }));
      EXPECT_FALSE(look()) << heard;
      return;
    }
    EXPECT_TRUE(stage_.until([&] { return look() && matches(expected, heard); }))
        << "heard: " << heard;
    if (!heard.ends_with("...") && look()) voice(client)->next();
  }

  void origin_fact(const std::string& verb, std::string& line) {
    if (verb == "is") {
      ASSERT_EQ(line, "gone");
      return stage_.refuse_dials();
    }
    ASSERT_EQ(word(line), "dialled");
    stage_.settle();
    EXPECT_EQ(std::to_string(stage_.dials()), line);
  }

  void session(const std::string& line) {
    if (line == "drains") {
      stage_.drain();
    } else if (line == "stops") {
      stage_.stop();
    } else {
      ASSERT_EQ(line, "is over");
      EXPECT_TRUE(stage_.until([&] { return stage_.over(); }));
    }
  }

  void record(const std::string& expected) {
    EXPECT_TRUE(stage_.until([&] { return stage_.records().size() > records_; })) << "no record";
    const auto all = stage_.records();
    if (all.size() <= records_) return;
    const auto& record = all[records_++];
    std::string text = record["method"].get<std::string>() + " " +
                       std::to_string(record["status"].get<int>()) + " ";
    text += record["cause"].is_null() ? std::string("-") : record["cause"].get<std::string>();
    if (!record["fault"].is_null()) text += " " + record["fault"].get<std::string>();
    EXPECT_EQ(text, expected) << record.dump();
  }

  Stage& stage_;
  size_t records_ = 0;  // that were looked at
};

}  // namespace

void play(Stage& stage, std::string_view transcript) {
  Player player(stage);
  while (!transcript.empty()) {
    const size_t end = std::min(transcript.find('\n'), transcript.size());
    const std::string_view line = transcript.substr(0, end);
    transcript.remove_prefix(std::min(end + 1, transcript.size()));
    const size_t from = line.find_first_not_of(' ');
    if (from == std::string_view::npos) continue;
    SCOPED_TRACE(std::string(line.substr(from)));
    player.play(std::string(line.substr(from)));
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace proxy::script
