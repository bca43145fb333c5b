#include "cli/command.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "cli/usage/help.h"
#include "cli/usage/parse.h"

namespace cli {
namespace {

// "-f, --file" as names.
std::vector<std::string> split(const std::string& names) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < names.size();) {
    const std::size_t to = std::min(names.find(',', from), names.size());
    out.push_back(names.substr(from, to - from));
    from = names.find_first_not_of(", ", to);
    if (from == std::string::npos) break;
  }
  return out;
}

std::string store(const std::string& value, std::string& into) {
  into = value;
  return {};
}

std::string store(const std::string& value, std::optional<std::string>& into) {
  into = value;
  return {};
}

template <typename Number>
std::string store(const std::string& value, Number& into) {
  const char* end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, into);
  if (error == std::errc::result_out_of_range) return "is too large";
  return error == std::errc() && at == end && at != value.data() ? "" : "is no whole number";
}

std::string shown(const std::string& value) { return value; }
std::string shown(const std::optional<std::string>& value) { return value.value_or(""); }
std::string shown(const std::vector<std::string>& value) {
  std::string out;
  for (const std::string& each : value) out += (out.empty() ? "" : ", ") + each;
  return out;
}
template <typename Number>
std::string shown(const Number& value) {
  return std::to_string(value);
}

template <typename Value>
usage::Keep keep_in(Value& into, const usage::Option& /*option*/) {
  return [&into](const std::string& value) { return store(value, into); };
}

// A list that has a default loses it to the first value given.
usage::Keep keep_in(std::vector<std::string>& into, const usage::Option& option) {
  return [&into, &option](const std::string& value) {
    if (option.given == 0) into.clear();
    into.push_back(value);
    return std::string();
  };
}

template <typename Value>
constexpr bool kIsList = std::is_same_v<Value, std::vector<std::string>>;
template <typename Value>
constexpr bool kIsNumber = std::is_arithmetic_v<Value>;

std::string label_problem(const std::string& text) {
  const bool legal =
      !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  return legal ? "" : "is no name for Kubernetes; expected a-z, 0-9 and '-' inside, at most 63";
}

// `before` has to find a value right before the option keeps it.
void check_before(usage::Option& option, usage::Keep before) {
  option.keep = [before = std::move(before),
                 keep = std::move(option.keep)](const std::string& value) {
    std::string problem = before(value);
    return problem.empty() ? keep(value) : problem;
  };
}

}  // namespace

Option Option::one_of(std::vector<std::string> words) const {
  constexpr std::size_t kMaxName = 40;
  std::string name;
  for (const std::string& each : words) name += (name.empty() ? "" : "|") + each;
  if (!option_->is_positional) option_->value_name = name.size() <= kMaxName ? name : "WORD";
  option_->words = std::move(words);
  return *this;
}

Option Option::in_range(int least, int most) const {
  check_before(*option_, [least, most](const std::string& value) -> std::string {
    long number = 0;
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), number);
    if (parsed.ec == std::errc() && parsed.ptr == value.data() + value.size() && number >= least &&
        number <= most) {
      return "";
    }
    return "is no number from " + std::to_string(least) + " to " + std::to_string(most);
  });
  return *this;
}

Option Option::kubernetes_name() const {
  option_->value_name = "NAME";
  check_before(*option_, label_problem);
  return *this;
}

Option Option::required() const {
  option_->is_required = true;
  return *this;
}

Option Option::needs(Option other) const {
  option_->needs.push_back(other.option_);
  return *this;
}

Option Option::excludes(Option other) const {
  option_->excludes.push_back(other.option_);
  return *this;
}

Option Option::separated_by(char between) const {
  option_->between = between;
  return *this;
}

Option Option::proposes(std::vector<std::string> words) const {
  option_->proposed = std::move(words);
  return *this;
}

Option Option::alone_means(const std::string& value) const {
  option_->value = usage::Needed::kOptional;
  option_->implied = value;
  return *this;
}

Option Option::not_called(std::vector<std::string> names) const {
  option_->former = std::move(names);
  return *this;
}

Option Option::value_name(const std::string& name) const {
  option_->value_name = name;
  return *this;
}

Option Option::shows_default() const {
  option_->shows_default = true;
  return *this;
}

Command Command::add_subcommand(const std::string& name, const std::string& description) const {
  auto below = std::make_unique<usage::Command>();
  below->name = name;
  below->description = description;
  below->above = command_;
  command_->below.push_back(std::move(below));
  return Command(*command_->below.back());
}

Command Command::needs_subcommand() const {
  command_->needs_one_below = true;
  return *this;
}

Command Command::footer(const std::string& text) const {
  command_->footer = text;
  return *this;
}

Command Command::callback(std::function<void()> run) const {
  command_->run = std::move(run);
  return *this;
}

Option Command::add_flag(const std::string& names, bool& into, const std::string& help) const {
  auto option = std::make_unique<usage::Option>();
  option->names = split(names);
  option->help = help;
  option->value = usage::Needed::kNo;
  option->keep = [&into](const std::string&) {
    into = true;
    return std::string();
  };
  command_->options.push_back(std::move(option));
  return Option(*command_->options.back());
}

template <typename Value>
Option Command::add_option(const std::string& names, Value& into, const std::string& help) const {
  auto option = std::make_unique<usage::Option>();
  option->names = split(names);
  option->help = help;
  option->is_positional = !names.starts_with('-');
  option->value_name = option->is_positional ? names : kIsNumber<Value> ? "N" : "VALUE";
  option->default_text = shown(into);
  if (kIsList<Value>) option->times = usage::Times::kMany;
  option->keep = keep_in(into, *option);
  command_->options.push_back(std::move(option));
  return Option(*command_->options.back());
}

template Option Command::add_option(const std::string&, std::string&, const std::string&) const;
template Option Command::add_option(const std::string&, std::optional<std::string>&,
                                    const std::string&) const;
template Option Command::add_option(const std::string&, std::vector<std::string>&,
                                    const std::string&) const;
template Option Command::add_option(const std::string&, int&, const std::string&) const;
template Option Command::add_option(const std::string&, std::uint16_t&, const std::string&) const;
template Option Command::add_option(const std::string&, std::uint32_t&, const std::string&) const;
template Option Command::add_option(const std::string&, std::size_t&, const std::string&) const;

void Command::at_most_one(const std::vector<std::string>& names) const {
  int group = 1;
  for (const auto& each : command_->options) group = std::max(group, each->group + 1);
  for (const std::string& name : names) command_->find_option(name)->group = group;
}

Program::Program(const std::string& name, const std::string& description,
                 std::function<std::string()> version)
    : version_(std::move(version)) {
  root_.name = name;
  root_.description = description;
  root_.needs_one_below = true;
}

bool Program::parse(int argc, char** argv) {
  const usage::Request request =
      usage::parse(root_, std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  switch (request.kind) {
    case usage::Request::Kind::kHelp:
      std::cout << usage::help_text(*request.command, terminal_width(kTextWidth));
      return true;
    case usage::Request::Kind::kVersion: std::cout << version_(); return true;
    case usage::Request::Kind::kWrong: complain(request.problem, kWrongUsage); return false;
    case usage::Request::Kind::kRun: request.command->run(); return true;
  }
  return false;
}

}  // namespace cli
