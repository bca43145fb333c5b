#include "cli/usage/manual.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/usage/help.h"

namespace cli::usage {
namespace {

// Text as roff shows it: no escapes, hyphens that can be copied, and no control lines.
std::string roff(std::string_view text) {
  std::string out;
  bool at_begin = true;
  for (const char c : text) {
    if (at_begin && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '`') {
      out += "\\(ga";
    } else if (c == '~') {
      out += "\\(ti";
    } else if (c == '^') {
      out += "\\(ha";
    } else {
      out += c;
    }
    at_begin = c == '\n';
  }
  return out;
}

std::string in_capitals(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string section(const std::string& title) { return ".SH " + title + "\n"; }

std::string item(const std::string& name, const std::string& text) {
  return ".TP\n.B " + roff(name) + "\n" + (text.empty() ? "\\&" : roff(text)) + "\n";
}

std::vector<std::string> paragraphs(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find("\n\n", from), text.size());
    out.push_back(text.substr(from, to - from));
    from = to + 2;
  }
  return out;
}

// Columns and all, as the help has it.
std::string as_it_stands(const std::string& text) { return ".nf\n" + roff(text) + "\n.fi\n"; }

// The help's footer: examples, exit codes and the rest, each under its heading.
std::string footer_sections(const std::string& footer) {
  constexpr std::string_view kExamples = "Examples:\n";
  constexpr std::string_view kCodes = "Exit codes: ";
  std::string examples, codes, rest;
  for (const std::string& each : paragraphs(footer)) {
    if (each.starts_with(kExamples)) {
      examples += as_it_stands(each.substr(kExamples.size()));
    } else if (each.starts_with(kCodes)) {
      codes += roff(each.substr(kCodes.size())) + "\n";
    } else {
      rest += (rest.empty() ? "" : ".PP\n") +
              (each.find("\n ") == std::string::npos ? roff(each) + "\n" : as_it_stands(each));
    }
  }
  return (rest.empty() ? "" : section("NOTES") + rest) +
         (codes.empty() ? "" : section("EXIT STATUS") + codes) +
         (examples.empty() ? "" : section("EXAMPLES") + examples);
}

}  // namespace

std::string page_name(const Command& command) {
  std::string name = command.path();
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string manual_page(const Command& command, std::string_view release, std::string_view date) {
  std::string out = ".\\\" Made by `sluice man`.\n.TH " + in_capitals(page_name(command)) + " 1 \"";
  out.append(date).append("\" \"sluice ").append(release).append("\" \"Sluice\"\n");
  out += section("NAME") + page_name(command) + " \\- " + roff(command.description) + "\n";
  out += section("SYNOPSIS") + ".B " + roff(synopsis(command)) + "\n";
  if (!command.below.empty()) {
    out += section("COMMANDS");
    for (const auto& each : command.below) out += item(each->name, each->description);
  }
  if (!command.positionals().empty()) {
    out += section("ARGUMENTS");
    for (const Option* option : command.positionals())
      out += item(option->name(), described(*option));
  }
  out += section("OPTIONS");
  for (const Option* option : command.dashed()) out += item(option->spelling(), described(*option));
  out += item("-h, --help", "print this help") + footer_sections(command.footer);
  std::string others;
  if (command.above != nullptr) others += page_name(*command.above) + "(1)";
  for (const auto& each : command.below) {
    others += (others.empty() ? "" : ",\n") + page_name(*each) + "(1)";
  }
  return out + section("SEE ALSO") + roff(others) + "\n";
}

}  // namespace cli::usage
