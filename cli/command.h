// How a command says what it is called with: handles to the definition in cli/usage/, good as long
// as their program.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/usage/definition.h"

namespace cli {

// A flag, an option with a value or a positional argument.
class Option {
 public:
  explicit Option(usage::Option& option) : option_(&option) {}

  // Rules for the value; who breaks one gets a sentence that names the option.
  Option one_of(std::vector<std::string> words) const;
  Option in_range(int least, int most) const;
  // A label (RFC 1123), as the names of Kubernetes objects here must be.
  Option kubernetes_name() const;
  Option required() const;
  Option needs(Option other) const;
  Option excludes(Option other) const;

  // A list in one value, as in "a,b,c"; the option may be given again all the same.
  Option separated_by(char between) const;
  // Some of many values, for completions.
  Option proposes(std::vector<std::string> words) const;
  // It may stand without a value, and then has this one.
  Option alone_means(const std::string& value) const;
  // Names that it had, or has elsewhere: who uses one is told this one's.
  Option not_called(std::vector<std::string> names) const;

  // What the help says: the value's name, and the default, which is what the variable holds when
  // the option is added.
  Option value_name(const std::string& name) const;
  Option shows_default() const;

 private:
  usage::Option* option_;
};

// A command, or one with commands below it.
class Command {
 public:
  explicit Command(usage::Command& command) : command_(&command) {}

  Command add_subcommand(const std::string& name, const std::string& description) const;
  Command needs_subcommand() const;
  Command footer(const std::string& text) const;
  // `run` is called when the command line names this command last and is right.
  Command callback(std::function<void()> run) const;

  // `names` is "-f, --file", or for a positional argument its name in capitals. The variable
  // outlives the parsing. A value is a string, also an optional one, a list of strings (which may
  // be given again and again) or a number; command.cc has the types.
  Option add_flag(const std::string& names, bool& into, const std::string& help) const;
  template <typename Value>
  Option add_option(const std::string& names, Value& into, const std::string& help) const;
  // Of these one at most may be given.
  void at_most_one(const std::vector<std::string>& names) const;

 private:
  usage::Command* command_;
};

// The program with all its commands.
class Program {
 public:
  // `version` is what --version prints.
  Program(const std::string& name, const std::string& description,
          std::function<std::string()> version);

  Command command() { return Command(root_); }
  usage::Command& definition() { return root_; }
  // Parses and calls back. False for wrong usage, which has been explained; --help and --version
  // are right and call nothing back.
  bool parse(int argc, char** argv);

 private:
  usage::Command root_;
  std::function<std::string()> version_;
};

}  // namespace cli
