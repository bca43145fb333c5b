#include "check/witness.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace check {
namespace {

// 2026-01-02T03:04:05Z
const base::WallTime kBegan{std::chrono::seconds(1767323045)};

class WitnessTest : public testing::Test {
 protected:
  ~WitnessTest() override { std::remove(path_.c_str()); }
  void write(const std::string& text) { std::ofstream(path_) << text; }
  static ProbeResult passed(const std::string& host, aks::Route route = aks::Route::kDirect) {
    ProbeResult result;
    result.probe.host = host;
    result.probe.route = route;
    result.verdict = Verdict::kPass;
    return result;
  }
  // One file a test: ctest runs them beside each other.
  std::string path_ = testing::TempDir() + "witness-" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
                      std::to_string(::getpid()) + ".json";
};

// Its destination is asked for through the proxy, too.
TEST_F(WitnessTest, SaysNothingOfAProbeThatFindsADestinationClosed) {
  write("{\"target\":\"api.example:443\"}\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness) << witness.error().detail;
  ProbeResult result = passed("api.example");
  result.probe.wanted = Wanted::kClosed;
  witness->testify(result);
  EXPECT_EQ(result.verdict, Verdict::kPass) << result.reason;
}

TEST_F(WitnessTest, FailsADirectProbeWhoseHostIsInTheLog) {
  write(
      "{\"target\":\"api.example:443\"}\n{\"target\":\"http://10.0.0.1:80/"
      "x\"}\n{\"target\":\"[fd00::1]:443\"}\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness) << witness.error().detail;
  for (const char* host : {"api.example", "10.0.0.1", "fd00::1"}) {
    ProbeResult result = passed(host);
    witness->testify(result);
    EXPECT_EQ(result.verdict, Verdict::kFail) << host;
    EXPECT_EQ(result.proxy_saw, ProxySaw::kYes) << host;
    EXPECT_FALSE(result.next_step.empty()) << host;
  }
}

TEST_F(WitnessTest, ConfirmsADirectProbeThatTheLogDoesNotKnow) {
  write("{\"target\":\"other.example:443\"}\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness);
  ProbeResult result = passed("api.example");
  witness->testify(result);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.proxy_saw, ProxySaw::kNo);
}

TEST_F(WitnessTest, TellsWhyATunnelWasNotInspectedAndWhoRejectedTheCertificate) {
  write(R"({"method":"CONNECT","target":"api.example:443","inspection":"api-server"})"
        "\n"
        R"({"method":"CONNECT","target":"pinned.example:443","client":"10.0.0.7:4711",)"
        R"("inspection":"inspected","fault":"client","detail":"unknown CA"})"
        "\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness) << witness.error().detail;
  ProbeResult api = passed("api.example", aks::Route::kProxy);
  witness->testify(api);
  EXPECT_EQ(api.exemption, "api-server");
  ProbeResult pinned = passed("pinned.example", aks::Route::kProxy);
  pinned.verdict = Verdict::kFail;
  pinned.failed_in = Phase::kTls;
  witness->testify(pinned);
  EXPECT_EQ(pinned.exemption, "");
  EXPECT_NE(pinned.reason.find("client 10.0.0.7: unknown CA"), std::string::npos) << pinned.reason;
}

TEST_F(WitnessTest, HasNothingToSayAboutProbesThroughTheProxy) {
  write("{\"target\":\"mcr.example:443\"}\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness);
  ProbeResult result = passed("mcr.example", aks::Route::kProxy);
  witness->testify(result);
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.proxy_saw, ProxySaw::kUnknown);
}

TEST_F(WitnessTest, RefusesALogThatIsNoJsonAndNamesTheLine) {
  write("{\"target\":\"a:1\"}\n1700000000.123 TCP_TUNNEL/200\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_FALSE(witness);
  EXPECT_NE(witness.error().detail.find(":2 "), std::string::npos) << witness.error().detail;
  EXPECT_NE(witness.error().detail.find("access_log.format"), std::string::npos);
}

TEST_F(WitnessTest, IgnoresWhatHappenedBeforeTheCheck) {
  write(
      "{\"time\":\"2026-01-02T03:04:04.999Z\",\"target\":\"before.example:443\"}\n"
      "{\"time\":\"2026-01-02T03:04:05.001Z\",\"target\":\"during.example:443\"}\n");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness);
  EXPECT_EQ(witness->saw(passed("before.example").probe), ProxySaw::kNo);
  EXPECT_EQ(witness->saw(passed("during.example").probe), ProxySaw::kYes);
}

TEST_F(WitnessTest, LeavesALineOutThatIsStillBeingWritten) {
  write("{\"target\":\"a.example:443\"}\n{\"target\":\"b.exa");
  const auto witness = Witness::from_access_log(path_, kBegan);
  ASSERT_TRUE(witness) << witness.error().detail;
  EXPECT_EQ(witness->saw(passed("a.example").probe), ProxySaw::kYes);
}

TEST_F(WitnessTest, SaysWhenTheLogCannotBeRead) {
  const auto witness = Witness::from_access_log(path_ + ".missing", kBegan);
  ASSERT_FALSE(witness);
  EXPECT_EQ(witness.error().code, base::ErrorCode::kIo);
}

}  // namespace
}  // namespace check
