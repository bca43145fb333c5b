#include "check/clients/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace check {
namespace {

using aks::no_proxy::Outcome;
using aks::no_proxy::Rule;
using ::testing::HasSubstr;

aks::no_proxy::Verdict verdict(Outcome outcome, Rule rule) {
  aks::no_proxy::Verdict out;
  out.outcome = outcome;
  out.rule = rule;
  if (outcome == Outcome::kDirect) out.entry = ".svc";
  return out;
}

const auto kProxied = verdict(Outcome::kProxy, Rule::kNoEntry);
const auto kBypassed = verdict(Outcome::kDirect, Rule::kBelow);

struct Case {
  aks::Route wanted;
  aks::no_proxy::Verdict predicted;
  Seen control;
  Seen seen;
  Evidence evidence;
  Verdict verdict;
  const char* reason;
};

TEST(Judge, HoldsWhatIsSeenAgainstWhatIsPredictedAndWanted) {
  using aks::Route;
  const auto failing = verdict(Outcome::kError, Rule::kBadEntry);
  const Case cases[] = {
      {Route::kProxy, kProxied, Seen::kProxy, Seen::kProxy, Evidence::kOrigins, Verdict::kPass,
       "[no-entry]"},
      {Route::kDirect, kBypassed, Seen::kProxy, Seen::kDirect, Evidence::kOrigins, Verdict::kPass,
       "\".svc\" [below]"},
      {Route::kDirect, kProxied, Seen::kProxy, Seen::kProxy, Evidence::kOrigins, Verdict::kWarn,
       "wants it direct"},
      {Route::kProxy, kBypassed, Seen::kProxy, Seen::kDirect, Evidence::kOrigins, Verdict::kWarn,
       "wants it through the proxy"},
      {Route::kProxy, failing, Seen::kProxy, Seen::kNowhere, Evidence::kOrigins, Verdict::kWarn,
       "[bad-entry]"},
      {Route::kDirect, kBypassed, Seen::kProxy, Seen::kProxy, Evidence::kOrigins, Verdict::kFail,
       "predicted direct, seen proxy; the rule that does not hold"},
      {Route::kProxy, kProxied, Seen::kProxy, Seen::kBoth, Evidence::kOrigins, Verdict::kFail,
       "seen both"},
      // Nothing at all is no proof of having gone direct where arrivals can be seen …
      {Route::kDirect, kBypassed, Seen::kProxy, Seen::kNowhere, Evidence::kOrigins, Verdict::kFail,
       "seen nowhere"},
      // … and all there can be where they can't.
      {Route::kDirect, kBypassed, Seen::kProxy, Seen::kNowhere, Evidence::kProxyOnly,
       Verdict::kPass, "direct"},
      {Route::kDirect, kBypassed, Seen::kNowhere, Seen::kNowhere, Evidence::kProxyOnly,
       Verdict::kSkip, "not testable"},
      {Route::kProxy, kProxied, Seen::kDirect, Seen::kProxy, Evidence::kOrigins, Verdict::kSkip,
       "seen direct instead of at the proxy"},
  };
  for (const Case& c : cases) {
    ClientRoute route;
    route.wanted = c.wanted;
    route.predicted = c.predicted;
    route.control = c.control;
    route.seen = c.seen;
    judge(route, kProxied, c.evidence);
    EXPECT_EQ(route.verdict, c.verdict) << c.reason;
    EXPECT_THAT(route.reason, HasSubstr(c.reason));
  }
}

TEST(Judge, AsksForNoControlWhereTheClientNeverUsesAProxy) {
  ClientRoute route;
  route.wanted = aks::Route::kDirect;
  route.predicted = kBypassed;
  route.seen = Seen::kDirect;
  judge(route, verdict(Outcome::kDirect, Rule::kLoopback), Evidence::kOrigins);
  EXPECT_EQ(route.verdict, Verdict::kPass);
}

}  // namespace
}  // namespace check
