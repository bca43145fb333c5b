// The check of a real proxy from where it runs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/http_proxy_config.h"
#include "base/result.h"
#include "check/plan.h"
#include "check/report_data.h"

namespace check {

struct LiveOptions {
  aks::HttpProxyConfig config;
  std::vector<aks::Finding> findings;  // of the configuration, for the report
  aks::ClusterFacts cluster;
  PlanOptions plan;
  Inspecting inspecting = Inspecting::kNotAsked;
  std::string roots_file;       // PEM, in place of this system's roots; "" for those
  std::string cluster_ca_file;  // PEM; "" when the cluster's CA is not known
  std::string proxy_log;  // the proxy's access log in JSON; "" when it can't be read from here
  size_t at_once = 16;
  std::chrono::milliseconds timeout{15'000};  // of one probe
  std::function<void(size_t)> planned{};
  std::function<void(const ProbeResult&)> each{};
};

// What is decided before anything is sent: the plan, and a report that has everything but results.
struct LivePlan {
  Plan plan;
  Report report;
};
base::Result<LivePlan> plan_live(const LiveOptions& options);

// Fails when the plan can't be made or a file can't be read.
base::Result<Report> check_live(const LiveOptions& options);

}  // namespace check
