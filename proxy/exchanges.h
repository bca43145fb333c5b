// The exchanges of one client's connection: numbered, and each judged by the configuration of the
// moment at which it begins, whenever the connection was made.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "proxy/account.h"
#include "proxy/caller.h"
#include "proxy/tools.h"

namespace proxy {

class Exchanges {
 public:
  // Both outlive it.
  Exchanges(Caller& caller, Tools& tools) : caller_(caller), tools_(tools) {}

  // Others of the connection may be under way, which refer to the configurations from before.
  Account open() {
    if (caller_.runtime != tools_.present) {
      before_.push_back(std::exchange(caller_.runtime, tools_.present));
    }
    return tools_.ledger.open(caller_, ++count_);
  }
  // The one before is over, if there was one.
  Account open_next() {
    none_under_way();
    return open();
  }
  // Lets go of what only exchanges refer to that are over.
  void none_under_way() { before_.clear(); }
  // One that began on another connection of the client goes on here.
  void take_over() { ++count_; }

 private:
  Caller& caller_;
  Tools& tools_;
  std::vector<RuntimePtr> before_;
  std::uint32_t count_ = 0;
};

}  // namespace proxy
