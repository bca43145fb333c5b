// Rows of a report by what they have in common: one cause for many rows, and rows that passed
// folded into one.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "check/report_data.h"

namespace check {

// Rows with one verdict for one reason. Where rows differ in nothing but their destination, the
// sentences say HOST and "them" in its place.
struct RowGroup {
  Verdict verdict = Verdict::kPass;
  std::string what;          // a sentence: why
  std::string fix;           // a sentence: what to do; "" when there is nothing
  std::vector<size_t> rows;  // positions in Report::results, at least one
  std::chrono::microseconds slowest{0};
};

// The groups of the rows at these positions, in the order of their first rows. Text of theirs comes
// from the network and is not escaped.
std::vector<RowGroup> group_rows(const Report& report, const std::vector<size_t>& rows);

// Why something failed or deserves a look: failures first, then what explains more rows.
std::vector<RowGroup> causes_of(const Report& report);

// Whether the row is a control: a probe of the harness itself, which has to fail.
bool is_control(const ProbeResult& result);

// "mcr.microsoft.com:443, …": the names of a group's rows.
std::string names_of(const Report& report, const RowGroup& group);

}  // namespace check
