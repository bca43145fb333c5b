// What answers in place of the platform or of an API server is told from them.
#include <gtest/gtest.h>

#include "check/runner.h"
#include "check/simulation/world.h"
#include "http1/small_server.h"
#include "tls/client.h"
#include "tls/trust.h"

namespace check {
namespace {

constexpr const char* kName = "mcr.microsoft.com";

class WhoAnswers : public testing::Test {
 protected:
  void SetUp() override {
    WorldSpec spec;
    spec.public_names = {kName};
    spec.cluster_names = {"demo.hcp.westeurope.azmk8s.io"};
    world_ = World::start(spec).value();
  }

  ProbeResult run(Probe probe, base::Endpoint where, const tls::Authority& trusted) {
    tls::TrustStore roots;
    roots.add(trusted.certificate());
    net::Loop loop;
    ProbeContext context{loop, tls::ClientContext::make(roots).value()};
    context.overrides[probe.host + ":" + std::to_string(probe.port)] = where;
    return run_probes(context, {probe}, 1, [](const ProbeResult&) {}).front();
  }

  static Probe direct(ProbeKind kind, std::uint16_t port) {
    Probe probe;
    probe.kind = kind;
    probe.route = aks::Route::kDirect;
    probe.host = kName;
    probe.port = port;
    return probe;
  }

  std::unique_ptr<World> world_;
};

// A page of 403 by whatever stands between is no answer of the platform.
TEST_F(WhoAnswers, PlatformAddressesHaveToAnswerAsThePlatformDoes) {
  const ProbeResult served = [&] {
    Probe probe = direct(ProbeKind::kDirectHttp, 80);
    probe.host = "169.254.169.254";
    return run(probe, world_->platform_http(), world_->public_root());
  }();
  EXPECT_EQ(served.verdict, Verdict::kPass) << served.reason;
}

// Something on the way that has the same page for everything.
class Middlebox final : public http1::Site {
  std::optional<http::Reply> at_once(const http1::Request& /*request*/) override {
    return http1::make_reply(403, "Blocked by policy\n", "text/plain");
  }
  http::Reply answer(const http1::Request& /*request*/) override { return refuse(500, ""); }
  http::Reply refuse(int status, std::string_view /*sentence*/) override {
    return http1::make_reply(status, "Blocked by policy\n", "text/plain");
  }
};

TEST_F(WhoAnswers, APageOfAMiddleboxIsNoAnswerOfThePlatform) {
  Middlebox site;
  http1::ServerOptions options;
  options.listen = {base::IpAddress::v4({127, 0, 0, 1}), 0};
  const auto middlebox = http1::SmallServer::start(options, site).value();
  for (const char* host : {"169.254.169.254", "168.63.129.16"}) {
    Probe probe = direct(ProbeKind::kDirectHttp, 80);
    probe.host = host;
    const ProbeResult result = run(probe, middlebox->endpoint(), world_->public_root());
    EXPECT_EQ(result.verdict, Verdict::kFail) << result.reason;
    EXPECT_NE(result.reason.find("answers in its place: Blocked by policy"), std::string::npos)
        << result.reason;
  }
}

TEST_F(WhoAnswers, AnApiServerNamesTheKubernetesService) {
  Probe probe = direct(ProbeKind::kDirectTls, 443);
  probe.trust = Trust::kClusterCa;
  probe.host = "10.0.0.1";
  // Without the cluster's CA the chain is not judged, and so anybody's would do.
  const ProbeResult other = run(probe, world_->public_tls(), world_->public_root());
  EXPECT_EQ(other.verdict, Verdict::kFail) << other.reason;
  EXPECT_NE(other.reason.find("does not name kubernetes.default"), std::string::npos);
  const ProbeResult own = run(probe, world_->cluster_tls(), world_->public_root());
  EXPECT_EQ(own.verdict, Verdict::kPass) << own.reason;
}

}  // namespace
}  // namespace check
