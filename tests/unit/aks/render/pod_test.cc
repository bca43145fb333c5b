#include "aks/render/pod.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace aks::render {
namespace {

using nlohmann::json;

TEST(Pod, GetsSixVariablesThatKubernetesLeavesAlone) {
  const json env =
      json::parse(pod_env({"http://p:1/$(HOME)", "https://p:2", "a,b", ""}, Format::kJson));
  ASSERT_EQ(env.size(), 6U);
  EXPECT_EQ(env[0], (json{{"name", "HTTP_PROXY"}, {"value", "http://p:1/$$(HOME)"}}));
  EXPECT_EQ(env[5], (json{{"name", "no_proxy"}, {"value", "a,b"}}));
  EXPECT_EQ(pod_env({}, Format::kYaml), "[]\n");
}

}  // namespace
}  // namespace aks::render
