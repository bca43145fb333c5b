#include "aks/pod_injection.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace aks {
namespace {

using nlohmann::json;

PodInjection two_variables() {
  PodInjection injection;
  injection.variables = {{"http_proxy", "http://p.example:1"},
                         {"HTTP_PROXY", "http://p.example:1"}};
  return injection;
}

PodInjection with_ca() {
  PodInjection injection = two_variables();
  injection.ca.emplace().config_map = "proxy-ca";
  injection.ca->variables = {"NODE_EXTRA_CA_CERTS"};
  return injection;
}

// The pod after the patch; a refusal fails the test.
json patched(const json& pod, const PodInjection& injection,
             PodChange change = PodChange::kCreation, const json& before = {}) {
  const auto patch = pod_patch(pod, before, change, injection);
  EXPECT_TRUE(patch.has_value()) << (patch ? "" : patch.error().detail);
  return patch ? pod.patch(*patch) : json();
}

std::vector<std::string> names(const json& container) {
  std::vector<std::string> out;
  for (const json& each : container.value("env", json::array())) out.push_back(each["name"]);
  return out;
}

using Names = std::vector<std::string>;

TEST(PodInjection, PutsVariablesInFrontAndKeepsTheOrderOfTheContainersOwn) {
  const json pod = json::parse(R"json({"spec": {"containers": [{"name": "a", "env": [
      {"name": "A", "value": "1"}, {"name": "B", "value": "$(A) $(http_proxy)"}]}]}})json");
  const json container = patched(pod, two_variables())["spec"]["containers"][0];
  EXPECT_EQ(names(container), (Names{"http_proxy", "HTTP_PROXY", "A", "B"}));
  EXPECT_EQ(container["env"][0]["value"], "http://p.example:1");
  EXPECT_EQ(container["env"][3], pod["spec"]["containers"][0]["env"][1]);
}

TEST(PodInjection, LeavesNamesThatAreThereAloneWhateverTheyHold) {
  for (const char* own : {R"({"name": "HTTP_PROXY", "value": ""})", R"({"name": "HTTP_PROXY"})",
                          R"({"name": "HTTP_PROXY", "valueFrom": {"fieldRef": {}}})"}) {
    const json pod = {{"spec", {{"containers", {{{"env", json::array({json::parse(own)})}}}}}}};
    const json container = patched(pod, two_variables())["spec"]["containers"][0];
    EXPECT_EQ(names(container), (Names{"http_proxy", "HTTP_PROXY"})) << own;
    EXPECT_EQ(container["env"][1], json::parse(own));
  }
}

TEST(PodInjection, TellsNamesApartByCase) {
  const json pod =
      json::parse(R"({"spec": {"containers": [{"env": [{"name": "Http_Proxy", "value": "x"}]}]}})");
  EXPECT_EQ(names(patched(pod, two_variables())["spec"]["containers"][0]),
            (Names{"http_proxy", "HTTP_PROXY", "Http_Proxy"}));
}

TEST(PodInjection, MakesTheListWhereThereIsNone) {
  for (const char* pod : {R"({"spec": {"containers": [{"name": "a"}]}})",
                          R"({"spec": {"containers": [{"name": "a", "env": null}]}})",
                          R"({"spec": {"containers": [{"name": "a", "env": []}]}})"}) {
    EXPECT_EQ(names(patched(json::parse(pod), two_variables())["spec"]["containers"][0]),
              (Names{"http_proxy", "HTTP_PROXY"}));
  }
}

TEST(PodInjection, LeavesInitContainersAloneUnlessToldOtherwise) {
  const json pod = json::parse(
      R"({"spec": {"initContainers": [{"name": "i"}], "containers": [{"name": "a"}]}})");
  PodInjection injection = two_variables();
  EXPECT_EQ(names(patched(pod, injection)["spec"]["initContainers"][0]), Names{});
  injection.init_containers = true;
  EXPECT_EQ(names(patched(pod, injection)["spec"]["initContainers"][0]).size(), 2U);
}

