#include "config/summary.h"

#include <gtest/gtest.h>

#include "config/load.h"

namespace config {
namespace {

std::string summary_of(std::string_view yaml) {
  return summary(load_text(yaml, "sluice.yaml").config);
}

TEST(Summary, OfNothingSaysWhatTheDefaultsAre) {
  EXPECT_EQ(summary_of(""),
            "default action allow, 0 rules; listeners 127.0.0.1:3128; inspection off; clients of "
            "loopback and private ranges");
}

TEST(Summary, NamesProfileListenersWithTlsInspectionAndClients) {
  EXPECT_EQ(summary_of("listen: [10.1.0.4:3128, '[::1]:3128']\n"
                       "policy:\n"
                       "  default_action: deny\n"
                       "  enforce: report\n"
                       "  profile: aks:westeurope\n"
                       "  clients: [10.0.0.0/8, 192.168.1.0/24, 192.168.2.0/24, 192.168.3.0/24, "
                       "192.168.4.0/24, 192.168.5.0/24]\n"
                       "  rules: [{name: a, action: allow, hosts: [a.example]}]\n"
                       "tls:\n"
                       "  listen: [10.1.0.4:3443]\n"
                       "  ca_certificate: ca.pem\n"
                       "  ca_key: ca.key\n"
                       "  connect: inspect\n"),
            "default action deny (denials reported, not enforced), profile aks:westeurope, 1 rule; "
            "listeners 10.1.0.4:3128, [::1]:3128, 10.1.0.4:3443 (TLS); inspection of every "
            "tunnel that is not exempt; clients 10.0.0.0/8, 192.168.1.0/24, 192.168.2.0/24, "
            "192.168.3.0/24 and 2 more");
}

TEST(Summary, NamesWhatWasLaidOverTheFileOnce) {
  Overrides overrides;
  add_set_flag(overrides, "timeouts.idle=2s");
  overrides.values.push_back({"listen", "127.0.0.1:1,127.0.0.1:2", {Layer::kFlag, "--listen"}});
  const Loaded loaded = load_text("timeouts: {head: 3s}\n", "sluice.yaml", overrides);
  EXPECT_EQ(layers_over_file(loaded.sources), ", flag --listen, flag --set timeouts.idle");
  EXPECT_EQ(layers_over_file({}), "");
}

}  // namespace
}  // namespace config
