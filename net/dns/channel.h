// Asking one name server, through c-ares on the loop: UDP first, TCP when a reply is truncated,
// EDNS until the server proves too old for it. A channel a server, so that each failure can be told
// apart (docs/design/dns.md).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"

namespace net {
class Loop;
}

namespace net::dns {

// What became of a question to a server.
enum class Delivery : std::uint8_t {
  kReply,        // there is a packet, whatever it says
  kTimeout,      // no reply to any try
  kUnreachable,  // the server's port is closed, there is no route, or its TCP connection broke
  kBadName,      // not sent, since DNS can't hold the name (or RFC 7686 forbids to ask for it)
  kFailed,       // not sent, for lack of memory
};

class Channel {
  struct Pending;

 public:
  class Asker {
   public:
    virtual void on_reply(Delivery delivery, std::span<const std::uint8_t> packet) = 0;

   protected:
    virtual ~Asker() = default;

   private:
    friend class Channel;
    Pending* pending_ = nullptr;  // the question that it waits for
  };

  // The wait for a reply is `timeout` at the first try and doubles with each of `tries`.
  static base::Result<std::unique_ptr<Channel>> open(Loop& loop, const base::Endpoint& server,
                                                     base::Millis timeout, int tries);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Asks for the A or AAAA records of `name`, taken as absolute. `asker` is told once, possibly
  // before this returns, unless the channel is destroyed first or it is forgotten; it must live
  // until then, must not destroy the channel, and may ask again.
  void ask(const std::string& name, base::Family family, Asker& asker);
  // `asker` is told nothing any more. c-ares can't take back one question: those that nobody waits
  // for are taken back together, once they are as many as the others and at least kMaxForgotten.
  static void forget(Asker& asker);

  static constexpr size_t kMaxForgotten = 64;
  // Questions that c-ares is busy with, forgotten ones included.
  size_t pending() const;

 private:
  struct Impl;
  explicit Channel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace net::dns
