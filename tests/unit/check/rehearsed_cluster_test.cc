#include "check/simulation/rehearsed_cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace check {
namespace {

using ::testing::ElementsAre;

aks::HttpProxyConfig config(const char* entry) {
  aks::HttpProxyConfig out;
  out.no_proxy = {entry};
  return out;
}

aks::Step step(aks::StepKind kind, const char* pool = "") {
  return {kind, "", {}, pool, std::nullopt, aks::Shows::kNew};
}

aks::Step apply(const char* entry) {
  aks::Step out = step(aks::StepKind::kApply);
  out.config = config(entry);
  return out;
}

// What node, pod, DaemonSet pod and newest pod of each pool have.
std::vector<std::string> variables(const RehearsedCluster& cluster) {
  std::vector<std::string> out;
  for (const Actor& actor : cluster.actors()) out.push_back(actor.variables.no_proxy.front());
  return out;
}

TEST(RehearsedCluster, GivesNewVariablesToTheNewestPodsAtOnce) {
  RehearsedCluster cluster(config("old"), {"a"});
  cluster.take(apply("new"));
  EXPECT_THAT(variables(cluster), ElementsAre("old", "old", "old", "new"));
}

TEST(RehearsedCluster, ReimagesOnePoolWithoutTouchingDaemonSets) {
  RehearsedCluster cluster(config("old"), {"a", "b"});
  cluster.take(apply("new"));
  cluster.take(step(aks::StepKind::kReimage, "a"));
  EXPECT_THAT(variables(cluster),
              ElementsAre("new", "new", "old", "new", "old", "old", "old", "new"));
}

TEST(RehearsedCluster, RecreatesPodsWithoutTouchingNodes) {
  RehearsedCluster cluster(config("old"), {"a"});
  cluster.take(apply("new"));
  cluster.take(step(aks::StepKind::kRecreatePods));
  EXPECT_THAT(variables(cluster), ElementsAre("old", "new", "new", "new"));
}

}  // namespace
}  // namespace check
