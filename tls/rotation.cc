#include "tls/rotation.h"

#include <algorithm>
#include <memory>
#include <span>

#include "net/memory_wire.h"
#include "tls/client.h"
#include "tls/leaf_issuer.h"
#include "tls/leaf_server.h"

namespace tls {
namespace {

using Progress = TlsStream::Progress;

struct State {
  Trusted trusted;
  Signer signer;
};

// Whether a step is over only when every client has taken it: nodes reimaged, pods and services
// restarted, since most read their roots once.
enum class Waiting : std::uint8_t { kForAllClients, kForNobody };

struct Plan {
  const char* name;
  Waiting waiting;
  std::vector<State> states;
};

std::vector<Plan> plans() {
  constexpr State kStart{Trusted::kOld, Signer::kOld};
  constexpr State kGiven{Trusted::kBoth, Signer::kOld};
  constexpr State kSwitched{Trusted::kBoth, Signer::kNew};
  constexpr State kEnd{Trusted::kNew, Signer::kNew};
  return {
      {"in order", Waiting::kForAllClients, {kStart, kGiven, kSwitched, kEnd}},
      {"in order, without waiting for clients to restart",
       Waiting::kForNobody,
       {kStart, kGiven, kSwitched, kEnd}},
      {"signing before clients trust the new CA",
       Waiting::kForAllClients,
       {kStart, {Trusted::kOld, Signer::kNew}, kSwitched, kEnd}},
      {"withdrawing the old CA while it signs",
       Waiting::kForAllClients,
       {kStart, kGiven, {Trusted::kNew, Signer::kOld}, kEnd}},
      {"all at once", Waiting::kForAllClients, {kStart, kEnd}},
  };
}

std::string what(const State& from, const State& to) {
  std::string text;
  if (from.trusted != to.trusted) {
    text = to.trusted == Trusted::kBoth ? "clients trust both" : "clients trust the new CA alone";
  }
  if (from.signer != to.signer) {
    if (!text.empty()) text += ", ";
    text += "the new CA signs";
  }
  return text;
}

Fault handshake_fault(const ClientContext& client_context, const LeafServer& server,
                      const Leaf& leaf) {
  net::MemoryWire wire;
  auto client = client_context.make_stream(wire.client_end(), leaf.name);
  auto shown = server.make_stream(wire.server_end(), leaf);
  if (!client || !shown) return Fault::kOther;
  // TLS 1.3 takes two turns, TLS 1.2 three.
  constexpr int kTurns = 4;
  for (int turn = 0; turn < kTurns; ++turn) {
    const Progress at_client = (*client)->try_handshake();
    if (at_client == Progress::kFailed) return (*client)->failure()->fault;
    const Progress at_server = (*shown)->try_handshake();
    if (at_server == Progress::kFailed) return (*shown)->failure()->fault;
    if (at_client == Progress::kDone && at_server == Progress::kDone) return Fault::kNone;
  }
  return Fault::kOther;
}

base::Result<std::shared_ptr<const ClientContext>> client_of(Trusted trusted, const Authority& old,
                                                             const Authority& next) {
  TrustStore trust;
  // The last certificate of a CA's file is its root's.
  if (trusted != Trusted::kNew) trust.add(old.chain().back());
  if (trusted != Trusted::kOld) trust.add(next.chain().back());
  return ClientContext::make(trust);
}

base::Result<std::shared_ptr<const Leaf>> leaf_of(const Authority& authority, const PeerName& host,
                                                  base::WallTime now) {
  const auto issuer = LeafIssuer::make(authority);
  if (!issuer) return base::fail(issuer.error());
  return (*issuer)->issue(host, {}, now);
}

std::vector<Trusted> trusted_during(const Plan& plan, size_t step) {
  std::vector<Trusted> trusted;
  const size_t first = plan.waiting == Waiting::kForNobody ? 0 : step - 1;
  for (size_t i = first; i <= step; ++i) {
    const Trusted given = plan.states[i].trusted;
    if (std::find(trusted.begin(), trusted.end(), given) == trusted.end()) trusted.push_back(given);
  }
  return trusted;
}

RotationStep walk(const Plan& plan, size_t step, const std::vector<RotationTrial>& trials) {
  const State& from = plan.states[step - 1];
  const State& to = plan.states[step];
  RotationStep walked{what(from, to), {}};
  const std::vector<Trusted> trusted = trusted_during(plan, step);
  for (const RotationTrial& trial : trials) {
    const bool met = (trial.signer == from.signer || trial.signer == to.signer) &&
                     std::find(trusted.begin(), trusted.end(), trial.trusted) != trusted.end();
    if (met && trial.fault != Fault::kNone) walked.broken.push_back(trial);
  }
  return walked;
}

}  // namespace

bool RotationOrder::breaks() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const RotationStep& step) { return !step.broken.empty(); });
}

base::Result<std::vector<RotationTrial>> try_rotation(const Authority& old, const Authority& next,
                                                      const PeerName& host, base::WallTime now) {
  const auto server = LeafServer::make();
  if (!server) return base::fail(server.error());
  std::vector<RotationTrial> trials;
  for (const Signer signer : {Signer::kOld, Signer::kNew}) {
    const auto leaf = leaf_of(signer == Signer::kOld ? old : next, host, now);
    if (!leaf) return base::fail(leaf.error());
    for (const Trusted trusted : {Trusted::kOld, Trusted::kBoth, Trusted::kNew}) {
      const auto client = client_of(trusted, old, next);
      if (!client) return base::fail(client.error());
      trials.push_back({trusted, signer, handshake_fault(**client, **server, **leaf)});
    }
  }
  return trials;
}

std::vector<RotationOrder> rehearse_rotation(const std::vector<RotationTrial>& trials) {
  std::vector<RotationOrder> orders;
  for (const Plan& plan : plans()) {
    RotationOrder order{plan.name, {}};
    for (size_t step = 1; step < plan.states.size(); ++step) {
      order.steps.push_back(walk(plan, step, trials));
    }
    orders.push_back(std::move(order));
  }
  return orders;
}

}  // namespace tls
