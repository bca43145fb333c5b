#include "check/report_table.h"

#include <algorithm>
#include <vector>

#include "base/escape.h"
#include "base/layout.h"
#include "check/baseline.h"
#include "check/inspection.h"
#include "check/report_causes.h"
#include "check/report_clients.h"
#include "check/report_summary.h"

namespace check {
namespace {

constexpr size_t kVerdictWidth = 4, kTimeWidth = 7, kGap = 2, kMinName = 29, kReason = 34;
// Where text below a row starts.
constexpr size_t kIndent = kVerdictWidth + kGap;

class Table {
 public:
  Table(const Report& report, size_t width, Colour colour)
      : report_(report), width_(width), colour_(colour) {
    size_t longest = 0;
    for (const ProbeResult& result : report.results) {
      longest = std::max(longest, base::printable(result.probe.name).size());
    }
    const size_t fixed = kVerdictWidth + kTimeWidth + 3 * kGap;
    // Room for a short reason beside the name; longer names push their row's reason below.
    name_width_ = std::min(longest, std::max(kMinName, width_ - fixed - kReason));
    reason_column_ = fixed + name_width_;
  }

  std::string print() && {
    number_causes();
    print_causes();
    section("Through the proxy", [](const ProbeResult& r) {
      return r.verdict != Verdict::kSkip && !is_control(r) && r.probe.route == aks::Route::kProxy;
    });
    section("Direct", [](const ProbeResult& r) {
      return r.verdict != Verdict::kSkip && !is_control(r) &&
             r.probe.route == aks::Route::kDirect && r.probe.wanted == Wanted::kReached;
    });
    section("Closed without the proxy", [](const ProbeResult& r) {
      return r.verdict != Verdict::kSkip && !is_control(r) && r.probe.wanted == Wanted::kClosed;
    });
    section("Controls, which have to fail",
            [](const ProbeResult& r) { return r.verdict != Verdict::kSkip && is_control(r); });
    section("Not tried", [](const ProbeResult& r) { return r.verdict == Verdict::kSkip; });
    if (report_.inspecting == Inspecting::kExpected) inspection();
    out_ += clients_table(report_, width_, colour_);
    remarks();
    if (report_.difference) {
      for (const std::string& line : difference_lines(*report_.difference)) indented(line, 2);
      out_ += "\n";
    }
    if (!report_.command.empty()) indented("Again: " + report_.command, 7);
    // The last line, for whoever reads that alone.
    out_ += painted(summary_line(report_), overall(report_), colour_) + "\n";
    return std::move(out_);
  }

 private:
  void number_causes() {
    causes_ = causes_of(report_);
    cause_of_.assign(report_.results.size(), 0);
    for (size_t i = 0; i < causes_.size(); ++i) {
      for (const size_t row : causes_[i].rows) cause_of_[row] = i + 1;
    }
  }

  void print_causes() {
    if (causes_.empty()) return;
    out_ += "Causes\n";
    for (size_t i = 0; i < causes_.size(); ++i) {
      const RowGroup& cause = causes_[i];
      const std::string number = std::to_string(i + 1) + ".";
      out_ += base::padded(number, 4) + painted(word_of(cause.verdict), cause.verdict, colour_);
      const std::string rows =
          std::to_string(cause.rows.size()) + (cause.rows.size() == 1 ? " row: " : " rows: ");
      base::hang(out_ += " ", base::wrap(rows + base::printable(cause.what), width_ - 9), 9);
      arrow(cause.fix, 9);
    }
    out_ += "\n";
  }

  template <typename Belongs>
  void section(const char* title, Belongs belongs) {
    std::vector<size_t> passed;
    std::vector<size_t> others;
    for (size_t i = 0; i < report_.results.size(); ++i) {
      const ProbeResult& result = report_.results[i];
      if (belongs(result)) (result.verdict == Verdict::kPass ? passed : others).push_back(i);
    }
    if (passed.empty() && others.empty()) return;
    out_ += std::string(title) + "\n";
    for (const size_t i : others) row(i);
    for (const RowGroup& group : group_rows(report_, passed)) {
      if (group.rows.size() == 1) {
        row(group.rows.front());
      } else {
        folded(group);
      }
    }
    out_ += "\n";
  }

