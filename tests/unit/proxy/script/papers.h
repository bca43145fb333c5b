// The certificates of a scripted world, made once a test program: an authority that everybody
// believes, what it has issued, and the proxy's own authority.
#pragma once

#include <memory>

#include "proxy/tls_runtime.h"
#include "tests/unit/proxy/script/voice.h"

namespace proxy::script {

struct Papers {
  static const Papers& get();

  // The proxy's: its listener is proxy.test, and it inspects.
  std::shared_ptr<const TlsRuntime> proxy;
  // By the only version of HTTP that each speaks.
  std::array<std::shared_ptr<const tls::ServerContext>, 2> origins;  // origin.test
  std::array<std::shared_ptr<const tls::ClientContext>, 2> clients;  // they believe the proxy too

 private:
  Papers();
};

}  // namespace proxy::script
