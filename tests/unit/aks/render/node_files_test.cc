#include "aks/render/node_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/render/examples.h"

namespace aks::render {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string shape(const NodeFile& file) {
  return file.path + " " + (file.mode.empty() ? "as-found" : file.mode) + " " +
         (file.ownership == Ownership::kLines ? "lines" : "file");
}

std::vector<std::string> shapes(const std::vector<NodeFile>& files) {
  std::vector<std::string> out;
  for (const NodeFile& file : files) out.push_back(shape(file));
  return out;
}

TEST(NodeFiles, ComeInTheOrderAndWithTheModesOfAks) {
  const auto files = node_files(values_of(example(), example_facts()), Distro::kUbuntu);
  EXPECT_THAT(
      shapes(files),
      ElementsAre("/usr/local/share/ca-certificates/proxyCA.crt as-found file",
                  "/etc/environment as-found lines", "/etc/apt/apt.conf.d/95proxy 0644 lines",
                  "/etc/systemd/system.conf.d/proxy.conf 0644 lines",
                  "/etc/systemd/system/kubelet.service.d/10-httpproxy.conf as-found file"));
}

TEST(NodeFiles, HoldAksBytes) {
  const auto files = node_files({"http://p:1/", "https://p:2", "a,10.0.0.0/8", encode_base64(kPem)},
                                Distro::kUbuntu);
  ASSERT_EQ(files.size(), 5U);
  EXPECT_EQ(files[0].content, kPem);
  EXPECT_EQ(files[1].content,
            "HTTP_PROXY=http://p:1/\nhttp_proxy=http://p:1/\nHTTPS_PROXY=https://p:2\n"
            "https_proxy=https://p:2\nNO_PROXY=a,10.0.0.0/8\nno_proxy=a,10.0.0.0/8\n");
  EXPECT_EQ(files[2].content,
            "Acquire::http::proxy \"http://p:1/\";\nAcquire::https::proxy \"https://p:2\";\n");
  EXPECT_EQ(files[3].content,
            "[Manager]\n"
            "DefaultEnvironment=\"HTTP_PROXY=http://p:1/\"\n"
            "DefaultEnvironment=\"http_proxy=http://p:1/\"\n"
            "DefaultEnvironment=\"HTTPS_PROXY=https://p:2\"\n"
            "DefaultEnvironment=\"https_proxy=https://p:2\"\n"
            "DefaultEnvironment=\"NO_PROXY=a,10.0.0.0/8\"\n"
            "DefaultEnvironment=\"no_proxy=a,10.0.0.0/8\"\n");
  EXPECT_EQ(files[4].content, "[Service]\nEnvironmentFile=/etc/environment\n");
}

TEST(NodeFiles, KeepTheOctetsOfACaThatHasNoNewlineAtItsEnd) {
  std::string pem = kPem;
  pem.pop_back();
  EXPECT_EQ(node_files({"http://p:1", "", "", encode_base64(pem)}, Distro::kUbuntu)[0].content,
            pem);
}

TEST(NodeFiles, LeaveOutWhatHasNoValue) {
  const auto files = node_files({"", "https://p:2", "a", ""}, Distro::kUbuntu);
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].content,
            "HTTPS_PROXY=https://p:2\nhttps_proxy=https://p:2\nNO_PROXY=a\nno_proxy=a\n");
  EXPECT_EQ(files[1].content, "Acquire::https::proxy \"https://p:2\";\n");
}

TEST(NodeFiles, AreNoneWithoutAProxyEvenWithACa) {
  EXPECT_THAT(node_files({"", "", "a", encode_base64(kPem)}, Distro::kUbuntu), IsEmpty());
}

TEST(NodeFiles, PutTheCaWhereTheDistributionLooks) {
  const auto place = [](Distro distro) {
    return std::string(ca_store(distro).path) + " " + std::string(ca_store(distro).command);
  };
  EXPECT_EQ(place(Distro::kUbuntu),
            "/usr/local/share/ca-certificates/proxyCA.crt update-ca-certificates");
  EXPECT_EQ(place(Distro::kAzureLinux),
            "/usr/share/pki/ca-trust-source/anchors/proxyCA.crt update-ca-trust");
  EXPECT_EQ(place(Distro::kAzureLinuxOsGuard),
            "/etc/pki/ca-trust/source/anchors/proxyCA.crt update-ca-trust");
  EXPECT_EQ(place(Distro::kFlatcar), "/etc/ssl/certs/proxyCA.pem update-ca-certificates");
}

TEST(NodeFiles, KnowTheirDistributionsByName) {
  for (const char* token : {"ubuntu", "azurelinux", "azurelinux-osguard", "flatcar"}) {
    ASSERT_TRUE(parse_distro(token)) << token;
    EXPECT_EQ(token_of(*parse_distro(token)), token);
  }
  EXPECT_EQ(parse_distro("Ubuntu"), Distro::kUbuntu);
  EXPECT_EQ(parse_distro("Mariner"), Distro::kAzureLinux);
  EXPECT_EQ(parse_distro("ACL"), Distro::kAzureLinuxOsGuard);
  EXPECT_FALSE(parse_distro("debian"));
  EXPECT_FALSE(parse_distro(""));
}

TEST(NodeFiles, AreWrittenUnquotedLikeAksDoesAndThatIsSaid) {
  const struct {
    char special;
    std::vector<std::string> readers;
  } kCases[] = {
      {'"', {"/etc/environment", "95proxy", "proxy.conf", "PROXY_VARS"}},
      {'\\', {"/etc/environment", "95proxy", "proxy.conf", "PROXY_VARS"}},
      {'%', {"proxy.conf"}},
      {'$', {"PROXY_VARS"}},
      {'`', {"PROXY_VARS"}},
      {'\'', {"/etc/environment"}},
      {'#', {"/etc/environment"}},
      {'/', {}},
  };
  for (const auto& [special, readers] : kCases) {
    const std::string url = std::string("http://p:1/") + special;
    std::vector<Finding> findings;
    lint_node_values({url, url, "a", ""}, findings);
    ASSERT_EQ(findings.size(), readers.size()) << special;
    for (size_t i = 0; i < readers.size(); ++i) {
      EXPECT_THAT(findings[i].message, HasSubstr(readers[i])) << special;
      EXPECT_EQ(findings[i].severity, Severity::kWarning);
    }
    EXPECT_THAT(node_files({url, "", "", ""}, Distro::kUbuntu)[0].content,
                HasSubstr("HTTP_PROXY=" + url + "\n"));
  }
}

TEST(NodeFiles, SayThatOnlyUbuntuHasApt) {
  for (const auto& [distro, count] :
       {std::pair(Distro::kUbuntu, 0U), std::pair(Distro::kAzureLinux, 1U),
        std::pair(Distro::kFlatcar, 1U)}) {
    std::vector<Finding> findings;
    lint_node_files({"http://p:1", "", "", ""}, distro, findings);
    EXPECT_EQ(findings.size(), count);
  }
}

}  // namespace
}  // namespace aks::render
