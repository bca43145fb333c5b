#include "check/live.h"

#include "base/version.h"
#include "check/inspection.h"
#include "check/runner.h"
#include "check/witness.h"
#include "tls/bundle.h"
#include "tls/trust.h"

namespace check {
namespace {

struct Trusts {
  std::shared_ptr<const tls::ClientContext> endpoints;
  std::shared_ptr<const tls::ClientContext> cluster;
  std::vector<std::string> trusted_ca_subjects;
};

base::Result<tls::TrustStore> public_roots(const std::string& file) {
  if (file.empty()) return tls::TrustStore::system();
  tls::TrustStore roots;
  const auto added = roots.add_path(file);
  if (!added) return base::fail(added.error());
  return roots;
}

base::Result<Trusts> make_trusts(const LiveOptions& options) {
  Trusts out;
  auto roots = public_roots(options.roots_file);
  if (!roots) return base::fail(roots.error());
  if (!options.config.trusted_ca_pem.empty()) {
    const auto certificates = tls::parse_bundle(options.config.trusted_ca_pem);
    if (!certificates) return base::fail(certificates.error());
    for (const tls::Certificate& certificate : *certificates) {
      roots->add(certificate);
      out.trusted_ca_subjects.push_back(certificate.facts().subject);
    }
  }
  auto endpoints = tls::ClientContext::make(*roots);
  if (!endpoints) return base::fail(endpoints.error());
  out.endpoints = std::move(*endpoints);
  if (options.cluster_ca_file.empty()) return out;
  tls::TrustStore cluster_roots;
  const auto added = cluster_roots.add_path(options.cluster_ca_file);
  if (!added) return base::fail(added.error());
  auto cluster = tls::ClientContext::make(cluster_roots);
  if (!cluster) return base::fail(cluster.error());
  out.cluster = std::move(*cluster);
  return out;
}

std::string text_of(const std::optional<aks::ProxyUrl>& url) { return url ? url->to_string() : ""; }

}  // namespace

base::Result<LivePlan> plan_live(const LiveOptions& options) {
  const auto catalogue = aks::Catalogue::embedded();
  if (!catalogue) return base::fail(catalogue.error());
  auto plan = make_plan(*catalogue, options.config, options.cluster, options.plan);
  if (!plan) return base::fail(plan.error());
  Report report;
  report.version = base::version();
  report.inspecting = options.inspecting;
  report.started = base::wall_now();
  report.http_proxy = text_of(options.config.http_proxy);
  report.https_proxy = text_of(options.config.https_proxy);
  report.cloud = aks::token_of(options.plan.query.cloud);
  report.region = options.cluster.region;
  report.fqdn = options.cluster.fqdn;
  report.addons = options.plan.query.addons;
  report.catalogue = catalogue->provenance().document + ", " + catalogue->provenance().date;
  report.findings = options.findings;
  report.no_proxy = plan->no_proxy;
  report.notes = plan->notes;
  return LivePlan{std::move(*plan), std::move(report)};
}

base::Result<Report> check_live(const LiveOptions& options) {
  const base::Instant began = base::steady_now();
  auto planned = plan_live(options);
  if (!planned) return base::fail(planned.error());
  const auto trusts = make_trusts(options);
  if (!trusts) return base::fail(trusts.error());
  const std::vector<Probe>& probes = planned->plan.probes;
  Report report = std::move(planned->report);

  net::Loop loop;
  ProbeContext context{loop, trusts->endpoints, trusts->trusted_ca_subjects, trusts->cluster};
  context.timeout = options.timeout;
  if (options.planned) options.planned(probes.size());
  report.results = run_probes(context, probes, options.at_once, options.each);
  if (!options.proxy_log.empty()) {
    const auto witness = Witness::from_access_log(options.proxy_log, report.started);
    if (!witness) return base::fail(witness.error());
    for (ProbeResult& result : report.results) witness->testify(result);
  }
  if (options.inspecting == Inspecting::kExpected) {
    for (ProbeResult& result : report.results) expect_inspection(result);
  }
  report.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(base::steady_now() - began);
  return report;
}

}  // namespace check
