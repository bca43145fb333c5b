// Everything that can be said about a document with an httpProxyConfig before anybody sends it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "aks/http_proxy_config.h"
#include "aks/no_proxy_list.h"
#include "base/clock.h"

namespace aks {

struct ValidateOptions {
  base::WallTime now;  // certificates are judged at this time
  Facts facts;
  // What it is when the document is one object around the configuration, and no template: an error
  // for the az CLI's file, nothing (nullopt) for a fragment of a template.
  std::optional<Severity> wrapped = Severity::kWarning;
  GivenParameters parameters{};  // of a template
};

// Nobody reads on after this many; the last of more says so.
inline constexpr size_t kMaxFindings = 1000;

struct Validation {
  enum class Outcome { kRead, kUnreadable } outcome = Outcome::kRead;
  std::vector<Finding> findings;         // by line
  std::vector<HttpProxyConfig> configs;  // of the places that have no error of their own
};

// Reads a configuration file, a wrapper, infrastructure code or what Azure prints of clusters, JSON
// or YAML, and finds all at once. Facts that nobody told are taken from the document where it has
// them.
Validation validate(std::string_view text, const ValidateOptions& options);

}  // namespace aks
