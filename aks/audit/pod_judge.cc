#include "aks/audit/pod_judge.h"

#include <algorithm>
#include <array>

#include "aks/excerpt.h"
#include "aks/pod_injection.h"
#include "aks/render/quote.h"

namespace aks::audit {
namespace {

enum class State {
  kRight,      // as expected, which may be "not set"
  kAbsent,     // expected and not set
  kOld,        // what pods had before the update
  kOther,      // something else
  kElsewhere,  // in a ConfigMap, Secret or field
};

struct Variable {
  const char* name;
  std::string render::Values::*value;
};

struct Pair {
  std::array<Variable, 2> spellings;
};

constexpr std::array kPairs = {
    Pair{{{{"HTTP_PROXY", &render::Values::http_proxy},
           {"http_proxy", &render::Values::http_proxy}}}},
    Pair{{{{"HTTPS_PROXY", &render::Values::https_proxy},
           {"https_proxy", &render::Values::https_proxy}}}},
    Pair{{{{"NO_PROXY", &render::Values::no_proxy}, {"no_proxy", &render::Values::no_proxy}}}}};

bool is_list(const Variable& variable) { return variable.value == &render::Values::no_proxy; }

// Whether a pod's entry is what the webhook writes for the expected value.
bool matches(const Expectation& expected, const Variable& variable, const std::string& text) {
  const std::string& wanted = expected.values.*variable.value;
  if (is_list(variable) && !wanted.empty()) return compare_no_proxy(expected, text).empty();
  return text == render::kubernetes_text(wanted);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Gathers what is to be said about one container, so that a reason is given once for all variables.
class ContainerJudge {
 public:
  ContainerJudge(const ContainerView& container, const Expectation& expected,
                 const Expectation* before)
      : container_(container),
        expected_(expected),
        before_(before),
        injected_(container.role == Role::kContainer) {}

  void judge(std::vector<PodIssue>& issues) {
    for (const Pair& pair : kPairs) judge_pair(pair);
    report(issues);
  }

 private:
  State state_of(const Variable& variable) const {
    const auto found = container_.proxy_env.find(variable.name);
    if (found == container_.proxy_env.end()) {
      return (expected_.values.*variable.value).empty() ? State::kRight : State::kAbsent;
    }
    if (found->second.from_elsewhere) return State::kElsewhere;
    if (matches(expected_, variable, found->second.text)) return State::kRight;
    if (before_ == nullptr) return State::kOther;
    return matches(*before_, variable, found->second.text) ? State::kOld : State::kOther;
  }

  // Without a configuration from before, two spellings with one value are taken for what an
  // injector wrote, since who overrides one mostly forgets the other.
  bool looks_injected(const Pair& pair) const {
    const auto& env = container_.proxy_env;
    const auto first = env.find(pair.spellings[0].name);
    const auto second = env.find(pair.spellings[1].name);
    return before_ == nullptr && injected_ && first != env.end() && second != env.end() &&
           !first->second.text.empty() && first->second.text == second->second.text;
  }

  void judge_pair(const Pair& pair) {
    const std::array states = {state_of(pair.spellings[0]), state_of(pair.spellings[1])};
    const bool whole = looks_injected(pair);
    const bool differs = std::count(states.begin(), states.end(), State::kOther) == 1;
    for (size_t i = 0; i < states.size(); ++i) {
      const Variable& variable = pair.spellings[i];
      measure(variable);
      switch (states[i]) {
        case State::kRight: break;
        case State::kAbsent: absent_.emplace_back(variable.name); break;
        case State::kElsewhere: elsewhere_.emplace_back(variable.name); break;
        case State::kOld: add_stale(variable); break;
        case State::kOther:
          if (whole) {
            add_stale(variable);
          } else if (differs) {
            half_.emplace_back(std::string(variable.name) + " but not " +
                               pair.spellings[1 - i].name);
          } else {
            own_.emplace_back(variable.name);
          }
      }
    }
  }

  void measure(const Variable& variable) {
    const auto found = container_.proxy_env.find(variable.name);
    if (found == container_.proxy_env.end()) return;
    const size_t octets = std::string_view(variable.name).size() + found->second.text.size() + 2;
    if (octets > kMaxVariableOctets) too_long_.emplace_back(variable.name);
  }

  void add_stale(const Variable& variable) {
    stale_.emplace_back(variable.name);
    const std::string& text = container_.proxy_env.at(variable.name).text;
    std::string why;
    if ((expected_.values.*variable.value).empty()) {
      why = "no value is expected";
    } else if (is_list(variable)) {
      why = "the list " + describe(compare_no_proxy(expected_, text));
    } else {
      why = cite(without_secrets(text)) + " is no more the proxy";
    }
    if (std::find(why_.begin(), why_.end(), why) == why_.end()) why_.push_back(std::move(why));
  }

  void report(std::vector<PodIssue>& issues) const {
    const std::string who = std::string(token_of(container_.role)) + " " + cite(container_.name);
    const auto add = [&](Severity severity, const char* rule, std::string message, Remedy remedy) {
      issues.push_back({severity, rule, who, std::move(message), remedy});
    };
    if (!too_long_.empty()) {
      add(Severity::kError, "pod-too-long",
          listed(too_long_) + " is longer than the " + std::to_string(kMaxVariableOctets) +
              " octets that Linux gives a variable (name, '=', value and NUL): no process of this "
              "container can start; shorten noProxy",
          Remedy::kNone);
    }
    if (!stale_.empty()) {
      add(Severity::kWarning, "pod-stale",
          listed(stale_) + ": " + listed(why_) +
              (before_ != nullptr ? "; these are the values from before the update"
                                  : "; the pod is older than the update, or its manifest has them"),
          Remedy::kRecreate);
    }
    if (!half_.empty()) {
      add(Severity::kWarning, "pod-half-overridden",
          "its manifest sets " + listed(half_) +
              ", and clients differ in which spelling they read: set both to one value",
          Remedy::kTemplate);
    }
    report_own(add);
    report_absent(add);
    if (!elsewhere_.empty()) {
      add(Severity::kNote, "pod-from-elsewhere",
          listed(elsewhere_) +
              " comes from a ConfigMap, a Secret or a field, which the pod does "
              "not show: look there",
          Remedy::kNone);
    }
  }

  template <typename Add>
  void report_own(const Add& add) const {
    if (own_.empty()) return;
    if (injected_) {
      add(Severity::kNote, "pod-own",
          listed(own_) + " has a value of the workload's own, which AKS leaves alone",
          Remedy::kNone);
    } else {
      add(Severity::kWarning, "pod-own",
          listed(own_) +
              " has another value than the cluster's; AKS gives this kind of container "
              "none, so the manifest has it: change it there",
          Remedy::kTemplate);
    }
  }

  template <typename Add>
  void report_absent(const Add& add) const {
    if (absent_.empty()) return;
    if (injected_) {
      add(Severity::kWarning, "pod-without",
          listed(absent_) + " is not set: the pod is older than the cluster's proxy",
          Remedy::kRecreate);
      return;
    }
    const char* rule = container_.role == Role::kEphemeral ? "pod-ephemeral-without"
                       : container_.role == Role::kSidecar ? "pod-sidecar-without"
                                                           : "pod-init-without";
    add(Severity::kNote, rule,
        listed(absent_) +
            " is not set, as AKS gives this kind of container no variables: what it "
            "fetches goes direct unless its manifest sets them",
        Remedy::kNone);
  }

  const ContainerView& container_;
  const Expectation& expected_;
  const Expectation* before_;
  bool injected_;  // whether AKS gives this container variables
  std::vector<std::string> absent_, stale_, half_, own_, elsewhere_, too_long_, why_;
};

void judge_opt_out(const PodView& pod, std::vector<PodIssue>& issues) {
  if (!pod.opt_out) return;
  const std::string annotation = kOptOutAnnotation;
  if (*pod.opt_out == "true") {
    issues.push_back({Severity::kNote, "pod-opted-out", "",
                      "annotated " + annotation + ": \"true\", so it gets no variables",
                      Remedy::kNone});
  } else {
    issues.push_back({Severity::kWarning, "pod-opt-out-ineffective", "",
                      "the annotation " + annotation + " is " + cite(*pod.opt_out) +
                          ", and only \"true\" keeps variables away",
                      Remedy::kTemplate});
  }
}

}  // namespace

std::vector<PodIssue> judge_pod(const PodView& pod, const Expectation& expected,
                                const Expectation* before) {
  std::vector<PodIssue> issues;
  if (pod.is_finished) return issues;
  if (pod.on_windows && expected.has_proxy()) {
    issues.push_back({Severity::kWarning, "pod-windows", "",
                      "it is for Windows nodes, which AKS does not support together with a proxy",
                      Remedy::kNone});
  }
  if (pod.on_host_network && expected.has_proxy()) {
    issues.push_back({Severity::kNote, "pod-host-network", "",
                      "it has the node's network: the proxy sees the node's address, not a pod's",
                      Remedy::kNone});
  }
  judge_opt_out(pod, issues);
  if (pod.opt_out == "true") return issues;
  if (pod.is_mirror || pod.owner.kind == "Node") {
    issues.push_back({Severity::kNote, "pod-static", "",
                      "a file of its node describes it, and no webhook changes it", Remedy::kNone});
    return issues;
  }
  for (const ContainerView& container : pod.containers) {
    ContainerJudge(container, expected, before).judge(issues);
  }
  return issues;
}

}  // namespace aks::audit
