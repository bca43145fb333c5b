// What a probe says about TLS inspection by the proxy, and what `--inspect` asks of it.
#pragma once

#include <string>

#include "check/probe_result.h"

namespace check {

// Fails a probe that went well through the proxy but was not inspected, although its endpoint
// allows it and the proxy's log (Witness) has no reason why not. Others stay as they are.
void expect_inspection(ProbeResult& result);

// "by CN=Example CA" for what was inspected; for what was not, why, and where its chain ends; "no
// TLS", "nothing known". A phrase for people; text in it comes from the network and is not escaped.
std::string inspection_words(const ProbeResult& result);

}  // namespace check
