#include "net/dns/question.h"

#include "net/dns/reply.h"

namespace net::dns {

Question::~Question() { Channel::forget(*this); }

void Question::ask() {
  const size_t server = asked_ % servers_.channels.size();
  servers_.channels[server]->ask(name_, family_, *this);
}

void Question::on_reply(Delivery delivery, std::span<const std::uint8_t> packet) {
  // c-ares drops EDNS by itself for one question at a time; another that was under way gets here.
  if (state_ == State::kAsking && is_format_error(packet)) {
    state_ = State::kAskingAgain;
    return ask();
  }
  Outcome got;
  switch (delivery) {
    case Delivery::kReply: got = read_reply(packet, name_, family_); break;
    case Delivery::kTimeout: got.verdict = Verdict::kTimeout; break;
    case Delivery::kUnreachable: got.verdict = Verdict::kUnreachable; break;
    case Delivery::kBadName: got.verdict = Verdict::kNotFound; break;
    case Delivery::kFailed: got.verdict = Verdict::kServerFailure; break;
  }
  const bool answered = is_answer(got.verdict);
  if (answered || got.verdict < outcome_.verdict) outcome_ = std::move(got);
  if (!answered && ++asked_ < servers_.channels.size() * servers_.rounds) {
    state_ = State::kAsking;
    return ask();
  }
  state_ = State::kOver;
  asker_.on_outcome(*this);
}

}  // namespace net::dns
