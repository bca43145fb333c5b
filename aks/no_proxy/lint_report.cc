#include <nlohmann/json.hpp>

#include "aks/no_proxy/lint.h"
#include "base/escape.h"
#include "base/layout.h"

namespace aks::no_proxy {
namespace {

using Json = nlohmann::ordered_json;
using Remedy = ListFinding::Remedy;

constexpr size_t kIndent = 2;
constexpr size_t kWhole = 1024 * 1024;

std::string joined(const std::vector<std::string>& entries) {
  std::string text;
  for (const std::string& entry : entries) text += (text.empty() ? "" : ",") + entry;
  return text;
}

std::string remedy_of(const ListFinding& finding) {
  switch (finding.remedy) {
    case Remedy::kWrite: return finding.portable.empty() ? "" : "-> " + joined(finding.portable);
    case Remedy::kDrop: return "-> leave it out";
    case Remedy::kNone: return "-> no portable spelling";
  }
  return "";
}

}  // namespace

std::string format_text(const ListReport& report, std::string_view list, size_t width) {
  std::string out;
  const auto paragraph = [&out, width](const std::string& text) {
    out += std::string(kIndent, ' ');
    base::hang(out, base::wrap(base::printable(text), width - kIndent), kIndent);
  };
  for (const ListFinding& finding : report.findings) {
    const std::string subject = finding.entry.empty() ? "the list" : cite(finding.entry);
    out += std::string(token_of(finding.severity)) + ": " + subject + " [" + finding.rule + "]\n";
    paragraph(finding.message);
    const std::string remedy = remedy_of(finding);
    if (!remedy.empty()) paragraph(remedy);
  }
  if (report.portable == list) {
    return out + "The list is written portably.\n";
  }
  // In one piece, for copying.
  return out + "Portable list:\n" + base::printable(report.portable, base::Spaces::kKeep, kWhole) +
         "\n";
}

std::string format_json(const ListReport& report, std::string_view list) {
  Json json = {{"no_proxy", list}, {"findings", Json::array()}, {"portable", report.portable}};
  for (const ListFinding& finding : report.findings) {
    const char* remedy = finding.remedy == Remedy::kWrite  ? "write"
                         : finding.remedy == Remedy::kDrop ? "drop"
                                                           : "none";
    json["findings"].push_back({{"severity", aks::token_of(finding.severity)},
                                {"rule", finding.rule},
                                {"entry", finding.entry},
                                {"message", finding.message},
                                {"remedy", remedy},
                                {"portable", finding.portable}});
  }
  return json.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace aks::no_proxy
