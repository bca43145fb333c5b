#include "aks/audit/node_audit.h"

#include <algorithm>
#include <array>

#include "aks/audit/node_authority.h"
#include "aks/audit/node_lines.h"
#include "aks/excerpt.h"

namespace aks::audit {
namespace {

using render::NodeFile;

struct LineFile {
  const char* path;
  Syntax syntax;
  const char* readers;  // who goes wrong with it
};

constexpr std::array kLineFiles = {LineFile{"/etc/environment", Syntax::kEnvironment,
                                            "kubelet, which reads this file, and logins"},
                                   LineFile{"/etc/apt/apt.conf.d/95proxy", Syntax::kApt, "apt"},
                                   LineFile{"/etc/systemd/system.conf.d/proxy.conf",
                                            Syntax::kManager, "containerd and every other unit"}};
constexpr const char* kKubelet = "/etc/systemd/system/kubelet.service.d/10-httpproxy.conf";

constexpr const char* kReimage =
    "reimage the node (az aks nodepool upgrade --node-image-only), or run what `sluice aks render "
    "node --script` prints on it";

std::string shown(std::string_view value) { return cite(without_secrets(value)); }

class Auditor {
 public:
  Auditor(const NodeSnapshot& snapshot, const Expectation& expected, NodeAudit& out)
      : snapshot_(snapshot),
        expected_(expected),
        files_(render::node_files(expected.values, out.distro)),
        out_(out) {}

  void audit() {
    check([this] { audit_authority(snapshot_, expected_, out_.distro, out_.findings); },
          std::string(render::ca_store(out_.distro).path));
    for (const LineFile& file : kLineFiles) check([&] { judge_lines(file); }, file.path);
    check([this] { judge_kubelet(); }, kKubelet);
    judge_overrides();
    for (const char* unit : {"kubelet", "containerd"}) judge_running(unit);
  }

 private:
  template <typename Judge>
  void check(const Judge& judge, const std::string& path) {
    const size_t before = out_.findings.size();
    judge();
    const bool wrong = std::any_of(
        out_.findings.begin() + static_cast<std::ptrdiff_t>(before), out_.findings.end(),
        [](const Finding& each) { return each.severity != Severity::kNote; });
    if (!wrong && snapshot_.count(path) > 0) out_.right.push_back(path);
  }

  void add(Severity severity, const char* rule, const std::string& path, std::string message,
           int line = 0) {
    out_.findings.push_back({severity, rule, path, std::move(message), "", line, 0});
  }

  // The values that the file is to have, under the names that its syntax gives.
  std::vector<render::Variable> wanted(Syntax syntax) const {
    std::vector<render::Variable> variables = render::variables_of(expected_.values);
    if (syntax == Syntax::kApt) {
      std::erase_if(variables, [](const render::Variable& each) {
        return each.first != "HTTP_PROXY" && each.first != "HTTPS_PROXY";
      });
    }
    return variables;
  }

  bool is_right(const std::string& name, const std::string& wanted,
                const std::string& value) const {
    if (name == "NO_PROXY" || name == "no_proxy") return compare_no_proxy(expected_, value).empty();
    return value == wanted;
  }

  std::string how_it_differs(const std::string& name, const std::string& wanted,
                             const std::string& value) const {
    if (name == "NO_PROXY" || name == "no_proxy") {
      return name + " " + describe(compare_no_proxy(expected_, value));
    }
    return name + " is " + shown(value) + "; expected " + shown(wanted);
  }

  void judge_lines(const LineFile& file) {
    const auto found = snapshot_.find(file.path);
    const auto variables = wanted(file.syntax);
    if (found == snapshot_.end()) {
      if (variables.empty()) return;
      return add(Severity::kError, "node-file-missing", file.path,
                 "the file is not there, so " + std::string(file.readers) +
                     " has no proxy: the node is older than the cluster's proxy; " + kReimage);
    }
    const auto given = read_assignments(found->second.content, file.syntax);
    for (const auto& [name, value] : variables) judge_variable(file, name, value, given);
    for (const Assignment& each : given) {
      const bool expected = std::any_of(variables.begin(), variables.end(),
                                        [&](const auto& want) { return want.first == each.name; });
      if (expected) continue;
      add(Severity::kWarning, "node-left", file.path,
          each.name + " is " + shown(each.value) + ", and no value is expected: " + file.readers +
              " still has it; " + kReimage,
          each.line);
    }
    if (file.syntax == Syntax::kManager && !variables.empty() &&
        found->second.content.find("[Manager]\n") == std::string::npos) {
      add(Severity::kError, "node-section", file.path,
          "the section [Manager] is missing, and systemd reads nothing outside of one");
    }
  }

