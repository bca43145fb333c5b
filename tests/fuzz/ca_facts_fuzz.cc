// Any certificate, as DER: what `sluice ca show` says of it, its name constraints among that.
#include <openssl/x509.h>

#include <cstdint>
#include <cstdlib>

#include "base/escape.h"
#include "tls/ca_facts.h"

namespace {

// What was in a certificate is shown to people: in it is nothing that would have to be escaped.
void expect_text(std::string_view text) {
  if (base::one_line(text) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const unsigned char* cursor = data;
  tls::X509Ptr parsed(d2i_X509(nullptr, &cursor, static_cast<long>(size)));
  if (!parsed) return 0;
  const tls::Certificate certificate(std::move(parsed));
  const tls::CaFacts facts = tls::ca_facts_of(certificate);
  const tls::NameConstraints constraints = tls::NameConstraints::of(certificate);

  if (facts.constraints.domains != constraints.domains) std::abort();
  if (facts.constraints.rest != constraints.rest) std::abort();
  if (facts.permitted().size() != constraints.domains.size() + constraints.networks.size()) {
    std::abort();
  }
  for (const base::Cidr& network : constraints.networks) {
    const auto again = base::Cidr::parse(network.to_string());
    if (!again || again->to_string() != network.to_string()) std::abort();
  }
  for (const std::string& name : facts.permitted()) expect_text(name);
  for (const std::string& name : facts.certificate.sans) expect_text(name);
  expect_text(facts.certificate.subject);
  expect_text(facts.certificate.issuer);
  expect_text(facts.subject_key_id);
  if (facts.path_length && *facts.path_length < 0) std::abort();
  return 0;
}
