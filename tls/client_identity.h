// Who a client is by its certificate, as policy names it.
#pragma once

#include <string>

#include "tls/certificate.h"

namespace tls {

// The first usable name of the subjectAltName, in this order of kinds: a URI
// ("spiffe://cluster/ns/a/sa/b", RFC 9525's URI-ID), a DNS name in lower case, an e-mail address;
// else the subject ("CN=a,O=b", RFC 4514) if it has at most 256 octets; else "sha256=" and the
// certificate's fingerprint. A name
// is usable if it is printable ASCII without spaces and has the form of its kind, which makes the
// kinds disjoint: no certificate can pass a name of one kind off as one of another.
std::string client_identity(const Certificate& certificate);

}  // namespace tls
