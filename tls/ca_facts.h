// What people want to know about a certificate authority.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tls/certificate.h"
#include "tls/name_constraints.h"
#include "tls/strength.h"

namespace tls {

struct CaFacts {
  CertificateFacts certificate;
  Strength strength;
  bool is_self_signed = false;
  std::optional<long> path_length;  // none: any number of CAs below it
  std::string subject_key_id;       // lower-case hexadecimal; "" when it has none
  NameConstraints constraints;

  // The names that it may sign for, as text; empty for all but what constraints.rest excludes.
  std::vector<std::string> permitted() const;
};

CaFacts ca_facts_of(const Certificate& certificate);

}  // namespace tls
