// Everything a report tells, whatever its format.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/finding.h"
#include "base/clock.h"
#include "check/client_run.h"
#include "check/probe_result.h"

namespace check {

enum class Setting {
  kLive,       // a real proxy and a real network
  kSimulated,  // embedded origins on loopback
};

// Whether TLS inspection is what the report is about as well (`--inspect`).
enum class Inspecting { kNotAsked, kExpected };

// One row now and in an earlier report; "" where one of them does not have it.
struct RowDifference {
  std::string name;
  std::string before, now;  // verdicts, "pass", "fail"…
};

// What changed since an earlier report of the same kind.
struct Difference {
  std::string since;                 // when that one was made, as it says
  std::vector<RowDifference> worse;  // by verdict
  std::vector<RowDifference> better;
  std::vector<RowDifference> came, gone;  // rows that one of the two does not have
};

struct Report {
  std::string version;  // of Sluice
  Setting setting = Setting::kLive;
  Inspecting inspecting = Inspecting::kNotAsked;
  base::WallTime started;
  std::chrono::milliseconds elapsed{0};
  std::string http_proxy;  // as ProxyUrl::to_string; "" when none
  std::string https_proxy;
  std::string cloud;   // "public"
  std::string region;  // "" when not known
  std::string fqdn;    // of the API server; "" when not known
  std::vector<std::string> addons;
  std::string catalogue;               // where the endpoints come from, e.g. document and date
  std::vector<aks::Finding> findings;  // about the configuration
  std::vector<aks::EffectiveEntry> no_proxy;  // the effective list
  std::vector<std::string> notes;             // sentences about the plan
  std::vector<ProbeResult> results;           // in the plan's order; none where clients were run
  std::vector<ClientRun> clients;             // what real clients did; none where probes were sent
  std::string command;                        // that repeats the check; "" when not known
  std::optional<Difference> difference;       // from an earlier report, where one was given
};

}  // namespace check
