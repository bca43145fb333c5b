// The way of a client's connection: TLS to the proxy where the listener asks for it, the front for
// the version of HTTP that was agreed on, another front over the inner stream of a tunnel that is
// inspected, and an end that the client hears.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "net/task.h"
#include "proxy/after.h"
#include "proxy/alert.h"
#include "proxy/client_connection.h"
#include "proxy/exchanges.h"
#include "proxy/front.h"
#include "proxy/inspect/inspector.h"
#include "proxy/intake.h"
#include "proxy/policy/engine.h"
#include "proxy/service.h"
#include "tls/handshake.h"

namespace proxy {

class SessionHome;

// How a client comes in: over a listener of `listen`, or of `tls.listen`, or in a stream of another
// session.
enum class Entry : std::uint8_t { kPlain, kTls, kStream };

class Entrance {
 public:
  // What the session has for the whole of its life; it outlives the entrance.
  struct Parts {
    Caller& caller;
    Neighbours::Seat& neighbour;  // the client among others
    Tools& tools;
    SessionHome& home;
    ClientConnection& client;
    Entry entry;
  };
  explicit Entrance(const Parts& parts) : parts_(parts) {}

  // The tunnel that is left to be carried; none where the client's connection has been used up.
  using Left = std::optional<after::Tunnel>;

  // Serves requests until the connection ends.
  net::Task<Left> serve();
  // Goes on behind the 200 of a CONNECT that came over another connection of the client, and whose
  // account is this one's.
  net::Task<Left> look(after::Look what);
  // Answers with the refusal and closes, without reading a request first.
  net::Task<Left> refuse(policy::Decision refusal, base::ErrorCode code);

  // As Front has them.
  void drain();
  void retire();
  void stop(const base::Error& why);
  std::vector<Shown> rows() const;

 private:
  // secure.cc
  net::Task<After> secure();
  net::Task<After> greet(const tls::HandshakeOutcome& outcome);
  std::optional<base::Error> become_named();
  net::Task<After> refuse_handshake(base::Error error, Alert alert);
  net::Task<void> await_version();

  net::Task<Left> go_on(After after);
  net::Task<inspect::Looked> look_into(after::Look what);
  void open_front(std::optional<inspect::Inside> inside);
  net::Task<void> close();

  const Parts parts_;
  OriginStock stock_{parts_.caller, parts_.tools};
  Service service_{parts_.caller, parts_.neighbour, parts_.tools, stock_};
  Exchanges exchanges_{parts_.caller, parts_.tools};
  Intake intake_;
  // Stays until the session lets go of everything, or another one is opened: what ends it may be
  // on the stack.
  std::unique_ptr<Front> front_;
  enum class Purpose : std::uint8_t { kServe, kRefuse } purpose_ = Purpose::kServe;
};

}  // namespace proxy
