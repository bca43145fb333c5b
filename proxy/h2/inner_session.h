// A tunnel in a client's stream that is looked into: a session of its own, which takes the stream
// for its connection.
#pragma once

#include <memory>

#include "net/await.h"
#include "net/task.h"
#include "proxy/after.h"
#include "proxy/h2/stream_carrier.h"
#include "proxy/session.h"

namespace proxy::h2 {

class InnerSession {
 public:
  // `end` outlives this. `home` owns the session, which has been counted (Doorkeeper::enter_stream)
  // under the key of the caller.
  InnerSession(Caller caller, Tools& tools, SessionHome& home, StreamEnd& end);
  // Ends the session if it isn't over.
  ~InnerSession();

  // Until the session is over. It takes the CONNECT's account, and writes its record.
  net::Task<void> serve(Account& account, after::Look look);

 private:
  net::Event gone_;
  StreamCarrier* carrier_;  // both live until gone_ is set
  Session* session_;
};

}  // namespace proxy::h2
