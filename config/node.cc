#include "config/node.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <map>
#include <optional>
#include <sstream>

namespace config {
namespace {

// Leaves yaml-cpp's parser through its call stack; caught in parse_yaml.
struct Refused : std::exception {
  explicit Refused(SyntaxError why) : error(std::move(why)) {}
  const char* what() const noexcept override { return error.message.c_str(); }
  SyntaxError error;
};

[[noreturn]] void refuse(const YAML::Mark& mark, std::string message) {
  throw Refused(SyntaxError{mark.line + 1, mark.column + 1, std::move(message)});
}

std::size_t count_nodes(const Node& node) {
  std::size_t total = 1;
  for (const Node& item : node.items) total += count_nodes(item);
  return total;
}

class Builder final : public YAML::EventHandler {
 public:
  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) refuse(mark, "a second YAML document starts here; keep one per file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(Node::Kind::kNull, mark), anchor, mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    Node node = make(Node::Kind::kScalar, mark);
    node.text = value;
    node.style = tag == "!" ? Node::Style::kQuoted : Node::Style::kPlain;
    add(std::move(node), anchor, mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (++aliases_ > kMaxAliases) refuse(mark, "more than 100 aliases; write the values out");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "an alias stands inside the value that it names");
    nodes_ += count_nodes(found->second);
    if (nodes_ > kMaxNodes) refuse(mark, "the aliases make more than 200000 values");
    Node copy = found->second;
    copy.line = mark.line + 1;
    copy.column = mark.column + 1;
    add(std::move(copy), 0, mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map whose end has not come yet.
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    YAML::Mark mark;
    std::optional<Node> key;  // of a map, while its value has not come yet
  };

  static Node make(Node::Kind kind, const YAML::Mark& mark) {
    Node node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  // yaml-cpp calls plain scalars "?", quoted ones "!" and anything else by its full tag.
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "YAML tags have no meaning here");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    refuse_tag(mark, tag);
    if (stack_.size() >= kMaxDepth) refuse(mark, "nested more than 16 levels deep");
    if (!stack_.empty() && stack_.back().node.kind == Node::Kind::kMap && !stack_.back().key) {
      refuse(mark, "a list or mapping stands where a key is expected, or a bracket is missing");
    }
    stack_.push_back(Open{make(kind, mark), anchor, mark, std::nullopt});
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(done.node), done.anchor, done.mark);
  }

  void add(Node node, YAML::anchor_t anchor, const YAML::Mark& mark) {
    if (++nodes_ > kMaxNodes) refuse(mark, "more than 200000 values");
    if (anchor != 0) anchors_[anchor] = node;
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == Node::Kind::kList) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      if (node.kind != Node::Kind::kScalar) refuse(mark, "a key is missing before the colon");
      parent.key = std::move(node);
    } else {
      if (node.kind == Node::Kind::kNull) {  // its own mark is where the next value starts
        node.line = parent.key->line;
        node.column = parent.key->column;
      }
      parent.node.keys.push_back(std::move(*parent.key));
      parent.node.items.push_back(std::move(node));
      parent.key.reset();
    }
  }

  Node root_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  int aliases_ = 0;
  int documents_ = 0;
};

// yaml-cpp's words, with a hint for the mistake that patterns invite: a plain "*" starts an alias.
std::string explain(const std::string& message) {
  const bool alias =
      message.find("anchor") != std::string::npos || message.find("alias") != std::string::npos;
  return "not valid YAML: " + message +
         (alias ? "; text that starts with * or & needs quotes, as in \"*.example.com\"" : "");
}

}  // namespace

std::variant<Node, SyntaxError> parse_yaml(std::string_view text) {
  if (text.size() > kMaxFileBytes) return SyntaxError{0, 0, "longer than 1 MiB"};
  try {
    // yaml-cpp 0.7 takes a quoted scalar that never ends for a whole one when blanks follow it.
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Refused& refused) {
    return refused.error;
  } catch (const YAML::Exception& failure) {
    return SyntaxError{failure.mark.line + 1, failure.mark.column + 1, explain(failure.msg)};
  } catch (const std::exception& failure) {
    return SyntaxError{0, 0, explain(failure.what())};
  }
}

}  // namespace config
