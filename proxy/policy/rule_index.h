// Finds the rules that may match a destination without reading all of them: 10 000 rules that name
// hosts cost a request as many look-ups as its host has dots, not 10 000 comparisons.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/schema.h"
#include "http/target.h"

namespace proxy::policy {

class RuleIndex {
 public:
  // `rules` is not kept; candidates are positions in it.
  explicit RuleIndex(const std::vector<config::Rule>& rules);

  // Positions of rules whose `hosts` match, or that have none, in ascending order. A position may
  // come twice, once for each pattern that matches. Valid as long as the index.
  class Candidates {
   public:
    std::optional<std::uint32_t> next();

   private:
    friend class RuleIndex;
    // A host has at most 253 octets (http/target.h): itself, less than a suffix for each octet, and
    // the rules without hosts.
    static constexpr std::size_t kMaxLists = 256;
    // Without initialisers: only the first `size_` are ever written, of 4 KiB.
    struct List {
      const std::uint32_t* next;
      const std::uint32_t* end;
    };
    void add(const std::vector<std::uint32_t>& list);
    std::array<List, kMaxLists> lists_;
    std::size_t size_ = 0;
  };
  Candidates candidates(const http::Authority& target) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Positions = std::vector<std::uint32_t>;

  // "example.com" for the name itself, ".example.com" for all names below it.
  std::unordered_map<std::string, Positions, Hash, std::equal_to<>> by_host_;
  Positions without_hosts_;
};

}  // namespace proxy::policy
