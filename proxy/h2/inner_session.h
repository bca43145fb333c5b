// A tunnel in a client's stream that is looked into: a session of its own, which takes the stream
// for its connection.
#pragma once

#include <memory>

#include "http/target.h"
#include "net/await.h"
#include "net/task.h"
#include "proxy/h2/stream_carrier.h"
#include "proxy/session.h"

namespace proxy::h2 {

class InnerSession {
 public:
  // `outer` and `end` outlive this. `runtime` is what the CONNECT was judged by. The worker owns
  // the session and has counted it (Worker::enter_stream).
  InnerSession(const Session& outer, RuntimePtr runtime, Worker& worker, StreamEnd& end);
  // Ends the session if it isn't over.
  ~InnerSession();

  // Until the session is over. It takes the CONNECT's account, and writes its record.
  net::Task<void> serve(Account& account, http::Authority target,
                        std::unique_ptr<OriginConnection> origin);

 private:
  net::Event gone_;
  StreamCarrier* carrier_;  // both live until gone_ is set
  Session* session_;
};

}  // namespace proxy::h2
