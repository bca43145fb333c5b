// From OpenSSL's error queue and codes to the house's errors.
#pragma once

#include <string>

#include "base/result.h"
#include "tls/fault.h"

namespace tls {

// What the thread's error queue held.
struct LibraryError {
  int library = 0;    // ERR_LIB_…; 0 when the queue was empty
  int reason = 0;     // the library's reason number
  std::string text;   // "wrong version number"
  bool asn1 = false;  // decoding failed somewhere below
};

// Takes the entry that explains most (the TLS layer's, else the first) and empties the queue, so
// that nothing is left for the next call on this thread to trip over.
LibraryError take_library_error();

// The fault behind an error of a handshake.
Fault fault_of(const LibraryError& error);

// The number of the alert that the peer sent, or -1 when the error is something else.
int received_alert(const LibraryError& error);

// "unknown CA (48)"
std::string alert_name(int alert);

// The fault behind a verification code (X509_V_ERR_…) at `depth`, where 0 is the leaf. Code 20, no
// issuer found, is kUntrustedRoot here; tls/verify.h tells it from an incomplete chain.
Fault fault_of_verification(int code, int depth);

// An error of our own making, with what OpenSSL says: "`what`: `text`; `next_step`". Empties the
// queue.
base::Failure library_failure(const std::string& what, const std::string& next_step = {});

}  // namespace tls
