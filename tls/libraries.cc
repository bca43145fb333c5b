#include "tls/libraries.h"

#include <openssl/crypto.h>

namespace tls {

std::string libraries() { return ::OpenSSL_version(OPENSSL_VERSION); }

}  // namespace tls
