#include "aks/update_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

HttpProxyConfig with(std::vector<std::string> no_proxy) {
  HttpProxyConfig out;
  out.no_proxy = std::move(no_proxy);
  return out;
}

std::optional<ProxyUrl> url(const char* text) {
  std::vector<Finding> ignored;
  return parse_proxy_url(text, ProxyUrlUse::kHttpsProxy, "$", ignored);
}

TEST(Changes, CompareEntriesByWhatTheyMean) {
  const Changes changes =
      compare(with({"A.example.", "10.1.0.0/8", "b"}), with({"10.0.0.0/8", "a.example", "c"}));
  EXPECT_THAT(changes.no_proxy_in, ElementsAre("c"));
  EXPECT_THAT(changes.no_proxy_out, ElementsAre("b"));
  EXPECT_THAT(changes.fields, ElementsAre("noProxy"));
}

TEST(Changes, NameAFieldWhoseOrderAloneDiffers) {
  const Changes changes = compare(with({"a", "b"}), with({"b", "a"}));
  EXPECT_THAT(changes.fields, ElementsAre("noProxy"));
  EXPECT_THAT(changes.no_proxy_in, IsEmpty());
}

TEST(Changes, TellWhichProxiesComeAndGo) {
  HttpProxyConfig before;
  before.http_proxy = url("http://a.example:1");
  before.https_proxy = url("http://b.example:1");
  HttpProxyConfig after = before;
  after.https_proxy = url("https://b.example:1/");
  const Changes changes = compare(before, after);
  EXPECT_THAT(changes.proxies_in, ElementsAre("https://b.example:1"));
  EXPECT_THAT(changes.proxies_out, ElementsAre("http://b.example:1"));
  after.enabled = false;
  EXPECT_THAT(proxies_of(after), IsEmpty());
  EXPECT_THAT(compare(before, after).proxies_out,
              ElementsAre("http://a.example:1", "http://b.example:1"));
}

}  // namespace
}  // namespace aks
