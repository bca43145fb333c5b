// What an inspection CA is and what will be wrong with it, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "aks/finding.h"
#include "base/clock.h"
#include "tls/ca_facts.h"

namespace aks {

struct CaReview {
  std::vector<tls::CaFacts> certificates;  // the CA's own first
  std::vector<Finding> findings;
  bool has_key = false;  // whether its key was looked at as well
};

// Appends what is wrong with certificates that clients are to trust as authorities.
void lint_ca(const std::vector<tls::Certificate>& certificates, base::WallTime now,
             std::vector<Finding>& findings);

// `certificates` is not empty; its first is the CA's own.
CaReview review_ca(const std::vector<tls::Certificate>& certificates, base::WallTime now);

std::string review_text(const CaReview& review, base::WallTime now);
std::string review_json(const CaReview& review, base::WallTime now);

}  // namespace aks
