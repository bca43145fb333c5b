// Proxy-Status (RFC 9209): which intermediary answered instead of the origin, and why, for
// machines.
#pragma once

#include <string>
#include <string_view>

namespace http {

// The error type of RFC 9209 §2.3 for a code's token (base::token_of); proxy_internal_error for
// tokens that it doesn't know.
std::string_view proxy_status_error(std::string_view code);

// The field's value: `sluice; error=dns_error; details="dns_not_found: the name … (id 7f3a-12)"`.
// In `details`, which is for people (RFC 9209 §2.1.4), come the code, the sentence, put into ASCII
// and cut where it is very long, and the request id; each but the code may be empty.
std::string proxy_status(std::string_view pseudonym, std::string_view code,
                         std::string_view sentence, std::string_view request_id);

// The same for an answer that is no error: the pseudonym alone.
std::string proxy_status(std::string_view pseudonym);

}  // namespace http