  void judge_variable(const LineFile& file, const std::string& name, const std::string& wanted,
                      const std::vector<Assignment>& given) {
    const Assignment* last = nullptr;
    size_t times = 0;
    for (const Assignment& each : given) {
      if (each.name != name) continue;
      last = &each;
      ++times;
    }
    if (last == nullptr) {
      return add(Severity::kError, "node-missing", file.path,
                 name + " is not set; expected " + shown(wanted) + ": " + file.readers +
                     " goes without it; " + kReimage);
    }
    if (!is_right(name, wanted, last->value)) {
      return add(Severity::kError, "node-stale", file.path,
                 how_it_differs(name, wanted, last->value) + ": " + file.readers +
                     " uses the old value; " + kReimage,
                 last->line);
    }
    if (times > 1) {
      add(Severity::kNote, "node-repeated", file.path,
          name + " is set " + std::to_string(times) +
              " times, as AKS's scripts append without looking; the last one counts and is right",
          last->line);
    }
  }

  void judge_kubelet() {
    const auto found = snapshot_.find(kKubelet);
    const auto file = std::find_if(files_.begin(), files_.end(),
                                   [](const NodeFile& each) { return each.path == kKubelet; });
    if (file == files_.end()) {
      if (found == snapshot_.end()) return;
      return add(Severity::kNote, "node-left", kKubelet,
                 "the drop-in is there without a proxy; it does no harm while /etc/environment "
                 "has none");
    }
    if (found == snapshot_.end()) {
      return add(Severity::kError, "node-file-missing", kKubelet,
                 std::string("the drop-in is not there, so that kubelet does not read "
                             "/etc/environment; ") +
                     kReimage);
    }
    if (found->second.content == file->content) return;
    add(Severity::kError, "node-stale", kKubelet,
        "the file is not what AKS writes, " + cite(file->content) + ": it has " +
            cite(found->second.content));
  }

  // What other files say about the same variables and what is read after ours.
  void judge_overrides() {
    for (const auto& [path, file] : snapshot_) {
      if (path.starts_with("/etc/systemd/system.conf.d/") && path.ends_with(".conf") &&
          path > "/etc/systemd/system.conf.d/proxy.conf") {
        judge_override(path, file, Syntax::kManager, "every unit");
      } else if (path.starts_with("/etc/systemd/system/") && path.ends_with(".conf")) {
        judge_override(path, file, Syntax::kUnit,
                       path.find("/kubelet.") != std::string::npos ? "kubelet" : "containerd");
      } else if (path == "/etc/apt/apt.conf" || (path.starts_with("/etc/apt/apt.conf.d/") &&
                                                 path > "/etc/apt/apt.conf.d/95proxy")) {
        judge_override(path, file, Syntax::kApt, "apt");
      }
    }
  }

  void judge_override(const std::string& path, const SnapshotFile& file, Syntax syntax,
                      const char* who) {
    const auto variables = wanted(syntax);
    for (const Assignment& each : read_assignments(file.content, syntax)) {
      const auto want = std::find_if(variables.begin(), variables.end(),
                                     [&](const auto& one) { return one.first == each.name; });
      const bool same = want != variables.end() && is_right(each.name, want->second, each.value);
      add(same ? Severity::kNote : Severity::kWarning, "node-overridden", path,
          each.name + " is " + shown(each.value) + " here, which is read after AKS's file and " +
              "counts for " + who +
              (same ? "; the value is the expected one" : ": take it out, or change it there"),
          each.line);
    }
  }

  void judge_running(const char* unit) {
    const std::string path = running_path(unit);
    const auto found = snapshot_.find(path);
    if (found == snapshot_.end()) return;
    const auto given = read_assignments(found->second.content, Syntax::kEnvironment);
    std::string wrong;
    const auto note = [&wrong](const std::string& what) {
      wrong += (wrong.empty() ? "" : "; ") + what;
    };
    const auto variables = wanted(Syntax::kEnvironment);
    for (const auto& [name, value] : variables) {
      const auto has = std::find_if(given.begin(), given.end(),
                                    [&name = name](const auto& each) { return each.name == name; });
      if (has == given.end()) {
        note(name + " is not set");
      } else if (!is_right(name, value, has->value)) {
        note(how_it_differs(name, value, has->value));
      }
    }
    if (variables.empty() && !given.empty()) note("it still has proxy variables");
    if (wrong.empty()) return out_.right.push_back(std::string(unit) + " as it runs");
    add(Severity::kWarning, "node-running", unit,
        "as it runs: " + wrong +
            "; it was started before the files changed, or they are wrong "
            "(above): systemctl daemon-reexec, then restart it, or reimage");
  }

  const NodeSnapshot& snapshot_;
  const Expectation& expected_;
  std::vector<NodeFile> files_;
  NodeAudit& out_;
};

}  // namespace

bool NodeAudit::passes() const { return first_difference() == nullptr; }

const Finding* NodeAudit::first_difference() const {
  const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& each) {
    return each.severity != Severity::kNote;
  });
  return found == findings.end() ? nullptr : &*found;
}

NodeAudit audit_node(const NodeSnapshot& snapshot, const Expectation& expected,
                     render::Distro distro) {
  NodeAudit out;
  out.distro = distro;
  Auditor(snapshot, expected, out).audit();
  return out;
}

}  // namespace aks::audit
