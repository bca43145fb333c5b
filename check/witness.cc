#include "check/witness.h"

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "check/plan_hints.h"
#include "check/report_summary.h"

namespace check {
namespace {

// Octets of an RFC 3339 time up to its seconds: such texts in UTC sort like the times.
constexpr size_t kSecond = 19;
// What a record's `inspection` says where the proxy did inspect.
constexpr const char* kInspected = "inspected";

// The host in "host:port" or "http://host:port/path", without brackets.
std::string host_of(std::string target) {
  if (target.starts_with("http://")) target = target.substr(7, target.find('/', 7) - 7);
  target = target.substr(0, target.rfind(':'));
  if (target.starts_with('[')) target = target.substr(1, target.size() - 2);
  return target;
}

// A member's text; "" when there is none.
std::string text_of(const nlohmann::json& record, const char* member) {
  const auto found = record.find(member);
  return found != record.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

base::Result<Witness> Witness::from_access_log(const std::string& path, base::WallTime since) {
  std::ifstream file(path);
  if (!file) {
    return base::fail(
        base::ErrorCode::kIo, base::Party::kProxy,
        "cannot read the proxy's access log " + path + "; check the path and its permissions",
        errno);
  }
  Witness witness;
  const std::string first = format_time(since);
  size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (file.eof()) break;  // no newline yet
    const auto record = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    const auto target = record.is_object() ? record.find("target") : record.end();
    if (!record.is_object() || target == record.end() || !target->is_string()) {
      return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                        path + ":" + std::to_string(number) +
                            " is no access record; set access_log.format to json");
    }
    const std::string time = text_of(record, "time");
    if (!time.empty() && time.substr(0, kSecond) < first.substr(0, kSecond)) continue;
    const std::string host = host_of(target->get<std::string>());
    witness.hosts_.insert(host);
    const std::string inspection = text_of(record, "inspection");
    if (inspection.empty() || text_of(record, "method") != "CONNECT") continue;
    Tunnel& tunnel = witness.tunnels_[host];
    tunnel = {inspection, {}};
    if (inspection == kInspected && text_of(record, "fault") == "client") {
      const std::string client = text_of(record, "client");
      tunnel.rejected =
          "client " + client.substr(0, client.rfind(':')) + ": " + text_of(record, "detail");
    }
  }
  return witness;
}

ProxySaw Witness::saw(const Probe& probe) const {
  return hosts_.contains(probe.host) ? ProxySaw::kYes : ProxySaw::kNo;
}

void Witness::testify(ProbeResult& result) const {
  if (result.verdict == Verdict::kSkip) return;
  // Its destination is asked for through the proxy as well.
  if (result.probe.wanted == Wanted::kClosed) return;
  testify_inspection(result);
  if (result.probe.route != aks::Route::kDirect) return;
  result.proxy_saw = saw(result.probe);
  if (result.proxy_saw == ProxySaw::kYes) {
    result.verdict = Verdict::kFail;
    result.reason = "the proxy saw a request for it, although it must bypass the proxy";
    result.next_step = hint_for(result.probe, Trouble::kProxySawIt);
  } else if (result.verdict == Verdict::kPass) {
    result.reason += "; the proxy saw nothing of it";
  }
}

void Witness::testify_inspection(ProbeResult& result) const {
  const auto found = tunnels_.find(result.probe.host);
  if (found == tunnels_.end()) return;
  const Tunnel& tunnel = found->second;
  if (tunnel.inspection != kInspected) result.exemption = tunnel.inspection;
  if (result.failed_in == Phase::kTls && !tunnel.rejected.empty()) {
    result.reason += "; by the proxy's log, " + tunnel.rejected;
  }
}

}  // namespace check
