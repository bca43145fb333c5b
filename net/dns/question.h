// One name and one record type, asked of the name servers in turn until one of them has an answer.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/dns/channel.h"
#include "net/dns/outcome.h"

namespace net::dns {

// The servers in the order in which they are asked, and how often the whole row is.
struct Servers {
  std::vector<std::unique_ptr<Channel>> channels;
  size_t rounds = 1;
};

class Question final : private Channel::Asker {
 public:
  class Asker {
   public:
    // `question.outcome()` is there. Called from within c-ares: resolve nothing here, defer.
    virtual void on_outcome(Question& question) = 0;

   protected:
    ~Asker() = default;
  };

  // All references outlive the question.
  Question(const Servers& servers, const std::string& name, base::Family family, Asker& asker)
      : servers_(servers), name_(name), family_(family), asker_(asker) {}
  // An open one is asked no longer.
  ~Question() override;
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  // Asks the first server. Once.
  void start() { ask(); }

  bool over() const { return state_ == State::kOver; }
  // While the question is open, the best failure so far.
  const Outcome& outcome() const { return outcome_; }

 private:
  //   kAsking ──FORMERR──> kAskingAgain   the same server, without EDNS
  //      any ──failure──> kAsking         the next server, while there is one
  //      any ──answer, or no server left──> kOver
  enum class State : std::uint8_t { kAsking, kAskingAgain, kOver };

  void ask();
  void on_reply(Delivery delivery, std::span<const std::uint8_t> packet) override;

  const Servers& servers_;
  const std::string& name_;
  base::Family family_;
  Asker& asker_;
  State state_ = State::kAsking;
  size_t asked_ = 0;  // servers done with
  Outcome outcome_;
};

}  // namespace net::dns
