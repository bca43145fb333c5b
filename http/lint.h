// What is wrong with a message and has one right reading all the same: it is put right as its RFC
// says, and counted and logged so that its sender can be corrected. What makes two readers disagree
// on where a message ends is no lint; such a message is refused (http/parse.h, http/framing.h).
#pragma once

#include <cstdint>
#include <string_view>

namespace http {

enum class Lint : std::uint8_t {
  kHostReplaced,        // Host was not the target's, which counts (RFC 9112 §3.2.2)
  kMethodUnregistered,  // a token that is in no registry of methods (RFC 9110 §16.1)
  kSpaceBeforeColon,    // white space behind a response's field name, removed (RFC 9112 §5.1)
  kFramingDropped,      // a length or coding in a response that has no content (RFC 9112 §6.3)
  kUpgradeWithheld,     // the origin was not asked to switch protocols (RFC 9110 §7.8)
};
inline constexpr unsigned kLints = 5;

// Its stable name in logs and metrics, such as "host_replaced".
constexpr std::string_view token_of(Lint lint) {
  constexpr std::string_view kTokens[kLints] = {"host_replaced", "method_unregistered",
                                                "space_before_colon", "framing_dropped",
                                                "upgrade_withheld"};
  return kTokens[static_cast<unsigned>(lint)];
}

// A set of them.
class Lints {
 public:
  constexpr Lints() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): one lint is a set of one.
  constexpr Lints(Lint lint) : bits_(bit(lint)) {}

  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool has(Lint lint) const { return (bits_ & bit(lint)) != 0; }
  constexpr void add(Lints more) { bits_ = static_cast<std::uint8_t>(bits_ | more.bits_); }
  friend constexpr bool operator==(Lints, Lints) = default;

  // Calls `visit` with each of them.
  template <typename Visit>
  constexpr void for_each(Visit visit) const {
    for (unsigned i = 0; i < kLints; ++i) {
      if (has(static_cast<Lint>(i))) visit(static_cast<Lint>(i));
    }
  }

 private:
  static constexpr std::uint8_t bit(Lint lint) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(lint));
  }
  std::uint8_t bits_ = 0;
};

}  // namespace http
