#include "cli/usage/parse.h"

#include <algorithm>
#include <optional>

namespace cli::usage {
namespace {

bool is_dashed(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

class Parser {
 public:
  Parser(Command& program, const std::vector<std::string>& words)
      : program_(program), words_(words), command_(&program) {}

  Request run() {
    if (words_.empty()) return {Request::Kind::kHelp, command_};
    for (; next_ < words_.size() && !request_; ++next_) read(words_[next_]);
    if (!request_) check_whole();
    return request_ ? *request_ : Request{Request::Kind::kRun, command_};
  }

 private:
  void read(const std::string& word) {
    if (only_positionals_ || !is_dashed(word)) return read_word(word);
    if (word == "--") {
      only_positionals_ = true;
    } else if (word == "--help" || word == "-h") {
      request_ = {Request::Kind::kHelp, command_};
    } else if (word == "--version" && command_ == &program_) {
      request_ = {Request::Kind::kVersion, command_};
    } else if (word.starts_with("--")) {
      const std::size_t equals = word.find('=');
      std::optional<std::string> value;
      if (equals != std::string::npos) value = word.substr(equals + 1);
      read_option(word.substr(0, equals), std::move(value));
    } else {
      std::optional<std::string> value;  // -cFILE, -c=FILE
      if (word.size() > 2) value = word.substr(word[2] == '=' ? 3 : 2);
      read_option(word.substr(0, 2), std::move(value));
    }
  }

  void read_word(const std::string& word) {
    if (!only_positionals_ && positional_ == 0) {
      if (Command* below = command_->find(word)) return descend(*below);
    }
    std::size_t place = 0;
    for (const auto& option : command_->options) {
      if (!option->is_positional) continue;
      if (place++ < positional_) continue;
      if (option->times == Times::kOnce) ++positional_;
      return keep(*option, word);
    }
    if (!command_->below.empty() && positional_ == 0) return unknown_command(word);
    std::string takes;
    for (const Option* option : command_->positionals()) takes += " " + option->value_name;
    wrong(subject() + " takes " + (takes.empty() ? "no arguments" : "only" + takes) + ", and " +
          quoted(word) + " is one more" + hint_for_stray(word));
  }

  void descend(Command& below) {
    for (const auto& option : command_->options) {
      if (option->given == 0) continue;
      return wrong(option->name() + " stands before " + below.name +
                   ", which has options of its own; write those of " + below.path() + " after it");
    }
    command_ = &below;
  }

  // The command in a sentence, which begins with the program's name already.
  std::string subject() const {
    const std::string path = command_->path();
    return command_ == &program_ ? path : path.substr(program_.name.size() + 1);
  }

  std::string has_no(const std::string& what) const {
    return command_ == &program_ ? "there is no " + what : subject() + " has no " + what;
  }

  // Who writes a file after a flag that prints thinks that it is where to.
  std::string hint_for_stray(const std::string& word) const {
    if (next_ == 0 || words_[next_ - 1] != "--json") return "";
    return ": --json prints to standard output" + (word == "-" ? "" : " (--json > " + word + ")");
  }

  void unknown_command(const std::string& word) {
    const std::vector<std::string> names = command_->names_below();
    const std::string near = did_you_mean(word, names);
    wrong(has_no("command " + quoted(word)) +
          (near.empty() ? "; expected " + any_of(names) : near));
  }

  void read_option(const std::string& name, std::optional<std::string> value) {
    Option* option = command_->find_option(name);
    if (option == nullptr) return unknown_option(name);
    if (option->value == Needed::kNo) {
      if (value) return wrong(name + " takes no value, and has " + quoted(*value));
      return keep(*option, "");
    }
    if (!value && option->value == Needed::kOptional) {
      value = option->implied;
      if (next_ + 1 < words_.size() && is_among(words_[next_ + 1], option->words)) {
        value = words_[++next_];
      }
    }
    if (value) return keep(*option, *value);
    if (next_ + 1 == words_.size()) return wrong(name + " needs a value: " + option->spelling());
    const std::string& next = words_[next_ + 1];
    if (next.starts_with("--") || command_->find_option(next) != nullptr) {
      return wrong(name + " needs a value, and " + quoted(next) +
                   " is an option; a value that begins so is written " +
                   (name.starts_with("--") ? name + "=" : name) + next);
    }
    ++next_;
    keep(*option, next);
  }

  void unknown_option(const std::string& name) {
    std::vector<std::string> names = {"--help"};
    for (const auto& each : command_->options) {
      if (each->is_positional) continue;
      if (is_among(name, each->former)) {
        return wrong(has_no("option " + name) + ": here it is " + each->spelling());
      }
      names.insert(names.end(), each->names.begin(), each->names.end());
    }
    for (const Command* above = command_->above; above != nullptr; above = above->above) {
      if (above->find_option(name) == nullptr) continue;
      return wrong(name + " is an option of " + above->path() + ", not of " + command_->path());
    }
    if (!name.starts_with("--")) names.clear();  // any letter is near any other
    wrong(has_no("option " + quoted(name)) + did_you_mean(name, names));
  }

  static bool is_among(const std::string& word, const std::vector<std::string>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  void keep(Option& option, const std::string& value) {
    if (option.given > 0 && option.times == Times::kOnce && option.value != Needed::kNo) {
      return wrong(option.name() + " is given twice, and takes one value");
    }
    if (option.between == 0 || value.find(option.between) == std::string::npos) {
      return keep_one(option, value);
    }
    std::size_t from = 0;
    while (from <= value.size() && !request_) {
      const std::size_t to = std::min(value.find(option.between, from), value.size());
      if (to > from) keep_one(option, value.substr(from, to - from));
      from = to + 1;
    }
  }

  void keep_one(Option& option, const std::string& value) {
    if (!option.words.empty() && !is_among(value, option.words)) {
      const std::string near = did_you_mean(value, option.words);
      return wrong(option.name() + " can't be " + quoted(value) +
                   (near.empty() ? "; expected " + any_of(option.words) : near));
    }
    const std::string problem = option.keep(value);
    if (!problem.empty()) return wrong(option.name() + " " + quoted(value) + " " + problem);
    ++option.given;
  }

  void check_whole() {
    if (command_->needs_one_below) {
      return wrong(subject() + " needs one of its commands: " + any_of(command_->names_below()));
    }
    const Option* of_group = nullptr;
    for (const auto& option : command_->options) {
      if (option->is_required && option->given == 0) {
        return wrong(subject() + " needs " + option->spelling() + ": " + option->help);
      }
      if (option->given == 0) continue;
      check_company(*option);
      if (option->group == 0) continue;
      if (of_group != nullptr) exclude(*of_group, *option);
      of_group = option.get();
    }
  }

  void check_company(const Option& option) {
    for (const Option* other : option.needs) {
      if (other->given == 0) wrong(option.name() + " needs " + other->spelling() + " as well");
    }
    for (const Option* other : option.excludes) {
      if (other->given > 0) exclude(option, *other);
    }
  }

  void exclude(const Option& one, const Option& other) {
    wrong(one.name() + " and " + other.name() + " exclude each other");
  }

  // The first thing that is wrong is what is said.
  void wrong(std::string sentence) {
    if (request_) return;
    const bool ends = sentence.ends_with('?');
    sentence += (ends ? " See " : "; see ") + command_->path() + " --help";
    request_ = {Request::Kind::kWrong, command_, std::move(sentence)};
  }

  Command& program_;
  const std::vector<std::string>& words_;
  Command* command_;
  std::size_t next_ = 0;
  std::size_t positional_ = 0;  // how many positional arguments are filled
  bool only_positionals_ = false;
  std::optional<Request> request_;
};

}  // namespace

Request parse(Command& program, const std::vector<std::string>& words) {
  return Parser(program, words).run();
}

}  // namespace cli::usage
