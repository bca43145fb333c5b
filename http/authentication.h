// What authentication means for the connection that it goes by on.
#pragma once

#include "http/fields.h"

namespace http {

// Whether `fields`, of a request or of a response, speak of a scheme that may authenticate the
// connection rather than one request, as NTLM and Negotiate do (RFC 4559 §6, against RFC 9110
// §11.2): an Authorization or a challenge (WWW-Authenticate) of any scheme but Basic, Bearer and
// Digest, or one that can't be read. Whoever sends on such a connection may be taken for the client
// that has authenticated it.
bool may_authenticate_connection(const Fields& fields);

}  // namespace http
