// Server certificates that a client has to tell apart, each with the verdict it deserves. Names U..
// are those of the case list in docs/design/tls.md.
#pragma once

#include <span>

#include "tests/unit/tls/forge.h"
#include "tls/fault.h"

namespace tls_test {

// A root that clients believe, and another that they don't.
struct Roots {
  tls::Identity good = forge(authority("Good Root"), nullptr);
  tls::Identity other = forge(authority("Other Root"), nullptr);

  tls::Identity intermediate(const Forgery& spec) const { return forge(spec, &good); }
};

struct Case {
  const char* name;
  tls::Fault expected;
  tls::Identity (*identity)(const Roots&);
  const char* host = "good.test";
};

std::span<const Case> certificate_cases();

}  // namespace tls_test
