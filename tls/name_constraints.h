// What an authority may sign for (RFC 5280 §4.2.1.10), so that its key is worth less to a thief.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "tls/certificate.h"

namespace tls {

// The names that are permitted; nothing in it permits all. A kind without an entry is excluded
// altogether, or an authority for "example.com" could still sign for every address.
struct NameConstraints {
  std::vector<std::string> domains;  // each with all names below it
  std::vector<base::Cidr> networks;
  // Whether `of` found more than that: exclusions, other kinds of names, or what it can't read.
  enum class Rest : std::uint8_t { kNone, kSome } rest = Rest::kNone;

  bool empty() const { return domains.empty() && networks.empty(); }

  // From "example.com" or ".example.com", which mean the same, "10.0.0.0/8" and "2001:db8::1".
  // Fails (kBadRequest) on everything else.
  static base::Result<NameConstraints> parse(const std::vector<std::string>& texts);
  // The permitted names of `certificate`, whoever made it. A certificate may permit nothing that
  // can be said here and yet not be free: see `rest`.
  static NameConstraints of(const Certificate& certificate);
};

// The extension's value; null when out of memory.
NameConstraintsPtr encode(const NameConstraints& constraints);

}  // namespace tls
