#include "tls/ca_facts.h"

#include <gtest/gtest.h>

#include "tests/unit/tls/forge.h"

namespace {

using tls_test::forge;
using tls_test::Forgery;

TEST(CaFacts, TellWhatAnAuthorityMayDo) {
  Forgery spec = tls_test::authority("Root");
  spec.constraints = "critical,CA:TRUE,pathlen:3";
  spec.more = {{"nameConstraints", "permitted;DNS:good.test,permitted;IP:10.0.0.0/255.0.0.0"}};
  const tls::CaFacts facts = tls::ca_facts_of(forge(spec, nullptr).chain.front());
  EXPECT_EQ(facts.path_length, 3);
  EXPECT_TRUE(facts.is_self_signed);
  EXPECT_EQ(facts.subject_key_id.size(), 40U);
  EXPECT_EQ(facts.permitted(), (std::vector<std::string>{"good.test", "10.0.0.0/8"}));
}

TEST(CaFacts, TellWhatIsNotThere) {
  const tls::Identity root = forge(tls_test::authority("Root"), nullptr);
  Forgery spec = tls_test::authority("Middle");
  spec.constraints = "critical,CA:TRUE";
  spec.subject_key_id = "";
  const tls::CaFacts facts = tls::ca_facts_of(forge(spec, &root).chain.front());
  EXPECT_EQ(facts.path_length, std::nullopt);
  EXPECT_FALSE(facts.is_self_signed);
  EXPECT_EQ(facts.subject_key_id, "");
  EXPECT_TRUE(facts.permitted().empty());
}

}  // namespace
