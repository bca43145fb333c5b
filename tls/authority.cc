#include "tls/authority.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "tls/error.h"
#include "tls/mint.h"
#include "tls/strength.h"

namespace tls {
namespace {

// RFC 5280's upper bound of a common name.
constexpr size_t kMaxCommonName = 64;

bool may_sign(const Certificate& certificate) {
  return certificate.facts().is_ca &&
         (X509_get_key_usage(certificate.raw()) & X509v3_KU_KEY_CERT_SIGN) != 0;
}

}  // namespace

base::Result<Authority> Authority::create(const AuthoritySpec& spec) {
  if (spec.common_name.empty()) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "an authority needs a common name of 1 to 64 characters; it is empty");
  }
  base::Result<PrivateKey> key = PrivateKey::generate(spec.key);
  if (!key) return base::fail(key.error());
  Mint mint(*key);
  mint.validity(spec.not_before, spec.not_after).common_name(spec.common_name).issuer(nullptr);
  mint.extension(NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  mint.extension(NID_key_usage, "critical,keyCertSign,cRLSign");
  mint.extension(NID_subject_key_identifier, "hash");
  mint.constraints(spec.constraints);
  base::Result<Certificate> certificate = mint.sign(*key);
  if (!certificate) return base::fail(certificate.error());
  return Authority(Identity{std::move(*key), {std::move(*certificate)}});
}

base::Result<Authority> Authority::from_pem(std::string_view certificates, std::string_view key) {
  base::Result<Identity> self = Identity::from_pem(certificates, key);
  if (!self) return base::fail(self.error());
  return from_identity(std::move(*self));
}

base::Result<Authority> Authority::from_identity(Identity self) {
  if (!may_sign(self.chain.front())) {
    return base::fail(
        base::ErrorCode::kBadRequest, base::Party::kProxy,
        "the certificate \"" + self.chain.front().facts().subject +
            "\" is not an authority's: it lacks CA:TRUE or the key usage keyCertSign");
  }
  return Authority(std::move(self));
}

Authority::Authority(Identity self) : self_(std::move(self)) {
  for (const Certificate& each : self_.chain) {
    if (!is_issued_by(each, each)) intermediates_.push_back(each);
  }
  constraints_ = NameConstraintsPtr(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(certificate().raw(), NID_name_constraints, nullptr, nullptr)));
  take_library_error();
}

base::Result<void> Authority::permit(const Certificate& leaf) const {
  if (!constraints_) return {};
  // The check looks at names that OpenSSL has not parsed yet in a certificate of its own making.
  X509_check_purpose(leaf.raw(), -1, 0);
  if (NAME_CONSTRAINTS_check(leaf.raw(), constraints_.get()) == X509_V_OK) return {};
  take_library_error();
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                    "the name constraints of \"" + certificate().facts().subject + "\" exclude \"" +
                        leaf.facts().sans.front() +
                        "\", so every client would refuse a certificate for it; tunnel it, or "
                        "make an authority without that constraint");
}

base::Result<Identity> Authority::issue(const LeafSpec& spec, const PrivateKey& key) const {
  const std::string first = spec.names.empty() ? std::string() : spec.names.front();
  Mint mint(key);
  mint.validity(spec.not_before, spec.not_after);
  mint.common_name(first.size() <= kMaxCommonName ? first : std::string()).issuer(&certificate());
  mint.names(spec.names);
  mint.extension(NID_basic_constraints, "critical,CA:FALSE");
  mint.extension(NID_key_usage, "critical,digitalSignature");
  mint.extension(NID_ext_key_usage, "serverAuth");
  mint.extension(NID_subject_key_identifier, "hash");
  mint.extension(NID_authority_key_identifier, "keyid:always");
  base::Result<Certificate> leaf = mint.sign(this->key());
  if (!leaf) return base::fail(leaf.error());
  if (const auto permitted = permit(*leaf); !permitted) return base::fail(permitted.error());
  std::vector<Certificate> chain{std::move(*leaf)};
  chain.insert(chain.end(), intermediates_.begin(), intermediates_.end());
  return Identity{key, std::move(chain)};
}

}  // namespace tls
