#include "tests/unit/tls/verify_cases.h"

namespace tls_test {
namespace {

using tls::Fault;
using tls::Identity;

Identity plain(const Roots& roots, void (*change)(Forgery&)) {
  Forgery spec;
  change(spec);
  return forge(spec, &roots.good);
}

// A leaf below an intermediate that `change` spoils.
Identity below(const Roots& roots, void (*change)(Forgery&),
               void (*change_leaf)(Forgery&) = nullptr) {
  Forgery middle = authority("Middle");
  change(middle);
  const Identity intermediate = roots.intermediate(middle);
  Forgery leaf;
  if (change_leaf != nullptr) change_leaf(leaf);
  return with_chain(forge(leaf, &intermediate), {intermediate});
}

void nothing(Forgery&) {}

const Case kCases[] = {
    {"U00P256", Fault::kNone, [](const Roots& r) { return plain(r, nothing); }},
    {"U00P384", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.key = "P-384"; }); }},
    {"U00Rsa2048", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.key = "RSA:2048"; }); }},
    {"U00Ed25519", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.key = "ED25519"; }); }},
    {"U00Intermediate", Fault::kNone, [](const Roots& r) { return below(r, nothing); }},
    {"U00Sha512", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.digest = "SHA512"; }); }},
    {"U01Expired", Fault::kExpired,
     [](const Roots& r) {
       return plain(r, [](Forgery& f) { f.valid_from_hours = -48, f.valid_to_hours = -24; });
     }},
    {"U01ExpiredIntermediate", Fault::kExpired,
     [](const Roots& r) {
       return below(r, [](Forgery& f) { f.valid_from_hours = -48, f.valid_to_hours = -24; });
     }},
    {"U02NotYetValid", Fault::kNotYetValid,
     [](const Roots& r) {
       return plain(r, [](Forgery& f) { f.valid_from_hours = 24, f.valid_to_hours = 48; });
     }},
    {"U03WrongHost", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:wrong.test"; }); }},
    {"U04CommonNameOnly", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names.clear(); }); }},
    {"U05SelfSigned", Fault::kSelfSigned, [](const Roots&) { return forge(Forgery(), nullptr); }},
    {"U06UntrustedRoot", Fault::kUntrustedRoot,
     [](const Roots& r) { return forge(Forgery(), &r.other); }},
    {"U06UntrustedRootSent", Fault::kUntrustedRoot,
     [](const Roots& r) { return with_chain(forge(Forgery(), &r.other), {r.other}); }},
    {"U07IncompleteChain", Fault::kIncompleteChain,
     [](const Roots& r) {
       Identity leaf = below(r, nothing, [](Forgery& f) {
         f.more = {{"authorityInfoAccess", "caIssuers;URI:http://ca.test/middle.crt"}};
       });
       leaf.chain.resize(1, leaf.chain.front());
       return leaf;
     }},
    {"U08ReversedChain", Fault::kNone,
     [](const Roots& r) {
       const Identity upper = r.intermediate(authority("Upper"));
       const Identity lower = forge(authority("Lower"), &upper);
       return with_chain(forge(Forgery(), &lower), {upper, lower});
     }},
    {"U09Sha1", Fault::kWeakSignature,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.digest = "SHA1"; }); }},
    {"U10Sha1Intermediate", Fault::kWeakSignature,
     [](const Roots& r) { return below(r, [](Forgery& f) { f.digest = "SHA1"; }); }},
    {"U12Rsa1024", Fault::kWeakKey,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.key = "RSA:1024"; }); }},
    {"U13Rsa1024Intermediate", Fault::kWeakKey,
     [](const Roots& r) { return below(r, [](Forgery& f) { f.key = "RSA:1024"; }); }},
    {"U15ClientPurpose", Fault::kBadPurpose,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.purpose = "clientAuth"; }); }},
    {"U16UnknownCriticalExtension", Fault::kCriticalExtension,
     [](const Roots& r) {
       return plain(r, [](Forgery& f) { f.more = {{"1.2.3.4.5", "critical,DER:05:00"}}; });
     }},
    {"U17Wildcard", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:*.good.test"; }); },
     "a.good.test"},
    {"U17WildcardTwoLabels", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:*.good.test"; }); },
     "a.b.good.test"},
    {"U17WildcardNoLabel", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:*.good.test"; }); }},
    {"U18PartialWildcardInFront", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:g*.good.test"; }); },
     "goo.good.test"},
    {"U18PartialWildcardBehind", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:*o.good.test"; }); },
     "goo.good.test"},
    {"U18WildcardOfATopLevel", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:*.test,DNS:*"; }); }},
    {"U19NoSubject", Fault::kNone,
     [](const Roots& r) {
       return plain(r,
                    [](Forgery& f) { f.common_name.clear(), f.names = "critical,DNS:good.test"; });
     }},
    {"U20Ipv4", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "IP:192.0.2.1"; }); },
     "192.0.2.1"},
    {"U20Ipv6", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "IP:2001:db8::1"; }); },
     "[2001:db8::1]"},
    {"U20OtherIp", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "IP:192.0.2.2"; }); },
     "192.0.2.1"},
    {"U21IpAsDnsName", Fault::kHostMismatch,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.names = "DNS:192.0.2.1"; }); },
     "192.0.2.1"},
    {"U24TrailingDot", Fault::kNone, [](const Roots& r) { return plain(r, nothing); },
     "good.test."},
    {"U25NulInName", Fault::kHostMismatch,
     [](const Roots& r) {
       return plain(r, [](Forgery& f) {
         f.names.clear();
         f.more = {{"subjectAltName",
                    "DER:30:16:82:14:67:6f:6f:64:2e:74:65:73:74:00:2e:65:76:69:6c:2e:74:65:73:74"}};
       });
     }},
    {"U26ThousandNames", Fault::kNone,
     [](const Roots& r) {
       return plain(r, [](Forgery& f) {
         for (int i = 0; i < 1000; ++i) f.names += ",DNS:name-" + std::to_string(i) + ".good.test";
       });
     }},
    {"U27LeafAsAuthority", Fault::kBadCa,
     [](const Roots& r) {
       return below(r, [](Forgery& f) { f = Forgery(), f.common_name = "Middle"; });
     }},
    {"U28NameConstraint", Fault::kNameConstraint,
     [](const Roots& r) {
       return below(r, [](Forgery& f) {
         f.more = {{"nameConstraints", "critical,permitted;DNS:other.test"}};
       });
     }},
    {"U29PathLength", Fault::kPathLength,
     [](const Roots& r) {
       Forgery spec = authority("Upper");
       spec.constraints = "critical,CA:TRUE,pathlen:0";
       const Identity upper = r.intermediate(spec);
       const Identity lower = forge(authority("Lower"), &upper);
       return with_chain(forge(Forgery(), &lower), {lower, upper});
     }},
    {"U58ExplicitCurve", Fault::kMalformedCertificate,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.key = "explicit"; }); }},
    // What validation does not ask for (RFC 5280 §6.1.4 (n): "if a key usage extension is
    // present").
    {"NoAuthorityKeyId", Fault::kNone,
     [](const Roots& r) { return plain(r, [](Forgery& f) { f.authority_key_id.clear(); }); }},
    {"AuthorityWithoutKeyUsage", Fault::kNone,
     [](const Roots& r) { return below(r, [](Forgery& f) { f.usage.clear(); }); }},
    {"AuthorityWithoutKeyIds", Fault::kNone,
     [](const Roots& r) {
       return below(
           r, [](Forgery& f) { f.subject_key_id.clear(), f.authority_key_id.clear(); },
           [](Forgery& f) { f.authority_key_id.clear(); });
     }},
    {"AuthorityWithUncriticalConstraints", Fault::kNone,
     [](const Roots& r) { return below(r, [](Forgery& f) { f.constraints = "CA:TRUE"; }); }},
    // What it does ask for: (k) the CA flag, (n) keyCertSign where there is a key usage.
    {"AuthorityByKeyUsageAlone", Fault::kBadCa,
     [](const Roots& r) { return below(r, [](Forgery& f) { f.constraints.clear(); }); }},
    {"AuthorityThatMayNotSign", Fault::kBadCa,
     [](const Roots& r) {
       return below(r, [](Forgery& f) { f.usage = "critical,digitalSignature"; });
     }},
};

}  // namespace

std::span<const Case> certificate_cases() { return kCases; }

}  // namespace tls_test
