// A JSON or YAML document with places, and the little that reading values out of it takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "config/node.h"

namespace aks {

enum class Notation { kJson, kYaml };

struct Document {
  Notation notation = Notation::kJson;
  config::Node root;
  bool stream = false;  // several YAML documents, manifests among them; root is the list of them
};

// Larger inputs are refused. ARM's templates stay below 4 MiB; Terraform's plans have no limit, and
// those of a few hundred resources stay below this.
inline constexpr size_t kMaxConfigBytes = 8 * 1024 * 1024;

// Reads JSON when the text begins with '{' or '[' (or a comment), else YAML. nullopt, with an
// error, when it can't be read. Comments, trailing commas, line breaks in strings, a byte order
// mark and keys that stand twice are reported and read past; of two equal keys the last one counts.
std::optional<Document> parse_document(std::string_view text, std::vector<Finding>& findings);

// The rules under which parse_document says that there is nothing to look at.
bool is_unreadable(const Finding& finding);

// The member's value, nullptr when there is none (or `object` is no object).
const config::Node* member(const config::Node& object, std::string_view key);
// The same without regard to case, as ARM compares names.
const config::Node* member_anycase(const config::Node& object, std::string_view key);

// Quoted text, or a plain YAML scalar that is neither a number nor a boolean.
bool is_string(const config::Node& node);
// nullopt unless the value is true or false.
std::optional<bool> boolean_of(const config::Node& node);
// A value that only a deployment knows: an expression of ARM that was looked up in vain, or what
// Terraform computes when it applies. It is a plain scalar that begins with '[', which neither JSON
// nor YAML has; `make_unknown` turns a node into one, whose text is `what` with the brackets.
bool is_unknown(const config::Node& node);
void make_unknown(config::Node& node, std::string_view what);
// "null", "a string", "a number", "true or false", "an array", "an object".
std::string_view type_of(const config::Node& node);

// "$.a" and "b" → "$.a.b"; a key that is no word is written in brackets, escaped and cut.
std::string path_to(const std::string& path, std::string_view key);
// "$.a" and 3 → "$.a[3]".
std::string path_to(const std::string& path, size_t index);

// Gives the findings from `first` on that have no place yet the node's.
void place(std::vector<Finding>& findings, size_t first, const config::Node& node);

}  // namespace aks
