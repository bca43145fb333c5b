#include "check/report_table.h"

#include <algorithm>
#include <vector>

#include "base/escape.h"
#include "base/layout.h"
#include "check/inspection.h"
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
    section("Through the proxy", [](const ProbeResult& r) {
      return r.verdict != Verdict::kSkip && r.probe.route == aks::Route::kProxy;
    });
    section("Direct", [](const ProbeResult& r) {
      return r.verdict != Verdict::kSkip && r.probe.route == aks::Route::kDirect &&
             r.probe.wanted == Wanted::kReached;
    });
    section("Closed without the proxy", [](const ProbeResult& r) {
      return r.verdict != Verdict::kSkip && r.probe.wanted == Wanted::kClosed;
    });
    section("Not tried", [](const ProbeResult& r) { return r.verdict == Verdict::kSkip; });
    if (report_.inspecting == Inspecting::kExpected) inspection();
    out_ += clients_table(report_, width_, colour_);
    remarks();
    out_ += painted(summary_line(report_), overall(report_), colour_) + "\n";
    return std::move(out_);
  }

 private:
  template <typename Belongs>
  void section(const char* title, Belongs belongs) {
    bool any = false;
    for (const ProbeResult& result : report_.results) {
      if (!belongs(result)) continue;
      if (!any) out_ += std::string(title) + "\n";
      any = true;
      row(result);
    }
    if (any) out_ += "\n";
  }

  void row(const ProbeResult& result) {
    const Verdict verdict = result.verdict;
    const std::string word = verdict == Verdict::kFail ? "FAIL" : std::string(token_of(verdict));
    const std::string time = verdict == Verdict::kSkip ? "" : short_duration(result.phases.total());
    out_ += painted(word, verdict, colour_) + std::string(kGap, ' ');
    const std::string name = base::printable(result.probe.name);
    out_ += base::padded(name, name_width_) + std::string(kGap, ' ');
    out_ += std::string(kTimeWidth - std::min(time.size(), kTimeWidth), ' ') + time;
    out_ += std::string(kGap, ' ');
    const std::string reason = base::printable(result.reason);
    if (name.size() <= name_width_ && reason.size() <= width_ - reason_column_) {
      out_ += reason + "\n";
    } else {
      // Below the row, where it has the whole width.
      out_.erase(out_.find_last_not_of(' ') + 1);
      out_ += "\n" + std::string(kIndent, ' ');
      base::hang(out_, base::wrap(reason, width_ - kIndent), kIndent);
    }
    if (result.next_step.empty()) return;
    out_ += std::string(kIndent, ' ') + "-> ";
    base::hang(out_, base::wrap(base::printable(result.next_step), width_ - kIndent - 3),
               kIndent + 3);
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
