// What a client does with a URL: through which proxy, or past it, and why. Pure; nothing is
// resolved or sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/no_proxy/client.h"
#include "aks/no_proxy/destination.h"
#include "aks/no_proxy/environment.h"
#include "aks/no_proxy/rule.h"
#include "base/ip.h"

namespace aks::no_proxy {

enum class Outcome { kProxy, kDirect, kError };

struct Verdict {
  Outcome outcome = Outcome::kProxy;
  Rule rule = Rule::kNoEntry;
  std::string entry;  // the entry that decides, as written; "" when none does
  Chosen proxy;       // the variable that names the proxy; empty when none does
  Chosen list;        // the variable that the list comes from; empty when none is set
};

// `resolved` is what the destination's name resolves to. Ruby alone looks.
Verdict evaluate(Client client, const Environment& environment, const Destination& to,
                 const std::vector<base::IpAddress>& resolved = {});

// "proxy", "direct", "error".
std::string_view token_of(Outcome outcome);

}  // namespace aks::no_proxy
