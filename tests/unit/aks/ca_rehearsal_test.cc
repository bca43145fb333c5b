#include "aks/ca_rehearsal.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace aks {
namespace {

using tls::Fault;
using tls::RotationTrial;
using tls::Signer;
using tls::Trusted;

const std::vector<RotationTrial> kTrials{{Trusted::kOld, Signer::kOld, Fault::kNone},
                                         {Trusted::kOld, Signer::kNew, Fault::kUntrustedRoot}};
const std::vector<tls::RotationOrder> kOrders{
    {"in order", {{"clients trust both", {}}}},
    {"all at once", {{"the new CA signs", {kTrials[1]}}}}};

TEST(CaRehearsal, TellsPeopleWhoBreaksWhere) {
  EXPECT_EQ(rehearsal_text("good.test", kTrials, kOrders),
            "Handshakes tried with a leaf for good.test:\n"
            "  clients trust   old signs         new signs\n"
            "  old             ok                untrusted_root\n"
            "  both            not tried         not tried\n"
            "  new             not tried         not tried\n"
            "\nThe steps in order: nobody breaks\n"
            "  1. clients trust both: nobody breaks\n"
            "\nThe steps all at once: some clients break\n"
            "  1. the new CA signs: BREAKS clients that trust old alone, where new signs "
            "(untrusted_root)\n");
}

TEST(CaRehearsal, TellsProgramsTheSame) {
  const auto json = nlohmann::json::parse(rehearsal_json("good.test", kTrials, kOrders));
  EXPECT_EQ(json["handshakes"].size(), 2U);
  EXPECT_EQ(json["orders"][0]["breaks"], false);
  EXPECT_EQ(json["orders"][1]["steps"][0]["broken"][0],
            (nlohmann::json{{"trusted", "old"}, {"signer", "new"}, {"outcome", "untrusted_root"}}));
}

}  // namespace
}  // namespace aks