TEST(PodInjection, TouchesOnlyNewEphemeralContainersAndOnlyWhenTold) {
  const json before = json::parse(
      R"({"spec": {"containers": [{"name": "a"}], "ephemeralContainers": [{"name": "d1"}]}})");
  json pod = before;
  pod["spec"]["ephemeralContainers"].push_back({{"name", "d2"}});
  PodInjection injection = two_variables();
  EXPECT_EQ(patched(pod, injection, PodChange::kEphemeralContainers, before), pod);
  injection.ephemeral_containers = true;
  const json spec = patched(pod, injection, PodChange::kEphemeralContainers, before)["spec"];
  EXPECT_EQ(spec["containers"], pod["spec"]["containers"]);
  EXPECT_EQ(names(spec["ephemeralContainers"][0]), Names{});
  EXPECT_EQ(names(spec["ephemeralContainers"][1]), (Names{"http_proxy", "HTTP_PROXY"}));
}

TEST(PodInjection, MountsTheCaOnceAPodAndOnceAContainer) {
  const json pod =
      json::parse(R"({"spec": {"containers": [{"name": "a"}, {"name": "b", "volumeMounts": [
      {"name": "data", "mountPath": "/data"}]}], "volumes": [{"name": "data"}]}})");
  const json spec = patched(pod, with_ca())["spec"];
  const json mount = {{"name", "sluice-ca"}, {"mountPath", "/etc/sluice/ca"}, {"readOnly", true}};
  EXPECT_EQ(spec["volumes"][1]["configMap"], (json{{"name", "proxy-ca"}, {"optional", true}}));
  EXPECT_EQ(spec["volumes"].size(), 2U);
  EXPECT_EQ(spec["containers"][0]["volumeMounts"], json::array({mount}));
  EXPECT_EQ(spec["containers"][1]["volumeMounts"][1], mount);
  EXPECT_EQ(spec["containers"][0]["env"][2],
            (json{{"name", "NODE_EXTRA_CA_CERTS"}, {"value", "/etc/sluice/ca/ca.crt"}}));
}

TEST(PodInjection, KeepsTheCaAwayFromAContainerThatMountsSomethingThereItself) {
  const json pod = json::parse(R"({"spec": {"containers": [{"volumeMounts": [
      {"name": "own", "mountPath": "/etc/sluice/ca"}]}]}})");
  const json spec = patched(pod, with_ca())["spec"];
  EXPECT_EQ(names(spec["containers"][0]), (Names{"http_proxy", "HTTP_PROXY"}));
  EXPECT_FALSE(spec.contains("volumes"));
}

TEST(PodInjection, MountsTheCaInAnEphemeralContainerOnlyWhereThePodHasTheVolume) {
  PodInjection injection = with_ca();
  injection.ephemeral_containers = true;
  json pod = json::parse(R"({"spec": {"ephemeralContainers": [{"name": "d"}]}})");
  const auto mounts = [&] {
    const json spec = patched(pod, injection, PodChange::kEphemeralContainers)["spec"];
    return spec["ephemeralContainers"][0].contains("volumeMounts");
  };
  EXPECT_FALSE(mounts());
  pod["spec"]["volumes"] = json::parse(R"([{"name": "sluice-ca"}])");
  EXPECT_TRUE(mounts());
}

TEST(PodInjection, RefusesWhatIsNoPod) {
  for (const char* pod :
       {R"({})", R"({"spec": 1})", R"({"spec": {"containers": {}}})",
        R"({"spec": {"containers": [1]}})", R"({"spec": {"containers": [{"env": {}}]}})",
        R"({"spec": {"volumes": "x"}})", R"({"spec": {"containers": [{"volumeMounts": {}}]}})"}) {
    const auto patch = pod_patch(json::parse(pod), {}, PodChange::kCreation, with_ca());
    ASSERT_FALSE(patch.has_value()) << pod;
    EXPECT_EQ(patch.error().party, base::Party::kClient);
  }
}

TEST(PodInjection, RefusesMoreContainersThanAPodCanHave) {
  json pod = {{"spec", {{"containers", json::array()}}}};
  for (size_t i = 0; i < kMaxContainers; ++i) pod["spec"]["containers"].push_back(json::object());
  EXPECT_TRUE(pod_patch(pod, {}, PodChange::kCreation, two_variables()).has_value());
  pod["spec"]["containers"].push_back(json::object());
  EXPECT_FALSE(pod_patch(pod, {}, PodChange::kCreation, two_variables()).has_value());
}

