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

// The host in "host:port" or "http://host:port/path", without brackets.
std::string host_of(std::string target) {
  if (target.starts_with("http://")) target = target.substr(7, target.find('/', 7) - 7);
  target = target.substr(0, target.rfind(':'));
  if (target.starts_with('[')) target = target.substr(1, target.size() - 2);
  return target;
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
    const auto time = record.find("time");
    const bool earlier = time != record.end() && time->is_string() &&
                         time->get<std::string>().substr(0, kSecond) < first.substr(0, kSecond);
    if (earlier) continue;
    witness.hosts_.insert(host_of(target->get<std::string>()));
  }
  return witness;
}

ProxySaw Witness::saw(const Probe& probe) const {
  return hosts_.contains(probe.host) ? ProxySaw::kYes : ProxySaw::kNo;
}

void Witness::testify(ProbeResult& result) const {
  if (result.probe.route != aks::Route::kDirect || result.verdict == Verdict::kSkip) return;
  result.proxy_saw = saw(result.probe);
  if (result.proxy_saw == ProxySaw::kYes) {
    result.verdict = Verdict::kFail;
    result.reason = "the proxy saw a request for it, although it must bypass the proxy";
    result.next_step = hint_for(result.probe, Trouble::kProxySawIt);
  } else if (result.verdict == Verdict::kPass) {
    result.reason += "; the proxy saw nothing of it";
  }
}

}  // namespace check
