// Lists of pods. Whatever they hold, the report is JSON, and the commands are safe in a shell.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "aks/audit/pod_report.h"
#include "base/escape.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

aks::audit::Expectation some_proxy() {
  aks::audit::ClusterState state;
  state.config.written = {"http://proxy.example:3128", "http://proxy.example:3128", "AAEC"};
  state.config.no_proxy = {".svc"};
  return aks::audit::expect(state, {});
}

void check_command(std::string_view line) {
  require(line.starts_with("# ") || line.starts_with("kubectl "));
  require(base::one_line(line) == line);
  if (!line.starts_with("kubectl ")) return;
  require(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
  require(line.find_first_of("$`;&|<>(){}[]*?!'\"\\#~") == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const aks::audit::Expectation kExpected = some_proxy();
  static const aks::audit::Expectation kNone = aks::audit::expect({}, {});
  const auto audit =
      aks::audit::audit_pods({reinterpret_cast<const char*>(data), size}, kExpected, &kNone);
  if (!audit) return 0;
  require(audit->pods == audit->judged + audit->finished);
  const auto report = nlohmann::json::parse(aks::audit::pod_report_json(*audit, kExpected));
  require(report["workloads"].size() == audit->workloads.size());
  aks::audit::pod_report(*audit, kExpected);
  std::string commands = aks::audit::recreate_commands(*audit);
  for (std::size_t start = 0; start < commands.size();) {
    const std::size_t end = commands.find('\n', start);
    require(end != std::string::npos);
    check_command(std::string_view(commands).substr(start, end - start));
    start = end + 1;
  }
  return 0;
}
