// What policy decides of a request, in its account.
#pragma once

#include "base/result.h"
#include "http/target.h"
#include "proxy/account.h"
#include "proxy/caller.h"
#include "proxy/policy/engine.h"

namespace proxy {

// The question to policy. Refers to all three.
policy::Request question(const Account& account, const Caller& caller, policy::Kind kind,
                         const http::Authority& target);

// Takes note of a decision; a denial becomes the error that the client gets. Denies as well what
// must be looked into where there is no inspection CA. `runtime` is the one that decided.
base::Result<void> permit(Account& account, const policy::Decision& decision,
                          const RuntimePtr& runtime);

}  // namespace proxy
