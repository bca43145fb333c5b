#include "config/show.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "base/escape.h"
#include "config/fields.h"
#include "config/summary.h"
#include "config/yaml_words.h"

namespace config {
namespace {

// Wider lists are written with one element a line.
constexpr size_t kMaxFlowWidth = 72;

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_document(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Words like "60s", "auto" and "allow" need no quotes; anything else is written as JSON, which is
// YAML too.
std::string scalar_yaml(const Json& value) {
  if (!value.is_string()) return dump(value);
  const auto& text = value.get_ref<const std::string&>();
  const auto unit = std::find_if_not(text.begin(), text.end(), base::is_digit);
  const bool plain =
      unit != text.end() && std::all_of(unit, text.end(), base::is_alpha) && !is_yaml_word(text);
  return plain ? text : dump(value);
}

std::string flow_yaml(const Json& values) {
  std::string out;
  for (const Json& value : values) out += (out.empty() ? "" : ", ") + scalar_yaml(value);
  return "[" + out + "]";
}

class YamlWriter {
 public:
  void section(const std::string& name) { out_ += "\n" + name + ":\n"; }

  void field(const std::string& indent, const std::string& name, const Json& value,
             const std::string& origin) {
    out_ += indent + name + ":";
    const std::string comment = "  # " + base::printable(origin) + "\n";
    if (!value.is_array()) {
      out_ += " " + scalar_yaml(value) + comment;
    } else if (value.empty() || !value[0].is_object()) {
      const std::string flow = flow_yaml(value);
      if (flow.size() <= kMaxFlowWidth) {
        out_ += " " + flow + comment;
        return;
      }
      out_ += comment;
      for (const Json& each : value) out_ += indent + "  - " + scalar_yaml(each) + "\n";
    } else {
      out_ += comment;
      for (const Json& each : value) record(indent + "  ", each);
    }
  }

  void comment(const std::string& indent, const std::string& text) {
    out_ += indent + "# " + base::printable(text) + "\n";
  }

  std::string take() { return std::move(out_); }

 private:
  // A mapping in a list; its empty lists are left out.
  void record(const std::string& indent, const Json& members) {
    std::string lead = "- ";
    for (const auto& [name, value] : members.items()) {
      if (value.is_array() && value.empty()) continue;
      out_ += indent + lead + name + ": " +
              (value.is_array() ? flow_yaml(value) : scalar_yaml(value)) + "\n";
      lead = "  ";
    }
  }

  std::string out_;
};

enum class Selection { kAll, kChanged };

// The rules as comments: what is printed must load again, and the profile brings them back.
void show_profile(YamlWriter& writer, const Policy& policy) {
  if (policy.profile_rules.empty()) return;
  writer.comment("  ", "these rules, tried after policy.rules:");
  for (const Rule& rule : policy.profile_rules) {
    writer.comment("  ", "  " + rule.name + "  hosts " + flow_yaml(rule.hosts) + "  ports " +
                             flow_yaml(rule.ports));
  }
}

std::string show(Config config, const Sources& sources, Selection selection) {
  YamlWriter writer;
  std::string section;
  for (const Field& field : fields_of(config)) {
    if (selection == Selection::kChanged && !sources.contains(field.key)) continue;
    const size_t dot = field.key.find('.');
    const bool nested = dot != std::string::npos;
    if (nested && field.key.substr(0, dot) != section) {
      section = field.key.substr(0, dot);
      writer.section(section);
    }
    writer.field(nested ? "  " : "", nested ? field.key.substr(dot + 1) : field.key, field.value(),
                 to_string(origin_of(sources, field.key)));
    if (field.key == "policy.profile" && selection == Selection::kAll) {
      show_profile(writer, config.policy);
    }
  }
  return writer.take();
}

}  // namespace

std::string show_effective(const Config& config, const Sources& sources) {
  return show(config, sources, Selection::kAll);
}

std::string show_changed(const Config& config, const Sources& sources) {
  return show(config, sources, Selection::kChanged);
}

std::string show_json(const Config& config, const Sources& sources) {
  Config copy = config;
  const auto fields = fields_of(copy);
  Json origins = Json::object();
  for (const Field& field : fields) origins[field.key] = to_string(origin_of(sources, field.key));
  Json document = {{"summary", config.read_from + ": " + summary(config)},
                   {"config", values_of(fields)},
                   {"sources", origins}};
  for (const Rule& rule : config.policy.profile_rules) {
    document["profile_rules"].push_back(
        Json{{"name", rule.name}, {"hosts", rule.hosts}, {"ports", rule.ports}});
  }
  return dump_document(document);
}

std::string problems_json(const std::string& file, const std::vector<Problem>& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) {
    list.push_back(Json{{"severity", problem.severity == Severity::kError ? "error" : "warning"},
                        {"file", problem.file},
                        {"line", problem.line},
                        {"column", problem.column},
                        {"key", problem.key},
                        {"message", problem.message}});
  }
  return dump_document(Json{{"file", file}, {"valid", !has_errors(problems)}, {"problems", list}});
}

}  // namespace config