TEST(PodInjection, ReadsTheOptOutAsTheTextTrueAlone) {
  const auto annotated = [](const json& value) {
    return opts_out({{"metadata", {{"annotations", {{kOptOutAnnotation, value}}}}}});
  };
  EXPECT_TRUE(annotated("true"));
  for (const json& value : {json("false"), json("True"), json(""), json(true), json(nullptr)}) {
    EXPECT_FALSE(annotated(value)) << value;
  }
  EXPECT_FALSE(opts_out(json::parse(R"({"metadata": {"annotations": null}})")));
  EXPECT_FALSE(opts_out({}));
}

// What injection means, written another way: each list of containers rebuilt from scratch.
json rebuilt(json pod, const PodInjection& injection) {
  std::vector<const char*> lists = {"containers"};
  if (injection.init_containers) lists.push_back("initContainers");
  for (const char* list : lists) {
    if (!pod["spec"].contains(list)) continue;
    for (json& container : pod["spec"][list]) {
      json env = json::array();
      const json own = container.contains("env") && container["env"].is_array() ? container["env"]
                                                                                : json::array();
      for (const PodVariable& variable : injection.variables) {
        bool present = false;
        for (const json& each : own) present = present || each["name"] == variable.name;
        if (!present) env.push_back({{"name", variable.name}, {"value", variable.value}});
      }
      for (const json& each : own) env.push_back(each);
      container["env"] = env;
    }
  }
  return pod;
}

class RandomPods {
 public:
  json next() {
    json pod = {{"spec", {{"containers", containers()}}}};
    if (below(2) == 0) pod["spec"]["initContainers"] = containers();
    if (below(3) == 0) pod["spec"]["volumes"] = json::array({{{"name", "data"}}});
    return pod;
  }
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

 private:
  json containers() {
    json list = json::array();
    for (unsigned i = 1 + below(4); i > 0; --i) {
      json container = {{"name", "c" + std::to_string(i)}};
      if (below(4) != 0) container["env"] = json::array();
      static constexpr const char* kNames[] = {"http_proxy", "HTTP_PROXY", "NO_PROXY", "A", "B"};
      for (unsigned n = container.contains("env") ? below(5) : 0; n > 0; --n) {
        json entry = {{"name", kNames[below(5)]}};
        if (below(3) != 0) entry["value"] = "v" + std::to_string(below(9));
        container["env"].push_back(entry);
      }
      list.push_back(container);
    }
    return list;
  }
  std::mt19937 random_{20260821};
};

TEST(PodInjection, PatchesRandomPodsAsDefinedAndChangesNothingTheSecondTime) {
  RandomPods pods;
  for (int i = 0; i < 2000; ++i) {
    const json pod = pods.next();
    PodInjection injection = two_variables();
    injection.variables.push_back({"NO_PROXY", "localhost"});
    injection.init_containers = pods.below(2) == 0;
    const json once = patched(pod, injection);
    ASSERT_EQ(once, rebuilt(pod, injection)) << pod;
    injection.ca = with_ca().ca;
    const json both = patched(pod, injection);
    ASSERT_EQ(patched(both, injection), both) << pod;
  }
}

TEST(PodInjection, NamesTheApiServerToPodsThatAskForIt) {
  PodInjection injection = two_variables();
  injection.service_host = "demo.hcp.westeurope.azmk8s.io";
  json pod = json::parse(R"({"spec": {"containers": [{"name": "a"}]}})");
  EXPECT_EQ(names(patched(pod, injection)["spec"]["containers"][0]),
            (Names{"http_proxy", "HTTP_PROXY"}));
  pod["metadata"]["annotations"][kServiceHostAnnotation] = "";
  const json container = patched(pod, injection)["spec"]["containers"][0];
  EXPECT_EQ(names(container), (Names{"http_proxy", "HTTP_PROXY", "KUBERNETES_SERVICE_HOST"}));
  EXPECT_EQ(container["env"][2]["value"], "demo.hcp.westeurope.azmk8s.io");
  pod["spec"]["containers"][0]["env"] = {{{"name", "KUBERNETES_SERVICE_HOST"}, {"value", "own"}}};
  EXPECT_EQ(patched(pod, injection)["spec"]["containers"][0]["env"][2]["value"], "own");
}

}  // namespace
}  // namespace aks
