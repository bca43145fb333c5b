#include "config/read_scalar.h"

namespace config {
namespace {

bool expect(Node::Kind kind, const Node& node, const std::string& shown,
            const std::string& expected, Report& report) {
  if (node.kind == kind) {
    report.set(shown, node);
    return true;
  }
  report.error(node, shown, shown + " is " + described(node) + "; expected " + expected);
  return false;
}

std::string such_as(std::string what, std::string_view example) {
  if (!example.empty()) what.append(" such as ").append(example);
  return what;
}

}  // namespace

bool expect_scalar(const Node& node, const std::string& shown, std::string_view example,
                   Report& report) {
  if (node.kind == Node::Kind::kNull) {
    report.error(
        node, shown,
        shown + " is empty; " + such_as("give it a value", example) + " or remove the key");
    return false;
  }
  // Brackets and braces make a list or mapping of what was meant as text.
  return expect(Node::Kind::kScalar, node, shown,
                such_as("a single value", example) + "; quote text that has [ or { in it", report);
}

bool expect_list(const Node& node, const std::string& shown, std::string_view example,
                 Report& report) {
  const std::string hint = node.kind == Node::Kind::kNull ? ", [] for none, or no such key" : "";
  return expect(Node::Kind::kList, node, shown, such_as("a list", example) + hint, report);
}

bool is_utf8(const std::string& text) {
  try {
    (void)Json(text).dump();  // which is how it will be shown
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

void refuse_scalar(const Node& node, const std::string& shown, const Complaint& complaint,
                   Secrecy secrecy, Report& report) {
  const std::string value = secrecy == Secrecy::kSecret ? "unusable" : described(node);
  report.error(node, shown, shown + " is " + value + "; " + complaint.text);
}

}  // namespace config
