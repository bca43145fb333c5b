// What an admission review costs without the network: octets in, octets out. 2 000 reviews a second
// on a core leave 500 µs for a review, TLS and HTTP included (docs/design/aks.md).
#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>
#include <string>

#include "aks/admission.h"

namespace {

using nlohmann::json;

aks::PodInjection injection() {
  aks::PodInjection made;
  for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"}) {
    made.variables.push_back({name, "http://proxy.corp.example:3128"});
  }
  for (const char* name : {"no_proxy", "NO_PROXY"}) {
    made.variables.push_back(
        {name,
         "localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,.svc,.cluster.local,"
         "demo-1a2b.hcp.westeurope.azmk8s.io,10.224.0.0/12,10.244.0.0/16,10.0.0.0/16"});
  }
  return made;
}

// As large as pods in practice: each container with twelve variables, probes and mounts, and the
// managedFields that repeat it all.
std::string review(int containers) {
  json list = json::array();
  json fields = json::object();
  for (int i = 0; i < containers; ++i) {
    const std::string name = "container-" + std::to_string(i);
    json env = json::array();
    json env_fields = {{".", json::object()}};
    for (int v = 0; v < 12; ++v) {
      const std::string variable = "SETTING_" + std::to_string(v);
      env.push_back({{"name", variable}, {"value", "a value of usual length " + variable}});
      env_fields["k:{\"name\":\"" + variable + "\"}"] = {
          {".", json::object()}, {"f:name", json::object()}, {"f:value", json::object()}};
    }
    const json probe = {{"httpGet", {{"path", "/healthz"}, {"port", 8080}, {"scheme", "HTTP"}}},
                        {"timeoutSeconds", 1}};
    list.push_back({{"name", name},
                    {"image", "registry.example/team/" + name + ":1.2.3"},
                    {"env", env},
                    {"livenessProbe", probe},
                    {"readinessProbe", probe},
                    {"resources", {{"limits", {{"cpu", "500m"}, {"memory", "256Mi"}}}}},
                    {"volumeMounts", json::array({{{"name", "kube-api-access-x7k2p"},
                                                   {"mountPath", "/var/run/secrets"}}})}});
    fields["k:{\"name\":\"" + name + "\"}"] = {{"f:env", env_fields}, {"f:image", json::object()}};
  }
  const json pod = {{"metadata",
                     {{"generateName", "api-"},
                      {"managedFields",
                       json::array({{{"manager", "kube-controller-manager"},
                                     {"fieldsV1", {{"f:spec", {{"f:containers", fields}}}}}}})}}},
                    {"spec", {{"containers", list}, {"volumes", json::array()}}}};
  return json({{"kind", "AdmissionReview"},
               {"apiVersion", "admission.k8s.io/v1"},
               {"request",
                {{"uid", "d9a1c5c2-0f3e-4b53-8f0a-6d3f7a1e2b44"},
                 {"kind", {{"group", ""}, {"version", "v1"}, {"kind", "Pod"}}},
                 {"operation", "CREATE"},
                 {"object", pod}}}})
      .dump();
}

void admission(benchmark::State& state) {
  const std::string text = review(static_cast<int>(state.range(0)));
  const aks::PodInjection given = injection();
  for (auto _ : state) {
    const aks::AdmissionAnswer answer = aks::review_admission(text, given);
    if (answer.outcome != aks::AdmissionOutcome::kPatched) state.SkipWithError("not patched");
    benchmark::DoNotOptimize(answer);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.counters["review_octets"] = static_cast<double>(text.size());
}
BENCHMARK(admission)->Arg(1)->Arg(3)->Arg(50)->Unit(benchmark::kMicrosecond);

}  // namespace