  // Rows that passed for one reason.
  void folded(const RowGroup& group) {
    out_ += painted("pass", Verdict::kPass, colour_) + std::string(kGap, ' ');
    const std::string head = std::to_string(group.rows.size()) + " in at most " +
                             short_duration(group.slowest) + ": " + base::printable(group.what);
    base::hang(out_, base::wrap(head, width_ - kIndent), kIndent);
    out_ += std::string(kIndent, ' ');
    base::hang(out_, base::wrap(base::printable(names_of(report_, group)), width_ - kIndent),
               kIndent);
  }

  static std::string word_of(Verdict verdict) {
    return verdict == Verdict::kFail ? "FAIL" : std::string(token_of(verdict));
  }

  void arrow(const std::string& step, size_t column) {
    if (step.empty()) return;
    out_ += std::string(column, ' ') + "-> ";
    base::hang(out_, base::wrap(base::printable(step), width_ - column - 3), column + 3);
  }

  void indented(const std::string& text, size_t column) {
    base::hang(out_, base::wrap(base::printable(text), width_ - column), column);
  }

  void row(size_t index) {
    const ProbeResult& result = report_.results[index];
    const Verdict verdict = result.verdict;
    const std::string time = verdict == Verdict::kSkip ? "" : short_duration(result.phases.total());
    // A micro sign is two octets in one column.
    const size_t columns = time.size() - (time.find("\u00b5") != std::string::npos ? 1 : 0);
    out_ += painted(word_of(verdict), verdict, colour_) + std::string(kGap, ' ');
    const std::string name = base::printable(result.probe.name);
    out_ += base::padded(name, name_width_) + std::string(kGap, ' ');
    out_ += std::string(kTimeWidth - std::min(columns, kTimeWidth), ' ') + time;
    out_ += std::string(kGap, ' ');
    const size_t cause = cause_of_[index];
    const std::string reason =
        cause != 0 ? "cause " + std::to_string(cause) : base::printable(result.reason);
    if (name.size() <= name_width_ && reason.size() <= width_ - reason_column_) {
      out_ += reason + "\n";
    } else {
      // Below the row, where it has the whole width.
      out_.erase(out_.find_last_not_of(' ') + 1);
      out_ += "\n" + std::string(kIndent, ' ');
      base::hang(out_, base::wrap(reason, width_ - kIndent), kIndent);
    }
    if (cause == 0) arrow(result.next_step, kIndent);
  }

  // Who was inspected, by whose CA, and who was not.
  void inspection() {
    out_ += "TLS inspection\n";
    for (const ProbeResult& result : report_.results) {
      if (result.verdict == Verdict::kSkip) continue;
      const std::string word = result.inspected == Inspected::kYes  ? "yes"
                               : result.inspected == Inspected::kNo ? "no"
                                                                    : "-";
      const std::string name = base::printable(result.probe.name);
      const std::string words = base::printable(inspection_words(result));
      out_ += base::padded(word, kIndent) + base::padded(name, name_width_);
      const size_t column = kIndent + name_width_ + kGap;
      if (name.size() <= name_width_ && words.size() + column <= width_) {
        out_ += std::string(kGap, ' ') + words + "\n";
      } else {
        out_.erase(out_.find_last_not_of(' ') + 1);
        out_ += "\n" + std::string(kIndent, ' ');
        base::hang(out_, base::wrap(words, width_ - kIndent), kIndent);
      }
    }
    out_ += "\n";
  }

  void paragraph(const std::string& text) {
    out_ += "- ";
    base::hang(out_, base::wrap(base::printable(text), width_ - 2), 2);
  }

  void remarks() {
    if (report_.findings.empty() && report_.notes.empty()) return;
    out_ += "Notes\n";
    for (const aks::Finding& finding : report_.findings) paragraph(aks::to_string(finding));
    for (const std::string& note : report_.notes) paragraph(note);
    out_ += "\n";
  }

  const Report& report_;
  size_t width_;
  Colour colour_;
  size_t name_width_ = 0;
  size_t reason_column_ = 0;
  std::vector<RowGroup> causes_;
  std::vector<size_t> cause_of_;  // of each row, counted from 1; 0 for none
  std::string out_;
};

}  // namespace

std::string painted(const std::string& text, Verdict verdict, Colour colour) {
  if (colour == Colour::kNever) return text;
  const char* code = verdict == Verdict::kPass   ? "32"
                     : verdict == Verdict::kWarn ? "33"
                     : verdict == Verdict::kFail ? "1;31"
                                                 : "2";
  return std::string("\x1b[") + code + "m" + text + "\x1b[0m";
}

std::string format_table(const Report& report, int width, Colour colour) {
  return Table(report, static_cast<size_t>(std::clamp(width, 60, 1000)), colour).print();
}

}  // namespace check
