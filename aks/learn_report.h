// What the destinations that a proxy saw are to an AKS cluster: what it requires, what an add-on
// needs, what should not have come, and what the catalogue does not know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aks/catalogue.h"
#include "aks/learned.h"
#include "base/result.h"

namespace aks {

enum class LearnClass {
  kRequired,  // of every cluster (recommended endpoints included)
  kAddon,     // of an add-on, or of GPU node pools
  kOptional,  // known to the catalogue, and not needed
  kDirect,    // reached without a proxy: the request is a misroute
  kUnknown,
};

// "required", "add-on", "optional", "direct", "unknown".
std::string_view token_of(LearnClass kind);

// Whether a row's destination goes into the allow-list.
enum class Listing { kAllow, kReview, kNever };

struct LearnRow {
  std::string host;
  std::uint16_t port = 0;
  LearnedFacts facts;  // both methods together
  LearnClass kind = LearnClass::kUnknown;
  std::vector<std::string> addons;  // of kAddon: those that need it
  std::string pattern;              // the catalogue's host that covers it; "" for unknown ones
  // What a rule would say: a pattern of the catalogue or the host itself, never a wildcard of our
  // own. "" for what no rule can name: addresses, and hosts such as "a-.example".
  std::string rule_host;
  Listing listing = Listing::kReview;
  std::string note;  // a sentence where there is more to say
};

struct LearnReport {
  std::vector<LearnRow> rows;  // by class, the most requests first
  std::uint64_t dropped = 0;
  std::string profile;  // that covers what is allowed; "" without a region
};

// Holds `learned` against the catalogue for query.cloud and query.region; without a region
// "{region}" stands for any label. query.addons are those enabled: none means that every add-on
// which was seen is. Fails like Catalogue::select.
base::Result<LearnReport> learn_report(const Catalogue& catalogue, const Query& query,
                                       const Learned& learned);

// Whether the endpoint's host covers the name.
bool covers(const Endpoint& endpoint, std::string_view name);

}  // namespace aks
