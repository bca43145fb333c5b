#include "tls/strict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/tls/forge.h"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tls::lacks_for_strict_clients;
using tls_test::authority;
using tls_test::forge;
using tls_test::Forgery;

TEST(Strict, FindsNothingWrongWithACompleteAuthority) {
  const tls::Identity root = forge(authority("Root"), nullptr);
  EXPECT_THAT(lacks_for_strict_clients(root.chain.front()), IsEmpty());
  EXPECT_THAT(lacks_for_strict_clients(forge(authority("Middle"), &root).chain.front()), IsEmpty());
}

TEST(Strict, NamesWhatStrictClientsMiss) {
  Forgery bare = authority("Bare");
  bare.usage.clear();
  bare.subject_key_id.clear();
  bare.authority_key_id.clear();
  bare.constraints = "CA:TRUE";
  EXPECT_THAT(lacks_for_strict_clients(forge(bare, nullptr).chain.front()),
              ElementsAre("keyUsage", "subjectKeyIdentifier", "critical basicConstraints"));
  const tls::Identity root = forge(authority("Root"), nullptr);
  Forgery middle = authority("Middle");
  middle.authority_key_id.clear();
  EXPECT_THAT(lacks_for_strict_clients(forge(middle, &root).chain.front()),
              ElementsAre("authorityKeyIdentifier"));
}

}  // namespace
