// One connection to a small server: its requests, one after the other.
//
//   entering ──stream──> waiting ──first octet──> reading ──> answering ──> waiting
//       └─nothing came about─┐   └─end, idle limit─┐     └─refused─┴─last─> leaving ──> over
//                            v                     v
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http1/budget.h"
#include "http1/guests.h"
#include "http1/hands.h"
#include "http1/message_reader.h"
#include "http1/site.h"
#include "http1/small_server.h"
#include "net/await.h"

namespace http1 {

class Visit;

// What a server's connections share. Belongs to its loop's thread.
struct House {
  House(const ServerOptions& chosen, Site& shown)
      : options(chosen),
        site(shown),
        hands(std::make_unique<Hands>(chosen.threads)),
        held(chosen.held_content) {}

  const ServerOptions options;
  Site& site;
  net::Loop loop;
  std::unique_ptr<Hands> hands;
  Budget held;
  enum class Life : std::uint8_t { kServing, kDraining, kEnding } life = Life::kServing;

  // The connection has ended; it may be destroyed once its own code is off the stack.
  virtual void on_visit_over(std::uint64_t id) = 0;
  // Has the reply given to the connection if that is still there. For any thread.
  virtual void bring(std::uint64_t id, http::Reply reply) = 0;

 protected:
  ~House() = default;
};

class Visit {
 public:
  // `house` outlives it.
  Visit(House& house, std::uint64_t id, const base::IpAddress& party, int fd);
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  void start();
  void take(http::Reply reply);
  // Whether no request has begun, so that ending the connection loses nothing.
  bool is_waiting() const { return state_ == State::kWaiting; }
  bool is_entering() const { return state_ == State::kEntering; }
  // Tells the client of the end, as far as that takes no waiting.
  void say_goodbye();
  Guest guest() const;

 private:
  enum class State : std::uint8_t { kEntering, kWaiting, kReading, kAnswering, kLeaving };
  enum class After : std::uint8_t { kNext, kLeave, kGone };

  net::Task<void> run();
  net::Task<After> serve(MessageReader& reader);
  net::Task<base::Result<void>> read_content(MessageReader& reader, Request& request,
                                             http::BodyLength length);
  net::Task<After> have_answered(std::shared_ptr<Request> request);
  net::Task<After> reply_with(http::Reply reply, std::string_view method,
                              http::Persistence persistence);
  net::Task<After> refuse(base::Error error);
  net::Task<void> leave(MessageReader& reader);
  http::Persistence persistence_after(const http::RequestHead& head, int status) const;
  net::Patience patience() const;
  base::Result<void> hold(std::size_t octets);
  void let_go();

  House& house_;
  const std::uint64_t id_;
  const base::IpAddress party_;
  std::unique_ptr<net::Socket> socket_;  // until the site has made a stream of it
  std::unique_ptr<net::Stream> stream_;
  State state_ = State::kEntering;
  std::uint64_t served_ = 0;
  base::Instant until_{};  // the limit of the request that is under way
  std::size_t held_ = 0;
  net::Event answered_;
  std::optional<http::Reply> answer_;
  net::Task<void> task_;  // last: its frame refers to what stands above
};

}  // namespace http1
