#include "aks/ca_rehearsal.h"

#include <nlohmann/json.hpp>

namespace aks {
namespace {

using nlohmann::ordered_json;
using tls::RotationOrder;
using tls::RotationStep;
using tls::RotationTrial;
using tls::Signer;
using tls::Trusted;

constexpr size_t kColumn = 18;

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

const char* name_of(Trusted trusted) {
  switch (trusted) {
    case Trusted::kOld: return "old";
    case Trusted::kBoth: return "both";
    case Trusted::kNew: return "new";
  }
  return "";
}

const char* name_of(Signer signer) { return signer == Signer::kOld ? "old" : "new"; }

std::string outcome_of(const RotationTrial& trial) {
  return trial.fault == tls::Fault::kNone ? "ok" : std::string(tls::token_of(trial.fault));
}

std::string outcome_of(const std::vector<RotationTrial>& trials, Trusted trusted, Signer signer) {
  for (const RotationTrial& trial : trials) {
    if (trial.trusted == trusted && trial.signer == signer) return outcome_of(trial);
  }
  return "not tried";
}

std::string broken_text(const RotationStep& step) {
  if (step.broken.empty()) return "nobody breaks";
  std::string text;
  for (const RotationTrial& trial : step.broken) {
    if (!text.empty()) text += "; ";
    text += std::string("BREAKS clients that trust ") + name_of(trial.trusted) +
            (trial.trusted == Trusted::kBoth ? "" : " alone") + ", where " + name_of(trial.signer) +
            " signs (" + outcome_of(trial) + ")";
  }
  return text;
}

ordered_json json_of(const RotationTrial& trial) {
  return {{"trusted", name_of(trial.trusted)},
          {"signer", name_of(trial.signer)},
          {"outcome", outcome_of(trial)}};
}

ordered_json json_of(const std::vector<RotationTrial>& trials) {
  ordered_json out = ordered_json::array();
  for (const RotationTrial& trial : trials) out.push_back(json_of(trial));
  return out;
}

}  // namespace

std::string rehearsal_text(const std::string& host, const std::vector<RotationTrial>& trials,
                           const std::vector<RotationOrder>& orders) {
  std::string text = "Handshakes tried with a leaf for " + host + ":\n" +
                     padded("  clients trust", kColumn) + padded("old signs", kColumn) +
                     "new signs\n";
  for (const Trusted trusted : {Trusted::kOld, Trusted::kBoth, Trusted::kNew}) {
    text += padded(std::string("  ") + name_of(trusted), kColumn) +
            padded(outcome_of(trials, trusted, Signer::kOld), kColumn) +
            outcome_of(trials, trusted, Signer::kNew) + "\n";
  }
  for (const RotationOrder& order : orders) {
    text += "\nThe steps " + order.name + ": " +
            (order.breaks() ? "some clients break" : "nobody breaks") + "\n";
    for (size_t i = 0; i < order.steps.size(); ++i) {
      text += "  " + std::to_string(i + 1) + ". " + order.steps[i].what + ": " +
              broken_text(order.steps[i]) + "\n";
    }
  }
  return text;
}

std::string rehearsal_json(const std::string& host, const std::vector<RotationTrial>& trials,
                           const std::vector<RotationOrder>& orders) {
  ordered_json out = {
      {"host", host}, {"handshakes", json_of(trials)}, {"orders", ordered_json::array()}};
  for (const RotationOrder& order : orders) {
    ordered_json steps = ordered_json::array();
    for (const RotationStep& step : order.steps) {
      steps.push_back({{"what", step.what}, {"broken", json_of(step.broken)}});
    }
    out["orders"].push_back(
        {{"name", order.name}, {"breaks", order.breaks()}, {"steps", std::move(steps)}});
  }
  return out.dump(2) + "\n";
}

}  // namespace aks
