// The command line: CLI11 behind a few declarations. Its header makes a compiler work for ten
// seconds, twenty with sanitizers, so command.cc alone reads it. What is named as in CLI11 does
// what it does there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cli {

// A flag, an option with a value or a positional argument; a handle, good as long as its program.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  // Rules for the value; who breaks one gets an error that names the option.
  Option one_of(std::vector<std::string> words) const;
  Option in_range(int least, int most) const;
  // A label (RFC 1123), as the names of Kubernetes objects here must be.
  Option kubernetes_name() const;
  Option required() const;
  Option needs(Option other) const;
  Option excludes(Option other) const;
  Option excludes(const std::string& name) const;

  // How many values it takes, and how they are spelt.
  Option expected(int least, int most) const;
  // A list takes one value each time it is named, and not all that follow.
  Option one_each_time() const;
  Option delimiter(char between) const;

  // What the help says.
  Option type_name(const std::string& name) const;
  Option capture_default_str() const;
  // Of an option that may stand without a value: the value it then has.
  Option default_str(const std::string& text) const;

 private:
  CLI::Option* option_;
};

// A command, a subcommand or a group of options in one; a handle, good as long as its program.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  Command add_subcommand(const std::string& name, const std::string& description) const;
  Command require_subcommand(int least, int most) const;
  Command add_option_group(const std::string& name, const std::string& description) const;
  Command require_option(int least, int most) const;
  Command footer(const std::string& text) const;
  // `run` is called when the command line names this command and is right; then
  // has_chosen_subcommand says whether it also names one below.
  Command callback(std::function<void()> run) const;
  bool has_chosen_subcommand() const;

  // The variable outlives the parsing. A value is a string, also an optional one, a list of strings
  // or a number; command.cc has the types.
  Option add_flag(const std::string& names, bool& into, const std::string& help) const;
  template <typename Value>
  Option add_option(const std::string& names, Value& into, const std::string& help = "") const;

 private:
  CLI::App* app_;
};

// The program with all its commands.
class Program {
 public:
  Program(const std::string& description, const std::string& version);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Command command() const { return Command(*app_); }
  // Parses and calls back. False for wrong usage, which has been explained; --help and --version
  // are right and call nothing back.
  bool parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace cli
