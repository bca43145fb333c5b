#include "aks/document.h"

#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "base/escape.h"
#include "config/json_text.h"

namespace aks {
namespace {

using config::Node;
using config::Oddity;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr const char* kSyntax = "config-json";
constexpr const char* kSize = "config-size";
constexpr const char* kEncoding = "config-encoding";

void add(std::vector<Finding>& findings, Severity severity, const char* rule, std::string message,
         int line, int column) {
  findings.push_back({severity, rule, "$", std::move(message), "", line, column});
}

void report(const Oddity& oddity, std::vector<Finding>& findings) {
  const auto error = [&](const char* rule, const char* message) {
    add(findings, Severity::kError, rule, message, oddity.line, oddity.column);
  };
  switch (oddity.kind) {
    case Oddity::Kind::kComment:
      return add(findings, Severity::kWarning, "json-comment",
                 "a comment, which JSON does not have (RFC 8259): templates may hold one, the az "
                 "CLI refuses it in the file of --http-proxy-config; remove it",
                 oddity.line, oddity.column);
    case Oddity::Kind::kTrailingComma:
      return error("json-trailing-comma",
                   "a comma before the closing bracket, which JSON does not have (RFC 8259): the "
                   "az CLI gets past it only by reading the file as Python; remove it");
    case Oddity::Kind::kControl:
      return error("json-control",
                   "a line break or another control character inside a string, which JSON does not "
                   "have (RFC 8259): write the string in one line, breaks as \\n");
  }
}

void report_duplicates(const Node& node, const std::string& path, std::vector<Finding>& findings) {
  std::map<std::string_view, const Node*> seen;
  for (const Node& key : node.keys) {
    const auto [first, fresh] = seen.emplace(key.text, &key);
    if (fresh) continue;
    findings.push_back({Severity::kWarning, "json-duplicate-key", path_to(path, key.text),
                        "the key " + cite(key.text) + " stands twice, first in line " +
                            std::to_string(first->second->line) +
                            "; only the last one counts: remove the other",
                        "", key.line, key.column});
  }
  for (size_t i = 0; i < node.items.size(); ++i) {
    const bool map = node.kind == Node::Kind::kMap;
    report_duplicates(node.items[i], map ? path_to(path, node.keys[i].text) : path_to(path, i),
                      findings);
  }
}

// Near enough to YAML's numbers: digits with at most one point. Addresses have three.
bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && base::is_digit(text.front()) &&
         text.find_first_not_of("0123456789.eE+-") == text.npos &&
         std::count(text.begin(), text.end(), '.') < 2;
}

}  // namespace

std::optional<Document> parse_document(std::string_view text, std::vector<Finding>& findings) {
  if (text.size() > kMaxConfigBytes) {
    add(findings, Severity::kError, kSize,
        "the document is larger than 1 MiB; expected a few KiB of JSON", 0, 0);
    return std::nullopt;
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    add(findings, Severity::kError, kEncoding,
        "the document is UTF-16, as PowerShell's > writes it; save it as UTF-8", 1, 1);
    return std::nullopt;
  }
  if (text.starts_with(kByteOrderMark)) {
    add(findings, Severity::kWarning, "config-bom",
        "the document begins with a byte order mark, which JSON does not have (RFC 8259, section "
        "8.1): the "
        "az CLI skips it, other tools refuse the file; save it without",
        1, 1);
    text.remove_prefix(kByteOrderMark.size());
  }
  Document document;
  const size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const bool json = first < text.size() && std::string_view("{[/").find(text[first]) != text.npos;
  const auto fail = [&](const char* notation, const config::SyntaxError& error) {
    add(findings, Severity::kError, kSyntax,
        std::string("the document is not ") + notation + ": syntax error at line " +
            std::to_string(error.line) + ", column " + std::to_string(error.column) + ": " +
            base::printable(error.message),
        error.line, error.column);
  };
  if (json) {
    auto parsed = config::parse_json(text);
    if (const auto* error = std::get_if<config::SyntaxError>(&parsed)) {
      fail("JSON", *error);
      return std::nullopt;
    }
    auto& whole = std::get<config::JsonText>(parsed);
    for (const Oddity& oddity : whole.oddities) report(oddity, findings);
    document.root = std::move(whole.root);
  } else {
    auto parsed = config::parse_yaml(text);
    if (const auto* error = std::get_if<config::SyntaxError>(&parsed)) {
      fail("YAML", *error);
      return std::nullopt;
    }
    document.notation = Notation::kYaml;
    document.root = std::move(std::get<Node>(parsed));
  }
  report_duplicates(document.root, "$", findings);
  return document;
}

bool is_unreadable(const Finding& finding) {
  return finding.rule == kSyntax || finding.rule == kSize || finding.rule == kEncoding;
}

const Node* member(const Node& object, std::string_view key) {
  for (size_t i = object.keys.size(); i-- > 0;) {
    if (object.keys[i].text == key) return &object.items[i];
  }
  return nullptr;
}

const Node* member_anycase(const Node& object, std::string_view key) {
  for (size_t i = object.keys.size(); i-- > 0;) {
    if (base::iequals(object.keys[i].text, key)) return &object.items[i];
  }
  return nullptr;
}

bool is_string(const Node& node) {
  if (node.kind != Node::Kind::kScalar) return false;
  return node.style == Node::Style::kQuoted || (!boolean_of(node) && !is_number(node.text));
}

std::optional<bool> boolean_of(const Node& node) {
  if (node.kind != Node::Kind::kScalar || node.style == Node::Style::kQuoted) return std::nullopt;
  if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
  if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
  return std::nullopt;
}

bool is_unknown(const Node& node) {
  return node.kind == Node::Kind::kScalar && node.style == Node::Style::kPlain &&
         node.text.starts_with('[');
}

void make_unknown(Node& node, std::string_view what) {
  const int line = node.line;
  const int column = node.column;
  node = Node{};
  node.kind = Node::Kind::kScalar;
  node.line = line;
  node.column = column;
  node.text = "[" + std::string(what) + "]";
}

std::string_view type_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull: return "null";
    case Node::Kind::kList: return "an array";
    case Node::Kind::kMap: return "an object";
    case Node::Kind::kScalar: break;
  }
  if (is_string(node)) return "a string";
  return boolean_of(node) ? "true or false" : "a number";
}

std::string path_to(const std::string& path, std::string_view key) {
  const auto word = [](char c) { return base::is_alpha(c) || base::is_digit(c) || c == '_'; };
  if (!key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), word)) {
    return path + "." + std::string(key);
  }
  return path + "[" + cite(key) + "]";
}

std::string path_to(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

void place(std::vector<Finding>& findings, size_t first, const Node& node) {
  for (size_t i = first; i < findings.size(); ++i) {
    if (findings[i].line != 0) continue;
    findings[i].line = node.line;
    findings[i].column = node.column;
  }
}

}  // namespace aks
