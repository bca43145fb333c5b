// Captures and archives of nodes. Whatever they hold, only paths of interest come out, and the
// audit's report is JSON.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "aks/audit/node_report.h"
#include "aks/audit/tar_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aks;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t octets = 0;
  const auto done = audit::read_tar(text, [&](const audit::TarMember& member) {
    if (member.content.data() < text.data() ||
        member.content.data() + member.content.size() > text.data() + text.size()) {
      std::abort();
    }
    octets += member.content.size();
  });
  if (done && octets > size) std::abort();
  const auto snapshot = audit::read_capture(text);
  if (!snapshot) return 0;
  for (const auto& [path, file] : *snapshot) {
    if (!audit::is_of_interest(path) || path.find("..") != std::string::npos) std::abort();
  }
  audit::ClusterState state;
  state.config.written = {"http://proxy.example:3128", "http://proxy.example:3128", "AAEC"};
  const auto distro = audit::distro_of(*snapshot).value_or(render::Distro::kUbuntu);
  const auto audit = audit::audit_node(*snapshot, audit::expect(state, {}), distro);
  const auto report = nlohmann::json::parse(audit::node_report_json(audit));
  if (report["passes"] != audit.passes()) std::abort();
  audit::node_report(audit);
  return 0;
}
