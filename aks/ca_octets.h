// What octets are that stand where PEM certificates should.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aks {

// "a certificate in DER; convert it: openssl x509 …" for DER certificates, PKCS #7, PKCS #12 and
// text in UTF-16; nullopt for anything else.
std::optional<std::string> name_of_octets(std::string_view octets);

}  // namespace aks
