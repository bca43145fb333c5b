#include "aks/ca_guides.h"

#include <gtest/gtest.h>

namespace aks {
namespace {

TEST(CaGuides, NameTheCertificateEverywhere) {
  const std::string text = guides_text({}, "/etc/{ca}/ca.pem");
  for (const CaGuide& guide : ca_guides()) {
    EXPECT_NE(text.find("\n# " + std::string(guide.title) + "\n"), std::string::npos);
    EXPECT_EQ(guide.text.back(), '\n') << guide.system;
  }
  // The path itself is taken as it is.
  EXPECT_NE(text.find("NODE_EXTRA_CA_CERTS=/etc/{ca}/ca.pem\n"), std::string::npos);
}

TEST(CaGuides, AreThoseThatWereAskedFor) {
  const std::string text = guides_text({"debian"}, "ca.pem");
  EXPECT_NE(text.find("install -m 0644 ca.pem /usr/local/share/ca-certificates/"),
            std::string::npos);
  EXPECT_EQ(text.find("keytool"), std::string::npos);
}

}  // namespace
}  // namespace aks
