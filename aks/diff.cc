#include "aks/diff.h"

#include <algorithm>
#include <map>

#include "aks/audit/expectation.h"
#include "aks/entry_keys.h"
#include "aks/excerpt.h"
#include "aks/no_proxy_entry.h"
#include "aks/own_entries.h"

namespace aks {
namespace {

using audit::ClusterState;

std::string listed(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + cite(text);
  return out.empty() ? "nothing" : out;
}

std::string subjects_of(const CertificateSet& set) {
  std::string out;
  for (const auto& each : set.entries) out += (out.empty() ? "" : "; ") + each.subject;
  return out.empty() ? "nothing" : out;
}

std::string url_of(const std::optional<ProxyUrl>& url) { return url ? url->to_string() : "none"; }

class Differ {
 public:
  Differ(const DiffInput& input, Diff& out) : input_(input), out_(out) {}

  void diff() {
    UpdateOptions options;
    options.pools = input_.pools;
    options.traits = input_.live.traits.value_or(ClusterTraits{});
    options.facts = {Facts::Known::kYes, input_.facts, {}, options.traits};
    HttpProxyConfig desired = input_.desired.config;
    HttpProxyConfig live = input_.live.config;
    desired.no_proxy = own_entries(desired.no_proxy, input_.facts);
    live.no_proxy = own_live_entries(live.no_proxy, desired.no_proxy, input_.facts);
    out_.plan = make_update_plan(live, desired, options);
    for (const std::string& field : out_.plan.changes.fields) describe(field);
    find_steps();
    compare_lists();
  }

 private:
  void describe(const std::string& field) {
    const Changes& changes = out_.plan.changes;
    const HttpProxyConfig& live = out_.plan.before;
    const HttpProxyConfig& desired = out_.plan.after;
    FieldDifference found;
    found.field = field;
    if (field == "enabled") {
      found.desired = desired.enabled ? "on" : "off";
      found.live = live.enabled ? "on" : "off";
      found.nodes = live.enabled ? "they still use the proxy" : "they reach everything directly";
      found.pods = live.enabled ? "new ones still get variables" : "new ones get no variables";
    } else if (field == "httpProxy" || field == "httpsProxy") {
      const bool is_http = field == "httpProxy";
      found.desired = url_of(is_http ? desired.http_proxy : desired.https_proxy);
      found.live = url_of(is_http ? live.http_proxy : live.https_proxy);
      found.nodes = "kubelet, containerd and apt use " + found.live;
      found.pods = "new ones are told " + found.live;
    } else if (field == "noProxy") {
      if (changes.no_proxy_in.empty() && changes.no_proxy_out.empty()) return;
      found.desired = "has " + listed(changes.no_proxy_in) + " besides";
      found.live = "has " + listed(changes.no_proxy_out) + " besides";
      found.nodes = effect_of_list();
      found.pods = "the same for new ones";
    } else {
      if (changes.ca_in.entries.empty() && changes.ca_out.entries.empty()) return;
      found.desired = "has " + subjects_of(changes.ca_in) + " besides";
      found.live = "has " + subjects_of(changes.ca_out) + " besides";
      if (!changes.ca_in.entries.empty()) {
        found.nodes = "they do not trust " + subjects_of(changes.ca_in);
      }
      if (!changes.ca_out.entries.empty()) {
        found.nodes += (found.nodes.empty() ? "they still trust " : " and still trust ") +
                       subjects_of(changes.ca_out);
      }
    }
    out_.fields.push_back(std::move(found));
  }

  std::string effect_of_list() const {
    const Changes& changes = out_.plan.changes;
    std::string out;
    if (!changes.no_proxy_in.empty()) {
      out = "they send " + listed(changes.no_proxy_in) + " through the proxy";
    }
    if (!changes.no_proxy_out.empty()) {
      out +=
          (out.empty() ? "they reach " : " and reach ") + listed(changes.no_proxy_out) + " past it";
    }
    return out;
  }

  // Whether a configuration on the way has the field as desired.
  bool has_field(const HttpProxyConfig& config, const std::string& field) const {
    const Changes left = compare(config, out_.plan.after);
    if (field == "noProxy") return left.no_proxy_in.empty() && left.no_proxy_out.empty();
    if (field == "trustedCa") return left.ca_in.entries.empty() && left.ca_out.entries.empty();
    return std::find(left.fields.begin(), left.fields.end(), field) == left.fields.end();
  }

  void find_steps() {
    const std::vector<Step>& steps = out_.plan.steps;
    for (FieldDifference& found : out_.fields) {
      for (size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        const bool brings = step.kind == StepKind::kApply && found.applied == 0 && step.config &&
                            has_field(*step.config, found.field);
        if (brings) found.applied = i + 1;
        if (found.applied == 0) continue;
        // The reimages of one update stand behind it without a gap.
        const bool goes_on = found.reimaged == 0 || found.reimaged == i;
        if (step.kind == StepKind::kReimage && goes_on) found.reimaged = i + 1;
        if (step.kind == StepKind::kRecreatePods && found.field != "trustedCa") {
          found.recreated = i + 1;
        }
      }
    }
  }

  EntryRow& row(const std::string& entry) {
    const auto [found, fresh] =
        rows_.emplace(key_of(parse_no_proxy_entry(entry)), out_.entries.size());
    if (fresh) out_.entries.emplace_back().entry = entry;
    return out_.entries[found->second];
  }

  void compare_lists() {
    const ClusterState& live = input_.live;
    out_.has_live_list = live.config.enabled && live.effective_no_proxy.has_value();
    if (!input_.desired.config.enabled && !live.config.enabled) return;
    for (const std::string& entry : input_.desired.config.no_proxy) row(entry).desired = true;
    if (input_.desired.config.enabled) {
      for (const auto& each : effective_no_proxy(input_.desired.config.no_proxy, input_.facts)) {
        EntryRow& found = row(each.text);
        found.computed = true;
        found.why = aks::describe(each.source);
      }
    }
    if (!out_.has_live_list) return;
    for (const std::string& entry : *live.effective_no_proxy) row(entry).live = true;
    const EntryKeys configured(out_.plan.before.no_proxy);
    for (EntryRow& each : out_.entries) judge(each, configured);
  }

  // `configured` has the live configuration's own entries.
  void judge(EntryRow& row, const EntryKeys& configured) const {
    if (row.computed == row.live) return;
    if (row.live) {
      if (configured.contains(row.entry)) {
        row.why = "the live configuration's";
        row.is_difference = true;
      } else if (audit::may_be_added(row.entry, input_.facts)) {
        row.why = "added by AKS for a fact that is not given";
      } else {
        row.why = "unexplained: neither configured nor known to be added by AKS";
        row.is_difference = input_.desired.config.enabled;
      }
      return;
    }
    row.is_difference = true;
    if (!row.desired) row.why += "; AKS's list lacks it, so look whether the facts are right";
  }

  const DiffInput& input_;
  Diff& out_;
  std::map<std::string, size_t> rows_;
};

}  // namespace

bool Diff::is_same() const {
  return fields.empty() && std::none_of(entries.begin(), entries.end(),
                                        [](const EntryRow& each) { return each.is_difference; });
}

Diff diff(const DiffInput& input) {
  Diff out;
  Differ(input, out).diff();
  return out;
}

}  // namespace aks
