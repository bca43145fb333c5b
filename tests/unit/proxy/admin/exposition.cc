#include "tests/unit/proxy/admin/exposition.h"

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>
#include <sstream>

namespace proxy::admin {
namespace {

class Reader {
 public:
  Exposition read(std::string_view text) {
    if (!text.ends_with('\n')) complain("no line feed at the end", "");
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) read_line(line);
    for (const auto& [family, type] : out_.types) {
      if (type == "histogram") check_histogram(family);
    }
    return std::move(out_);
  }

 private:
  void complain(const std::string& what, const std::string& line) {
    out_.complaints.push_back(what + ": " + line);
  }

  void read_line(const std::string& line) {
    static const std::regex kComment("# (HELP|TYPE) ([a-z_][a-z0-9_]*) (.+)");
    static const std::regex kSample(
        R"re(([a-z_][a-z0-9_]*)(\{[a-z]+="(?:[^"\\]|\\.)*"\})? (\+Inf|[0-9]+(?:\.[0-9]+)?))re");
    std::smatch match;
    if (std::regex_match(line, match, kComment)) {
      read_comment(match[1], match[2], match[3], line);
    } else if (std::regex_match(line, match, kSample)) {
      read_sample(match[1], match[2], match[3], line);
    } else {
      complain("neither comment nor sample", line);
    }
  }

  void read_comment(const std::string& kind, const std::string& family, const std::string& value,
                    const std::string& line) {
    if (kind == "HELP") {
      if (!helped_.insert(family).second) complain("second HELP", line);
      return;
    }
    if (!helped_.contains(family)) complain("TYPE before HELP", line);
    if (!out_.types.emplace(family, value).second) complain("second TYPE", line);
    if ((value == "counter") != family.ends_with("_total"))
      complain("_total is for counters", line);
    family_ = family;
  }

  void read_sample(const std::string& name, const std::string& labels, const std::string& value,
                   const std::string& line) {
    const bool histogram = out_.types[family_] == "histogram";
    const bool of_family = histogram ? name == family_ + "_bucket" || name == family_ + "_sum" ||
                                           name == family_ + "_count"
                                     : name == family_;
    if (!of_family) complain("sample outside its family", line);
    if (!out_.samples.emplace(name + labels, value).second) complain("second sample", line);
    if (name == family_ + "_bucket") buckets_[family_].emplace_back(labels, std::stod(value));
  }

  void check_histogram(const std::string& family) {
    double bound = -1;
    double count = 0;
    for (const auto& [labels, value] : buckets_[family]) {
      const std::string le = labels.substr(5, labels.size() - 7);  // {le="…"}
      const double next = le == "+Inf" ? HUGE_VAL : std::stod(le);
      if (next <= bound) complain("bounds do not rise", family + labels);
      if (value < count) complain("buckets are not cumulative", family + labels);
      bound = next;
      count = value;
    }
    if (bound != HUGE_VAL) complain("no +Inf bucket", family);
    if (!out_.samples.contains(family + "_sum")) complain("no sum", family);
    const auto total = out_.samples.find(family + "_count");
    if (total == out_.samples.end() || std::stod(total->second) != count) {
      complain("count differs from the +Inf bucket", family);
    }
  }

  Exposition out_;
  std::set<std::string> helped_;
  std::string family_;
  std::map<std::string, std::vector<std::pair<std::string, double>>> buckets_;
};

}  // namespace

Exposition read_exposition(std::string_view text) { return Reader().read(text); }

}  // namespace proxy::admin
