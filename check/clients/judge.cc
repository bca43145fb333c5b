#include "check/clients/judge.h"

#include "aks/finding.h"

namespace check {
namespace {

using aks::no_proxy::Outcome;

Seen expected_of(Outcome outcome, Evidence evidence) {
  switch (outcome) {
    case Outcome::kProxy: return Seen::kProxy;
    case Outcome::kDirect: return evidence == Evidence::kOrigins ? Seen::kDirect : Seen::kNowhere;
    case Outcome::kError: return Seen::kNowhere;
  }
  return Seen::kNowhere;
}

// "the entry is a domain above the host: ".svc" [below]"
std::string because(const aks::no_proxy::Verdict& verdict) {
  std::string text(describe(verdict.rule));
  if (!verdict.entry.empty()) text += ": " + aks::cite(verdict.entry);
  return text + " [" + std::string(token_of(verdict.rule)) + "]";
}

void decide(ClientRoute& route, Verdict verdict, std::string reason) {
  route.verdict = verdict;
  route.reason = std::move(reason);
}

}  // namespace

void judge(ClientRoute& route, const aks::no_proxy::Verdict& control, Evidence evidence) {
  if (control.outcome == Outcome::kProxy && route.control != Seen::kProxy) {
    return decide(route, Verdict::kSkip,
                  "not testable: with a list that covers nothing it was seen " +
                      std::string(token_of(route.control)) + " instead of at the proxy");
  }
  const std::string predicted(token_of(route.predicted.outcome));
  if (route.seen != expected_of(route.predicted.outcome, evidence)) {
    return decide(route, Verdict::kFail,
                  "predicted " + predicted + ", seen " + std::string(token_of(route.seen)) +
                      "; the rule that does not hold: " + because(route.predicted));
  }
  const bool direct = route.predicted.outcome == Outcome::kDirect;
  const bool as_wanted =
      direct == (route.wanted == aks::Route::kDirect) && route.predicted.outcome != Outcome::kError;
  if (as_wanted) return decide(route, Verdict::kPass, predicted + ": " + because(route.predicted));
  const char* wanted = route.wanted == aks::Route::kDirect ? "direct" : "through the proxy";
  decide(route, Verdict::kWarn,
         predicted + " where the cluster wants it " + wanted + ": " + because(route.predicted));
}

std::string_view token_of(Seen seen) {
  switch (seen) {
    case Seen::kNowhere: return "nowhere";
    case Seen::kProxy: return "proxy";
    case Seen::kDirect: return "direct";
    case Seen::kBoth: return "both";
  }
  return "nowhere";
}

}  // namespace check
