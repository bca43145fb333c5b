#include "aks/punycode.h"

#include <gtest/gtest.h>

namespace aks {
namespace {

TEST(Punycode, LeavesAsciiAlone) {
  EXPECT_EQ(to_ascii_name("Example.COM."), "Example.COM.");
  EXPECT_EQ(to_ascii_name(""), "");
}

TEST(Punycode, EncodesLabelsBeyondAscii) {
  EXPECT_EQ(to_ascii_name("b\xc3\xbc"
                          "cher.example"),
            "xn--bcher-kva.example");
  EXPECT_EQ(to_ascii_name("www.\xe7\xa4\xba\xe4\xbe\x8b.com"), "www.xn--fsq092h.com");
  EXPECT_EQ(to_ascii_name("\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88"),
            "xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(to_ascii_name("fa\xc3\x9f.de"), "xn--fa-hia.de");
}

TEST(Punycode, LowersLettersThatHaveCase) {
  EXPECT_EQ(lower_name("B\u00dcCHER.Example"), "b\u00fccher.example");
  EXPECT_EQ(lower_name("\u0141\u00d3D\u0179"), "\u0142\u00f3d\u017a");
  EXPECT_EQ(lower_name("\u0391\u03a9 \u0416\u0401"), "\u03b1\u03c9 \u0436\u0451");
  EXPECT_EQ(lower_name("\u0131\u0138\u0149\u017f\u00d7"), "\u0131\u0138\u0149\u017f\u00d7");
  EXPECT_EQ(lower_name("\xff"
                       "A"),
            "\xff"
            "a");
}

TEST(Punycode, MapsWhatEastAsianKeyboardsType) {
  EXPECT_EQ(mapped_name("Example\u3002\uff43om\uff0e"), "example.com.");
}

TEST(Punycode, RefusesWhatIsNotUtf8) {
  for (const char* text :
       {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "a\x80"}) {
    EXPECT_EQ(to_ascii_name(text), std::nullopt);
  }
}

TEST(Punycode, RefusesLabelsThatBecomeTooLong) {
  std::string label;
  for (int i = 0; i < 60; ++i) label += i % 2 == 0 ? "\xc3\xbc" : "\xe4\xbe\x8b";
  EXPECT_EQ(to_ascii_name(label), std::nullopt);
}

}  // namespace
}  // namespace aks
