#include "aks/document.h"

#include <algorithm>
#include <map>

#include "aks/foreign_text.h"
#include "base/ascii.h"
#include "base/escape.h"
#include "config/json_text.h"

namespace aks {
namespace {

using config::Node;
using config::Oddity;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr size_t kMaxValues = 600'000;  // some 150 MB as nodes
constexpr const char* kSyntax = "config-json";
constexpr const char* kSize = "config-size";
constexpr const char* kEncoding = "config-encoding";
constexpr const char* kForeign = "config-foreign";

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

// A YAML document of a stream, and how many lines precede it.
struct Part {
  std::string_view text;
  int line = 0;
};

// Cuts at lines that begin with "---", which only a new document does (YAML 1.2, section 9.1.2).
std::vector<Part> split_stream(std::string_view text) {
  std::vector<Part> parts;
  Part part{text, 0};
  int line = 0;
  for (size_t at = 0; at < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view here = text.substr(at, end - at);
    const bool marks = here == "---" || here.starts_with("--- ") || here == "---\r";
    if (marks && at > 0) {
      part.text = part.text.substr(0, static_cast<size_t>(text.data() + at - part.text.data()));
      parts.push_back(part);
      part = {text.substr(at), line};
    }
    at = end + 1;
  }
  parts.push_back(part);
  return parts;
}

void move_lines(Node& node, int by) {
  node.line += by;
  for (Node& key : node.keys) move_lines(key, by);
  for (Node& item : node.items) move_lines(item, by);
}

// Reads the text of a YAML document, or of several when one of them is a manifest of Kubernetes.
class Reader {
 public:
  Reader(Document& document, std::vector<Finding>& findings)
      : document_(document), findings_(findings) {}

  bool read_json(std::string_view text) {
    auto parsed = config::parse_json(text, {kMaxConfigBytes, kMaxValues});
    if (const auto* error = std::get_if<config::SyntaxError>(&parsed))
      return fail("JSON", text, *error, 0);
    auto& whole = std::get<config::JsonText>(parsed);
    for (const Oddity& oddity : whole.oddities) report(oddity, findings_);
    document_.root = std::move(whole.root);
    return true;
  }

  bool read_yaml(std::string_view text) {
    document_.notation = Notation::kYaml;
    const auto parts = split_stream(text);
    if (parts.size() > 1 && parts.size() <= kMaxDocuments && read_stream(parts)) return true;
    auto parsed = config::parse_yaml(text);
    if (const auto* error = std::get_if<config::SyntaxError>(&parsed))
      return fail("YAML", text, *error, 0);
    document_.root = std::move(std::get<Node>(parsed));
    return true;
  }

 private:
  static constexpr size_t kMaxDocuments = 500;

  // Whether the parts are a stream of manifests that can be read. What is wrong otherwise, the
  // reader of a single document says.
  bool read_stream(const std::vector<Part>& parts) {
    Node list;
    list.kind = Node::Kind::kList;
    list.line = list.column = 1;
    bool manifest = false;
    for (const Part& part : parts) {
      auto parsed = config::parse_yaml(part.text);
      auto* root = std::get_if<Node>(&parsed);
      if (root == nullptr) return false;
      if (root->kind == Node::Kind::kNull) continue;
      move_lines(*root, part.line);
      manifest =
          manifest || (member(*root, "kind") != nullptr && member(*root, "apiVersion") != nullptr);
      list.items.push_back(std::move(*root));
    }
    if (!manifest || list.items.size() < 2) return false;
    document_.root = std::move(list);
    document_.stream = true;
    return true;
  }

  bool fail(const char* notation, std::string_view text, const config::SyntaxError& error,
            int lines) {
    if (const auto foreign = foreign_text(text)) {
      add(findings_, Severity::kError, kForeign, "the document " + *foreign, 1, 1);
      return false;
    }
    add(findings_, Severity::kError, kSyntax,
        std::string("the document is not ") + notation + ": syntax error at line " +
            std::to_string(error.line + lines) + ", column " + std::to_string(error.column) + ": " +
            base::printable(error.message),
        error.line + lines, error.column);
    return false;
  }

  Document& document_;
  std::vector<Finding>& findings_;
};

}  // namespace

std::optional<Document> parse_document(std::string_view text, std::vector<Finding>& findings) {
  if (text.size() > kMaxConfigBytes) {
    add(findings, Severity::kError, kSize,
        "the document is larger than 8 MiB; give the part about the cluster", 0, 0);
    return std::nullopt;
  }
  std::optional<std::string> converted;
  if (is_utf16(text)) {
    converted = utf8_of_utf16(text);
    add(findings, converted ? Severity::kWarning : Severity::kError, kEncoding,
        converted ? "the document is UTF-16, as PowerShell's > writes it; the az CLI reads that, "
                    "other tools do not: save it as UTF-8"
                  : "the document begins as UTF-16 and is damaged; save it as UTF-8",
        1, 1);
    if (!converted) return std::nullopt;
    text = *converted;
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
  Reader reader(document, findings);
  const size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const bool json = first < text.size() && std::string_view("{[/").find(text[first]) != text.npos;
  if (!json) {
    if (const auto foreign = foreign_text(text)) {
      add(findings, Severity::kError, kForeign, "the document " + *foreign, 1, 1);
      return std::nullopt;
    }
  }
  if (json ? !reader.read_json(text) : !reader.read_yaml(text)) return std::nullopt;
  report_duplicates(document.root, "$", findings);
  return document;
}

bool is_unreadable(const Finding& finding) {
  return finding.severity == Severity::kError &&
         (finding.rule == kSyntax || finding.rule == kSize || finding.rule == kEncoding ||
          finding.rule == kForeign);
}

}  // namespace aks
