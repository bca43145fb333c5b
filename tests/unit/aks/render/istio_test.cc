#include "aks/render/istio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings) out.push_back(finding.rule);
  return out;
}

json service_entry(const std::string& config, const IstioOptions& options,
                   std::vector<Finding>& findings) {
  const auto text = istio_service_entries(parse(config), options, Format::kJson, findings);
  return text ? json::parse(*text) : json();
}

TEST(Istio, TakesTheAddressOfAProxyGivenByAddress) {
  std::vector<Finding> findings;
  const json entry = service_entry(R"({"httpProxy": "http://10.1.0.4:3128"})", {}, findings);
  EXPECT_THAT(findings, IsEmpty());
  EXPECT_EQ(entry["apiVersion"], "networking.istio.io/v1");
  EXPECT_EQ(entry["kind"], "ServiceEntry");
  EXPECT_EQ(entry["spec"], json::parse(R"({"hosts": ["http-proxy.invalid"],
      "addresses": ["10.1.0.4/32"], "ports": [{"number": 3128, "name": "tcp-3128", "protocol": "TCP"}],
      "location": "MESH_EXTERNAL", "resolution": "NONE"})"));
}

TEST(Istio, WarnsOfANamedProxyWithoutAnAddress) {
  std::vector<Finding> findings;
  const json entry = service_entry(R"({"httpProxy": "http://p.example:3128"})", {}, findings);
  EXPECT_THAT(rules(findings), ElementsAre("istio-address"));
  EXPECT_EQ(entry["spec"]["hosts"], json({"p.example"}));
  EXPECT_EQ(entry["spec"]["resolution"], "DNS");
  EXPECT_FALSE(entry["spec"].contains("addresses"));
}

TEST(Istio, PutsBothPortsOfOneHostIntoOneEntry) {
  std::vector<Finding> findings;
  const json entry = service_entry(
      R"({"httpProxy": "http://p.example:3128", "httpsProxy": "https://p.example:3129"})",
      {base::IpAddress::parse("2001:db8::1"), "mesh"}, findings);
  EXPECT_THAT(findings, IsEmpty());
  EXPECT_EQ(entry["metadata"]["namespace"], "mesh");
  EXPECT_EQ(entry["spec"]["addresses"], json({"2001:db8::1/128"}));
  ASSERT_EQ(entry["spec"]["ports"].size(), 2U);
  EXPECT_EQ(entry["spec"]["ports"][1]["number"], 3129);
}

TEST(Istio, MakesAnEntryForEachHostAndRefusesOneAddressForTwo) {
  const char* const config =
      R"({"httpProxy": "http://a.example:3128", "httpsProxy": "https://b.example:3128"})";
  std::vector<Finding> findings;
  const json list = service_entry(config, {}, findings);
  ASSERT_EQ(list["items"].size(), 2U);
  EXPECT_EQ(list["items"][1]["metadata"]["name"], "https-proxy");
  EXPECT_FALSE(has_errors(findings));
  EXPECT_TRUE(service_entry(config, {base::IpAddress::parse("10.1.0.4"), ""}, findings).is_null());
  EXPECT_TRUE(has_errors(findings));
}

TEST(Istio, AnnotationKeepsEachPortOutOnce) {
  const json patch = json::parse(istio_annotation(example(), Format::kJson));
  EXPECT_EQ(patch["spec"]["template"]["metadata"]["annotations"],
            json::parse(R"({"traffic.sidecar.istio.io/excludeOutboundPorts": "3128,3129"})"));
}

}  // namespace
}  // namespace aks::render
