#include "aks/allow_list/host_pattern.h"

#include <gtest/gtest.h>

namespace aks::allow_list {
namespace {

using Kind = HostPattern::Kind;

TEST(HostPattern, CoversByName) {
  struct Case {
    HostPattern wide, narrow;
    bool covered;
  };
  const Case kCases[] = {
      {{Kind::kName, "a.b"}, {Kind::kName, "a.b"}, true},
      {{Kind::kName, "a.b"}, {Kind::kName, "x.a.b"}, false},
      {{Kind::kName, "a.b"}, {Kind::kBelow, "a.b"}, false},
      {{Kind::kBelow, "a.b"}, {Kind::kName, "a.b"}, false},
      {{Kind::kBelow, "a.b"}, {Kind::kName, "x.a.b"}, true},
      {{Kind::kBelow, "a.b"}, {Kind::kName, "xa.b"}, false},
      {{Kind::kBelow, "a.b"}, {Kind::kBelow, "x.a.b"}, true},
      {{Kind::kBelow, "x.a.b"}, {Kind::kBelow, "a.b"}, false},
      {{Kind::kBelow, "a.b"}, {Kind::kInfix, "m-*.a.b"}, true},
      {{Kind::kNameAndBelow, "a.b"}, {Kind::kBelow, "a.b"}, true},
      {{Kind::kNameAndBelow, "a.b"}, {Kind::kName, "a.b"}, true},
      {{Kind::kBelow, "a.b"}, {Kind::kNameAndBelow, "a.b"}, false},
      {{Kind::kInfix, "m-*.a.b"}, {Kind::kInfix, "m-*.a.b"}, true},
      {{Kind::kInfix, "m-*.a.b"}, {Kind::kName, "m-1.a.b"}, false},
  };
  for (const auto& [wide, narrow, covered] : kCases) {
    EXPECT_EQ(covers(wide, narrow), covered) << wide.name << " " << narrow.name;
  }
}

}  // namespace
}  // namespace aks::allow_list
