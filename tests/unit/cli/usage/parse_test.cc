#include "cli/usage/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"

namespace cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using usage::Request;
using Words = std::vector<std::string>;

// A program with one of everything.
struct Example {
  Program program{"tool", "A tool", [] { return std::string("tool 1\n"); }};
  std::string file, mode = "own";
  std::vector<std::string> names, inputs;
  std::uint16_t port = 80;
  bool verbose = false, quiet = false;
  std::string ran;

  Example() {
    const Command run = program.command().add_subcommand("run", "Runs");
    run.add_option("INPUT", inputs, "what to read").value_name("FILE");
    run.add_option("-f, --file", file, "a file").value_name("FILE").not_called({"--config"});
    run.add_option("--name", names, "a name").separated_by(',');
    run.add_option("--port", port, "a port").in_range(1, 100);
    run.add_option("--mode", mode, "how").one_of({"own", "here"}).alone_means("here");
    const Option verbose_flag = run.add_flag("-v, --verbose", verbose, "more");
    run.add_flag("--quiet", quiet, "less").excludes(verbose_flag);
    run.callback([this] { ran = "run"; });
    const Command group = program.command().add_subcommand("group", "A group");
    group.needs_subcommand();
    group.add_subcommand("inner", "Inside").callback([this] { ran = "inner"; });
  }

  Request parse(const Words& words) { return usage::parse(program.definition(), words); }
};

TEST(Parse, TakesEachSpellingOfAValue) {
  for (const Words& words : {Words{"run", "-f", "a"}, Words{"run", "-fa"}, Words{"run", "-f=a"},
                             Words{"run", "--file", "a"}, Words{"run", "--file=a"}}) {
    Example example;
    const Request request = example.parse(words);
    EXPECT_EQ(request.kind, Request::Kind::kRun) << request.problem;
    EXPECT_EQ(example.file, "a") << testing::PrintToString(words);
  }
}

TEST(Parse, KeepsListsNumbersFlagsAndArguments) {
  Example example;
  const Request request = example.parse(
      {"run", "--name", "a,b", "x", "--port=7", "--name=c", "-v", "-", "--", "--quiet"});
  ASSERT_EQ(request.kind, Request::Kind::kRun) << request.problem;
  EXPECT_THAT(example.names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(example.inputs, ElementsAre("x", "-", "--quiet"));
  EXPECT_EQ(example.port, 7);
  EXPECT_TRUE(example.verbose);
  EXPECT_FALSE(example.quiet);
  request.command->run();
  EXPECT_EQ(example.ran, "run");
}

TEST(Parse, AnOptionMayStandAloneWhereThatMeansSomething) {
  const std::vector<std::pair<Words, std::string>> cases = {{{"run"}, "own"},
                                                            {{"run", "--mode"}, "here"},
                                                            {{"run", "--mode", "own"}, "own"},
                                                            {{"run", "--mode=own"}, "own"},
                                                            {{"run", "--mode", "x"}, "here"}};
  for (const auto& [words, mode] : cases) {
    Example example;
    EXPECT_EQ(example.parse(words).kind, Request::Kind::kRun);
    EXPECT_EQ(example.mode, mode) << testing::PrintToString(words);
  }
}

TEST(Parse, SaysWhatIsWrongAndWhereHelpIs) {
  const std::vector<std::pair<Words, std::string>> cases = {
      {{"rum"}, "there is no command \"rum\", did you mean run? See tool --help"},
      {{"group"}, "group needs one of its commands: inner; see tool group --help"},
      {{"group", "other"}, "group has no command \"other\"; expected inner"},
      {{"run", "--fiel", "a"},
       "run has no option \"--fiel\", did you mean --file? See tool run --help"},
      {{"run", "--config", "a"}, "run has no option --config: here it is -f, --file FILE"},
      {{"run", "-f"}, "-f needs a value: -f, --file FILE; see tool run --help"},
      {{"run", "-f", "--port"}, "-f needs a value, and \"--port\" is an option"},
      {{"run", "-f", "a", "--file=b"}, "--file is given twice"},
      {{"run", "-v=1"}, "-v takes no value, and has \"1\""},
      {{"run", "--port", "101"}, "--port \"101\" is no number from 1 to 100"},
      {{"run", "--port", "7x"}, "--port \"7x\" is no number from 1 to 100"},
      {{"run", "--mode=where"}, "--mode can't be \"where\", did you mean here?"},
      {{"run", "-v", "--quiet"}, "--quiet and --verbose exclude each other"},
      {{"run", "-\x1b[2J"}, "run has no option \"-\\x1b\""}};
  for (const auto& [words, sentence] : cases) {
    Example example;
    const Request request = example.parse(words);
    EXPECT_EQ(request.kind, Request::Kind::kWrong) << testing::PrintToString(words);
    EXPECT_THAT(request.problem, HasSubstr(sentence));
    EXPECT_THAT(example.ran, IsEmpty());
  }
}

TEST(Parse, HelpWinsOverWhatComesAfterIt) {
  Example example;
  const Request request = example.parse({"run", "--help", "--no-such-option"});
  EXPECT_EQ(request.kind, Request::Kind::kHelp);
  EXPECT_EQ(request.command->path(), "tool run");
  EXPECT_EQ(example.parse({}).kind, Request::Kind::kHelp);
  EXPECT_EQ(example.parse({"--version"}).kind, Request::Kind::kVersion);
  EXPECT_EQ(example.parse({"run", "--version"}).kind, Request::Kind::kWrong);
}

}  // namespace
}  // namespace cli
