// The report as one page for a browser.
#pragma once

#include <string>
#include <string_view>

#include "check/report_data.h"

namespace check {

// A self-contained HTML page: no external assets, light and dark, readable without script (which
// only adds filters). A Content-Security-Policy forbids everything but the page's own style and
// script, and all text is escaped.
std::string format_html(const Report& report);

// Parts of the page.
std::string_view report_style();
std::string_view report_script();
std::string html_row(const ProbeResult& result, std::chrono::microseconds slowest,
                     Inspecting inspecting);

}  // namespace check
