#include "cli/usage/help.h"

#include <algorithm>

namespace cli::usage {
namespace {

constexpr std::size_t kMargin = 2;
constexpr std::size_t kMaxLeft = 32;  // a longer left column puts its text on the next line

// `text` in lines of `width`, the second and later ones after `indent` blanks.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const std::size_t length = to - from;
    if (column > indent && column + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out.append(text, from, length);
    column += length;
    from = to + 1;
  }
  return out;
}

struct Row {
  std::string left, right;
};

std::string table(const std::string& title, const std::vector<Row>& rows, std::size_t width) {
  if (rows.empty()) return "";
  std::size_t left = 0;
  for (const Row& row : rows) {
    if (row.left.size() <= kMaxLeft) left = std::max(left, row.left.size());
  }
  const std::size_t column = kMargin + left + 2;
  std::string out = "\n" + title + ":\n";
  for (const Row& row : rows) {
    out += std::string(kMargin, ' ') + row.left;
    if (row.left.size() > left) {
      out += "\n" + std::string(column, ' ');
    } else {
      out += std::string(left - row.left.size() + 2, ' ');
    }
    out += wrapped(row.right, column, width) + "\n";
  }
  return out;
}

}  // namespace

std::string synopsis(const Command& command) {
  std::string out = command.path();
  if (!command.dashed().empty()) out += " [OPTION…]";
  for (const Option* option : command.positionals()) {
    const std::string word = option->value_name + (option->times == Times::kMany ? "…" : "");
    out += option->is_required ? " " + word : " [" + word + "]";
  }
  if (!command.below.empty()) out += command.needs_one_below ? " COMMAND" : " [COMMAND]";
  return out;
}

std::string described(const Option& option) {
  std::string out = option.help;
  const auto add = [&out](const std::string& more) { out += (out.empty() ? "" : "; ") + more; };
  // Where the values are the value's name, they have been said.
  if (!option.words.empty() && option.value_name.find('|') == std::string::npos) {
    add(any_of(option.words));
  }
  if (option.shows_default && !option.default_text.empty()) add("default " + option.default_text);
  return out;
}

std::string help_text(const Command& command, std::size_t width) {
  std::string out =
      "Usage: " + synopsis(command) + "\n\n" + wrapped(command.description, 0, width) + "\n";
  std::vector<Row> arguments, options, commands;
  for (const Option* option : command.positionals()) {
    arguments.push_back({option->value_name, described(*option)});
  }
  for (const Option* option : command.dashed()) {
    options.push_back({option->spelling(), described(*option)});
  }
  options.push_back({"-h, --help", "print this help"});
  if (command.above == nullptr)
    options.push_back({"--version", "print version, commit and libraries"});
  for (const auto& each : command.below) commands.push_back({each->name, each->description});
  out += table("Commands", commands, width) + table("Arguments", arguments, width) +
         table("Options", options, width);
  if (!command.footer.empty()) out += "\n" + command.footer + "\n";
  return out;
}

}  // namespace cli::usage
