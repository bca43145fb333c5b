// A scripted proxy: one session on one loop, the clock in the test's hand, a client and an origin
// that the test speaks for, and the record in the end.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "proxy/session.h"
#include "tests/unit/net/hand_clock.h"
#include "tests/unit/net/loopback.h"
#include "tests/unit/proxy/lent_tools.h"
#include "tests/unit/proxy/script/cut_stream.h"
#include "tests/unit/proxy/script/home.h"
#include "tests/unit/proxy/script/voice.h"
#include "tls/stream.h"

namespace proxy::script {

using Version = Voice::Version;

// Whether it is the proxy that runs now, and not the script's own ends of connections.
inline constinit thread_local bool proxy_runs = false;

// How octets get from the client to the origin.
struct Setting {
  const char* name;
  enum class Way : unsigned char { kForward, kTunnel, kInspected } way;
  Version outer;   // between client and proxy; HTTP/2 comes over TLS
  Version inner;   // inside a tunnel that is inspected
  Version origin;  // as what the origin speaks in it

  friend std::ostream& operator<<(std::ostream& out, const Setting& setting) {
    return out << setting.name;
  }
};

class Stage {
 public:
  // The cuts are of the client's and of the origin's first connection.
  struct Cuts {
    Cut client, origin;
  };
  explicit Stage(const Setting& setting, config::Config config = {}, Cuts cuts = {});
  ~Stage();

  // The client comes, up to where requests of the script can come: through TLS and CONNECT where
  // the setting has them. False where that fails.
  bool enter();
  // What `enter` waits for may never come: the script's clock goes on meanwhile, as with cuts.
  void lose_patience() { patience_ = Patience::kLost; }
  // Runs turns of the loop until `condition` holds: false when it does not within 5 s of real
  // time. The script's own clock stands still meanwhile.
  bool until(const std::function<bool()>& condition);
  // The same while the script's clock goes on, for `most` at most.
  bool until_in(base::Millis most, const std::function<bool()>& condition);
  // Runs what can run without waiting.
  void settle();
  // Moves the clock, with turns of the loop on the way.
  void pass(base::Millis time);

  void ask(std::string_view method, std::string_view path, const Body& body);
  Voice* client() { return client_.get(); }
  // That of the newest connection; null before one has come and shaken hands.
  Voice* origin() { return origin_.get(); }
  // TCP connections that have come to the origin.
  unsigned dials() const { return dials_; }
  // From now on nobody can connect to the origin.
  void refuse_dials() { listener_.reset(); }
  // The client (the origin) closes its TCP connection, or resets it.
  void cancel();  // what the client asks for: its stream, or its connection
  void close_client() { drop_client(Drop::kClose); }
  void reset_client() { drop_client(Drop::kReset); }
  void close_origin() { drop_origin(Drop::kClose); }
  void reset_origin() { drop_origin(Drop::kReset); }
  void drain();
  void stop();
  bool over() const { return home_.sessions().empty(); }
  // The records written so far, CONNECTs that were inspected left out.
  std::vector<nlohmann::json> records();
  // Octets that each has said on its first connection.
  const Cuts& cuts() const { return cuts_; }
  // A configuration that requests are judged by from now on.
  void reload(const config::Config& config);
  test::LentTools& lent() { return lent_; }
  const std::string& authority() const { return authority_; }

 private:
  enum class Drop : unsigned char { kClose, kReset };
  void begin();
  void pump();
  // Until what opens the way has come, or cannot come any more.
  bool wait(const std::function<bool()>& condition);
  void accept();
  bool shake(tls::TlsStream& stream);
  void drop_client(Drop how);
  void drop_origin(Drop how);
  config::Config complete(config::Config config) const;

  net::test::HandClock clock_;
  const Setting setting_;
  Cuts cuts_;
  Cut uncut_;
  enum class Patience : unsigned char { kPlenty, kLost } patience_ = Patience::kPlenty;
  std::unique_ptr<net::test::TestListener> listener_ = std::make_unique<net::test::TestListener>();
  const std::string authority_;
  const std::uint16_t port_;
  test::LentTools lent_;
  Home home_{lent_.loop};
  std::unique_ptr<Voice> outer_;  // of a tunnel's CONNECT
  CutStream* client_stream_ = nullptr;
  std::unique_ptr<Voice> client_;                // uses outer_
  std::vector<std::unique_ptr<Voice>> earlier_;  // connections of the origin before the newest
  std::unique_ptr<tls::TlsStream> origin_tls_;   // whose handshake goes on
  CutStream* origin_stream_ = nullptr;
  std::unique_ptr<Voice> origin_;
  unsigned dials_ = 0;
};

}  // namespace proxy::script
