#include <algorithm>
#include <map>
#include <set>

#include "base/escape.h"
#include "config/field.h"
#include "config/suggest.h"

namespace config {
namespace {

// Reads one mapping and the sections below it. `path` leads the fields' keys, `prefix` only names.
class MappingReader {
 public:
  MappingReader(const std::vector<Field>& fields, const std::string& prefix, Report& report)
      : fields_(fields), prefix_(prefix), report_(report) {}

  void read(const Node& node, const std::string& path) {
    std::map<std::string, int> lines;  // of the keys met so far
    for (size_t i = 0; i < node.items.size() && !report_.full(); ++i) {
      const Node& name = node.keys[i];
      const std::string key = path + name.text;
      const auto [first, is_new] = lines.emplace(name.text, name.line);
      if (!is_new) {
        report_.error(name, prefix_ + safe(key),
                      prefix_ + safe(key) + " is given twice, first in line " +
                          std::to_string(first->second) + "; remove one");
      } else {
        read_key(name, key, node.items[i]);
      }
    }
    if (!path.empty()) return;
    for (const Field& field : fields_) {
      if (!field.is_required || lines.contains(field.key)) continue;
      const std::string owner = prefix_.substr(0, prefix_.size() - 1);  // without the dot
      report_.error(node, owner,
                    owner + " has no " + field.key + "; add one such as \"" + field.key + ": " +
                        field.example + "\"");
    }
  }

 private:
  static std::string safe(const std::string& key) {
    return base::printable(key, base::Spaces::kKeep, 80);
  }

  void read_key(const Node& name, const std::string& key, const Node& value) {
    const auto field = std::find_if(fields_.begin(), fields_.end(),
                                    [&key](const Field& each) { return each.key == key; });
    if (field != fields_.end()) {
      field->read(value, prefix_ + key, report_);
    } else if (is_section(key)) {
      read_section(key, value);
    } else {
      report_unknown(name, key);
    }
  }

  bool is_section(const std::string& key) const {
    return std::any_of(fields_.begin(), fields_.end(), [&key](const Field& field) {
      return field.key.size() > key.size() && field.key.starts_with(key) &&
             field.key[key.size()] == '.';
    });
  }

  // The field that "SECTION: off" stands for, or null.
  const Field* switch_of(const std::string& section) const {
    for (const Field& field : fields_) {
      if (field.switches_off && field.key.starts_with(section + ".")) return &field;
    }
    return nullptr;
  }

  void read_section(const std::string& key, const Node& value) {
    if (value.kind == Node::Kind::kNull) return;  // a section whose keys are all commented out
    const Field* off_switch = switch_of(key);
    if (off_switch != nullptr && value.kind == Node::Kind::kScalar && value.text == "off") {
      off_switch->read(value, prefix_ + off_switch->key, report_);
    } else if (value.kind == Node::Kind::kMap) {
      read(value, key + ".");
    } else {
      report_.error(value, prefix_ + key,
                    prefix_ + key + " is " + described(value) + "; expected keys below it" +
                        (off_switch != nullptr ? ", or off" : ""));
    }
  }

  void report_unknown(const Node& name, const std::string& key) {
    std::set<std::string> known;
    for (const Field& field : fields_) {
      for (size_t dot = field.key.find('.'); dot != std::string::npos;
           dot = field.key.find('.', dot + 1)) {
        known.insert(field.key.substr(0, dot));
      }
      known.insert(field.key);
    }
    const std::string meant = nearest(key, {known.begin(), known.end()});
    const std::string shown = prefix_ + safe(key);
    report_.error(name, shown,
                  shown + " is not a known key; " +
                      (meant.empty() ? "`sluice config show --effective` prints every key"
                                     : "did you mean " + prefix_ + meant + "?"));
  }

  const std::vector<Field>& fields_;
  const std::string& prefix_;
  Report& report_;
};

}  // namespace

void read_mapping(const Node& node, const std::vector<Field>& fields, const std::string& prefix,
                  Report& report) {
  if (node.kind == Node::Kind::kMap) {
    MappingReader(fields, prefix, report).read(node, "");
    return;
  }
  const std::string what =
      prefix.empty() ? "the configuration" : prefix.substr(0, prefix.size() - 1);
  const Field& first = fields.front();
  report.error(node, prefix.empty() ? "" : what,
               what + " is " + described(node) + "; expected keys such as \"" + first.key + ": " +
                   first.example + "\"");
}

}  // namespace config
