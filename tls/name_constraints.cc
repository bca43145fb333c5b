#include "tls/name_constraints.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/escape.h"
#include "tls/error.h"
#include "tls/peer_name.h"

namespace tls {
namespace {

constexpr size_t kV4 = 4;
constexpr size_t kV6 = 16;

// The address and its mask, one after the other.
std::string octets_of(const base::Cidr& network) {
  const size_t size = network.address().is_v4() ? kV4 : kV6;
  std::string octets(reinterpret_cast<const char*>(network.address().octets().data()), size);
  for (size_t i = 0; i < size; ++i) {
    const int bits = std::clamp(network.prefix_bits() - static_cast<int>(i) * 8, 0, 8);
    octets += static_cast<char>(0xffU << (8 - bits) & 0xffU);
  }
  return octets;
}

std::optional<base::Cidr> network_of(const ASN1_OCTET_STRING* value) {
  const unsigned char* octets = ASN1_STRING_get0_data(value);
  const auto size = static_cast<size_t>(ASN1_STRING_length(value)) / 2;
  if (size != kV4 && size != kV6) return std::nullopt;
  int bits = 0;
  for (size_t i = size; i < 2 * size; ++i) {
    for (unsigned mask = 0x80U; mask != 0 && (octets[i] & mask) != 0; mask >>= 1U) ++bits;
  }
  if (size == kV4) {
    return base::Cidr(base::IpAddress::v4({octets[0], octets[1], octets[2], octets[3]}), bits);
  }
  std::array<std::uint8_t, kV6> address{};
  std::copy_n(octets, kV6, address.begin());
  return base::Cidr(base::IpAddress::v6(address), bits);
}

// Whether it only says what leaving a kind of names out says as well (see `encode`).
bool excludes_unnamed_kind(const GENERAL_NAME& name, const NameConstraints& permitted) {
  if (name.type == GEN_DNS) {
    return permitted.domains.empty() && ASN1_STRING_length(name.d.dNSName) == 0;
  }
  if (name.type != GEN_IPADD || !permitted.networks.empty()) return false;
  const unsigned char* octets = ASN1_STRING_get0_data(name.d.iPAddress);
  return std::all_of(octets, octets + ASN1_STRING_length(name.d.iPAddress),
                     [](unsigned char octet) { return octet == 0; });
}

bool push(stack_st_GENERAL_SUBTREE*& trees, int kind, std::string_view value) {
  if (trees == nullptr) trees = sk_GENERAL_SUBTREE_new_null();
  GENERAL_SUBTREE* const tree = GENERAL_SUBTREE_new();
  ASN1_STRING* const text =
      ASN1_STRING_type_new(kind == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
  if (trees == nullptr || tree == nullptr || text == nullptr) return false;
  ASN1_STRING_set(text, value.data(), static_cast<int>(value.size()));
  GENERAL_NAME_set0_value(tree->base, kind, text);
  return sk_GENERAL_SUBTREE_push(trees, tree) > 0;
}

base::Failure refused(const std::string& text) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    "the name constraint \"" + base::printable(text, base::Spaces::kKeep, 100) +
                        "\" is neither a domain such as .example.com nor a network such as "
                        "10.0.0.0/8");
}

}  // namespace

base::Result<NameConstraints> NameConstraints::parse(const std::vector<std::string>& texts) {
  NameConstraints constraints;
  for (const std::string& text : texts) {
    if (const auto network = base::Cidr::parse(text)) {
      constraints.networks.push_back(*network);
      continue;
    }
    const std::string_view bare = std::string_view(text).substr(text.starts_with('.') ? 1 : 0);
    const auto name = PeerName::parse(bare);
    if (!name || name->address) return refused(text);
    constraints.domains.push_back(name->dns);
  }
  return constraints;
}

NameConstraints NameConstraints::of(const Certificate& certificate) {
  const NameConstraintsPtr found(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(certificate.raw(), NID_name_constraints, nullptr, nullptr)));
  NameConstraints constraints;
  const auto rest = NameConstraints::Rest::kSome;
  if (!found && X509_get_ext_by_NID(certificate.raw(), NID_name_constraints, -1) >= 0) {
    constraints.rest = rest;
  }
  const int count = found ? sk_GENERAL_SUBTREE_num(found->permittedSubtrees) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_SUBTREE_value(found->permittedSubtrees, i)->base;
    if (name.type == GEN_DNS) {
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
      const auto size = static_cast<size_t>(ASN1_STRING_length(name.d.dNSName));
      constraints.domains.push_back(base::printable({text, size}));
    } else if (name.type == GEN_IPADD) {
      if (const auto network = network_of(name.d.iPAddress)) {
        constraints.networks.push_back(*network);
      } else {
        constraints.rest = rest;
      }
    } else {
      constraints.rest = rest;
    }
  }
  const int excluded = found ? sk_GENERAL_SUBTREE_num(found->excludedSubtrees) : 0;
  for (int i = 0; i < excluded; ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_SUBTREE_value(found->excludedSubtrees, i)->base;
    if (!excludes_unnamed_kind(name, constraints)) constraints.rest = rest;
  }
  take_library_error();
  return constraints;
}

NameConstraintsPtr encode(const NameConstraints& constraints) {
  NameConstraintsPtr made(NAME_CONSTRAINTS_new());
  bool whole = made != nullptr;
  for (const std::string& domain : constraints.domains) {
    whole = whole && push(made->permittedSubtrees, GEN_DNS, domain);
  }
  for (const base::Cidr& network : constraints.networks) {
    whole = whole && push(made->permittedSubtrees, GEN_IPADD, octets_of(network));
  }
  // The empty domain has every name below it, and the empty prefix every address.
  if (constraints.domains.empty()) whole = whole && push(made->excludedSubtrees, GEN_DNS, "");
  if (constraints.networks.empty()) {
    whole = whole && push(made->excludedSubtrees, GEN_IPADD, std::string(2 * kV4, '\0')) &&
            push(made->excludedSubtrees, GEN_IPADD, std::string(2 * kV6, '\0'));
  }
  return whole ? std::move(made) : nullptr;
}

}  // namespace tls
