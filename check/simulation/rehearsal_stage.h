// The proxies, the internet and the cluster's own servers of a rehearsal: real servers on loopback.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aks/update_plan.h"
#include "base/result.h"
#include "check/simulation/rehearsal.h"
#include "check/simulation/rehearsed_cluster.h"
#include "check/simulation/world.h"
#include "net/loop.h"
#include "proxy/server.h"
#include "tls/client.h"

namespace check {

inline constexpr const char* kRehearsedRegistry = "mcr.microsoft.com";
inline constexpr const char* kRehearsedApiServer = "rehearsal-1a2b3c4d.hcp.westeurope.azmk8s.io";

class RehearsalStage {
 public:
  // `plan` outlives the stage. Clients will ask for `hosts`: all but the registry are the cluster's
  // own or its neighbours', and answer directly; through a proxy all answer but the API server and
  // names of services.
  RehearsalStage(const aks::UpdatePlan& plan, std::vector<std::string> hosts)
      : plan_(plan), hosts_(std::move(hosts)) {}

  // Starts the servers, and the proxy that is in use before the update.
  base::Result<void> build();

  // What the step does to the proxies; nothing for steps that are about the cluster.
  base::Result<void> take(const aks::Step& step);

  // Sends the actor's requests, one for each host, with its variables and certificates.
  base::Result<std::vector<Fate>> ask(const Actor& actor);

 private:
  // One proxy and what is behind it. An inspecting proxy is modelled by its own root: everything
  // that is reached through it has a certificate of that root.
  struct Side {
    std::unique_ptr<World> world;
    std::unique_ptr<proxy::Server> server;  // nullptr: not there (yet, any more)
    aks::CertificateSet signers;            // who must be trusted; none: nobody inspects
  };

  std::vector<std::string> through_proxy() const;
  base::Result<void> bring_up(Side& side);
  base::Result<std::shared_ptr<const tls::ClientContext>> trust_of(const Actor& actor) const;
  bool is_egress_open() const;
  Probe probe(const aks::HttpProxyConfig& variables, const std::string& host,
              std::map<std::string, base::Endpoint>& overrides, std::string& way);

  const aks::UpdatePlan& plan_;
  std::vector<std::string> hosts_;
  net::Loop loop_;
  proxy::Observatory nobody_;  // looks on
  Side before_, after_;
  std::unique_ptr<World> cluster_;
  std::map<std::string, Side*> serving_;  // by the URL that clients have
};

}  // namespace check
