// What the command line is made of, as values: commands, their options and what options take. The
// parser, the help, the manual pages and the completions are functions of these, so that none of
// them can know of an option that another does not.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cli::usage {

// What an option does with a value: keeps it, or returns what is wrong with it, as the end of a
// sentence ("is no number"). "" when it was kept.
using Keep = std::function<std::string(const std::string& value)>;

// Whether an option may be given again.
enum class Times { kOnce, kMany };

// How a value may be left out.
enum class Needed {
  kNo,  // a flag: it takes none
  kYes,
  kOptional,  // it may stand alone, which means `implied`; a word of `words` after it is its value
};

// A flag, an option with a value or a positional argument.
struct Option {
  std::vector<std::string> names;  // "-c", "--config"; of a positional argument one without dashes
  std::string help;
  std::string value_name;               // "FILE", as the help has it
  std::string default_text{};           // what it is when not given
  std::vector<std::string> words{};     // the values there are; none: any
  std::vector<std::string> proposed{};  // some of many values, for completions
  std::string implied{};                // see kOptional
  std::vector<std::string> former{};    // what people call it, which is refused by naming it
  std::vector<const Option*> needs{}, excludes{};
  Keep keep;
  Needed value = Needed::kYes;
  Times times = Times::kOnce;
  bool is_positional = false;
  bool is_required = false;
  bool shows_default = false;
  char between = 0;  // what separates several values in one; 0: nothing does
  int group = 0;     // of options of which one at most may be given; 0: none
  std::size_t given = 0;

  // "--config", or the name of a positional argument.
  const std::string& name() const { return names.back(); }
  // "-c, --config FILE", for sentences and lists.
  std::string spelling() const;
  bool has_name(std::string_view name) const;
  // Whether the value is a file or directory, by what the help calls it.
  bool names_file() const;
};

struct Command {
  std::string name;
  std::string description;
  std::string footer;  // examples, exit codes and what else its help says at the end
  const Command* above = nullptr;
  std::vector<std::unique_ptr<Option>> options;
  std::vector<std::unique_ptr<Command>> below;
  bool needs_one_below = false;
  std::function<void()> run;

  // "sluice aks render"
  std::string path() const;
  // nullptr when there is none of that name.
  Command* find(std::string_view word) const;
  Option* find_option(std::string_view word) const;
  std::vector<std::string> names_below() const;
  std::vector<const Option*> positionals() const;
  std::vector<const Option*> dashed() const;
};

// "a", "a or b", "a, b or c"
std::string any_of(const std::vector<std::string>& words);

// `, did you mean "check"?` when one of the words is near, otherwise "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& words);

// `text` in double quotes, cut, and safe for a terminal.
std::string quoted(std::string_view text);

}  // namespace cli::usage
