#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <utility>

namespace cli {
namespace {

std::string label_problem(const std::string& text) {
  const bool legal =
      !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  return legal ? ""
               : text + " is no name for Kubernetes: expected a-z, 0-9 and '-' inside, at most 63";
}

}  // namespace

Option Option::one_of(std::vector<std::string> words) const {
  return Option(*option_->check(CLI::IsMember(std::move(words))));
}

Option Option::in_range(int least, int most) const {
  return Option(*option_->check(CLI::Range(least, most)));
}

Option Option::kubernetes_name() const { return Option(*option_->check(label_problem, "NAME")); }

Option Option::required() const { return Option(*option_->required()); }

Option Option::needs(Option other) const { return Option(*option_->needs(other.option_)); }

Option Option::excludes(Option other) const { return Option(*option_->excludes(other.option_)); }

Option Option::excludes(const std::string& name) const { return Option(*option_->excludes(name)); }

Option Option::expected(int least, int most) const {
  return Option(*option_->expected(least, most));
}

Option Option::one_each_time() const { return Option(*option_->allow_extra_args(false)); }

Option Option::delimiter(char between) const { return Option(*option_->delimiter(between)); }

Option Option::type_name(const std::string& name) const {
  return Option(*option_->type_name(name));
}

Option Option::capture_default_str() const { return Option(*option_->capture_default_str()); }

Option Option::default_str(const std::string& text) const {
  return Option(*option_->default_str(text));
}

Command Command::add_subcommand(const std::string& name, const std::string& description) const {
  return Command(*app_->add_subcommand(name, description));
}

Command Command::require_subcommand(int least, int most) const {
  return Command(
      *app_->require_subcommand(static_cast<std::size_t>(least), static_cast<std::size_t>(most)));
}

Command Command::add_option_group(const std::string& name, const std::string& description) const {
  return Command(*app_->add_option_group(name, description));
}

Command Command::require_option(int least, int most) const {
  return Command(
      *app_->require_option(static_cast<std::size_t>(least), static_cast<std::size_t>(most)));
}

Command Command::footer(const std::string& text) const { return Command(*app_->footer(text)); }

Command Command::callback(std::function<void()> run) const {
  return Command(*app_->callback(std::move(run)));
}

bool Command::has_chosen_subcommand() const { return !app_->get_subcommands().empty(); }

Option Command::add_flag(const std::string& names, bool& into, const std::string& help) const {
  return Option(*app_->add_flag(names, into, help));
}

template <typename Value>
Option Command::add_option(const std::string& names, Value& into, const std::string& help) const {
  return Option(*app_->add_option(names, into, help));
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

Program::Program(const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description)) {
  app_->set_version_flag("--version", version);
}

Program::~Program() = default;

bool Program::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
    return true;
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0;  // prints the error, or the help or version that was asked for
  }
}

}  // namespace cli
