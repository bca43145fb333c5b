// Whether a check tells a destination that answers without the proxy from one that does not.
#include <gtest/gtest.h>

#include "check/runner.h"
#include "check/simulation/world.h"
#include "http1/small_server.h"
#include "tls/client.h"
#include "tls/trust.h"

namespace check {
namespace {

constexpr const char* kName = "mcr.microsoft.com";

class Closed : public testing::Test {
 protected:
  void SetUp() override {
    WorldSpec spec;
    spec.public_names = {kName};
    spec.cluster_names = {"demo.hcp.westeurope.azmk8s.io"};
    world_ = World::start(spec).value();
  }

  ProbeResult run(ProbeKind kind, base::Endpoint where, const tls::Authority& trusted) {
    Probe probe;
    probe.kind = kind;
    probe.route = aks::Route::kDirect;
    probe.wanted = Wanted::kClosed;
    probe.host = kName;
    probe.port = kind == ProbeKind::kDirectTls ? 443 : 80;
    tls::TrustStore roots;
    roots.add(trusted.certificate());
    net::Loop loop;
    ProbeContext context{loop, tls::ClientContext::make(roots).value()};
    context.overrides[probe.host + ":" + std::to_string(probe.port)] = where;
    return run_probes(context, {probe}, 1, [](const ProbeResult&) {}).front();
  }

  std::unique_ptr<World> world_;
};

TEST_F(Closed, FailsWhenTheDestinationItselfAnswers) {
  const ProbeResult tls = run(ProbeKind::kDirectTls, world_->public_tls(), world_->public_root());
  EXPECT_EQ(tls.verdict, Verdict::kFail) << tls.reason;
  EXPECT_NE(tls.next_step.find("Close direct egress to mcr.microsoft.com on port 443"),
            std::string::npos)
      << tls.next_step;
  const ProbeResult http =
      run(ProbeKind::kDirectHttp, world_->public_http(), world_->public_root());
  EXPECT_EQ(http.verdict, Verdict::kFail) << http.reason;
}

TEST_F(Closed, PassesWhenNothingAnswers) {
  const base::Endpoint nobody{base::IpAddress::v4({127, 0, 0, 1}), 9};
  const ProbeResult refused = run(ProbeKind::kDirectTls, nobody, world_->public_root());
  EXPECT_EQ(refused.verdict, Verdict::kPass) << refused.reason;
  EXPECT_NE(refused.reason.find("closed: "), std::string::npos) << refused.reason;
  EXPECT_NE(refused.reason.find("ECONNREFUSED"), std::string::npos) << refused.reason;
}

TEST_F(Closed, WarnsOfACertificateOfSomebodyElse) {
  const ProbeResult other =
      run(ProbeKind::kDirectTls, world_->public_tls(), world_->cluster_root());
  EXPECT_EQ(other.verdict, Verdict::kWarn) << other.reason;
  EXPECT_NE(other.next_step.find("Find out what takes direct connections"), std::string::npos);
}

// A filter on the way that has the same page for everything.
class Filter final : public http1::Site {
 public:
  explicit Filter(int status) : status_(status) {}

 private:
  std::optional<http::Reply> at_once(const http1::Request& /*request*/) override {
    return http1::make_reply(status_, "Blocked by policy\n", "text/plain");
  }
  http::Reply answer(const http1::Request& /*request*/) override { return refuse(500, ""); }
  http::Reply refuse(int status, std::string_view /*sentence*/) override {
    return http1::make_reply(status, "Blocked by policy\n", "text/plain");
  }
  int status_;
};

TEST_F(Closed, PassesWhenAFilterRefuses) {
  for (const auto& [status, verdict] :
       {std::pair{403, Verdict::kPass}, {451, Verdict::kPass}, {404, Verdict::kFail}}) {
    Filter site(status);
    http1::ServerOptions options;
    options.listen = {base::IpAddress::v4({127, 0, 0, 1}), 0};
    const auto filter = http1::SmallServer::start(options, site).value();
    const ProbeResult result =
        run(ProbeKind::kDirectHttp, filter->endpoint(), world_->public_root());
    EXPECT_EQ(result.verdict, verdict) << status << ": " << result.reason;
  }
}

TEST_F(Closed, PlansEachRequiredEndpointOnceMore) {
  const auto catalogue = aks::Catalogue::embedded();
  auto parsed = aks::parse_http_proxy_config(R"({"httpProxy": "http://proxy.example:3128/",
                                                 "httpsProxy": "http://proxy.example:3128/"})");
  PlanOptions options;
  options.query.region = "westeurope";
  const auto open = make_plan(*catalogue, *parsed.config, {}, options);
  options.egress = Egress::kMustBeClosed;
  const auto shut = make_plan(*catalogue, *parsed.config, {}, options);
  ASSERT_TRUE(open && shut);
  size_t through = 0;
  for (const Probe& probe : open->probes) {
    const bool counts = probe.route == aks::Route::kProxy && probe.kind != ProbeKind::kSkipped &&
                        probe.weight == Weight::kRequired;
    through += counts ? 1U : 0U;
  }
  EXPECT_GT(through, 3U);
  EXPECT_EQ(shut->probes.size(), open->probes.size() + through);
  for (const Probe& probe : shut->probes) {
    if (probe.wanted == Wanted::kReached) continue;
    EXPECT_FALSE(probe.proxy) << probe.name;
    EXPECT_TRUE(probe.name.starts_with("closed: ")) << probe.name;
  }
}

}  // namespace
}  // namespace check
