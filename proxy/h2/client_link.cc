#include "proxy/h2/client_link.h"

#include <utility>

namespace proxy::h2 {

ClientLink::ClientLink(StreamHandler& handler, net::Loop& loop, net::ChunkPool& turns,
                       net::Stream& stream, const http::h2::Settings& settings,
                       Link::Allowance allowance)
    : handler_(handler),
      loop_(loop),
      news_(loop),
      link_(loop, turns, stream, http::h2::Connection::Role::kServer, settings, *this,
            std::move(allowance)),
      idle_since_(loop.now()) {}

ClientLink::~ClientLink() {
  // Tasks refer to their streams.
  for (auto& [id, serving] : serving_) serving->task.cancel();
}

net::Event::Awaiter ClientLink::wait(base::Instant deadline) {
  news_.reset();
  return news_.wait(deadline);
}

void ClientLink::drain() {
  link_.connection().drain();
  link_.kick();
}

void ClientLink::leave() {
  link_.connection().terminate(http::h2::Code::kNoError);
  link_.kick();
}

void ClientLink::stop(const base::Error& why) {
  for (auto& [id, serving] : serving_) {
    serving->task.cancel();
    serving->client.finish(why);
  }
}

void ClientLink::serve(http::h2::Stream& stream) {
  auto made = std::make_unique<Serving>(link_, stream);
  Serving& serving = *serving_.emplace(stream.id(), std::move(made)).first->second;
  if (std::exchange(idle_since_, base::kNever) != base::kNever) news_.set();
  serving.task = handler_.serve_stream(serving.client, serving.head);
  serving.task.start([](void* self) { static_cast<ClientLink*>(self)->link_.kick(); }, this);
}

void ClientLink::on_stream(http::h2::Stream& stream) {
  const auto found = serving_.find(stream.id());
  if (found != serving_.end()) {
    found->second->client.wake();
  } else if (stream.has_head() && !stream.closed()) {
    serve(stream);
  } else {
    using EndedBy = http::h2::Stream::EndedBy;
    const bool refused = stream.closed() && (stream.ended_by() == EndedBy::kBreach ||
                                             stream.ended_by() == EndedBy::kHoard);
    if (refused) handler_.note_refused(link_.connection().ending(stream));
    link_.connection().release(stream);
  }
}

// Tasks that have finished are off the stack here.
void ClientLink::on_turn() {
  const size_t before = serving_.size();
  std::erase_if(serving_, [](auto& entry) {
    Serving& serving = *entry.second;
    if (!serving.task.done()) return false;
    serving.client.close(serving.account.record.error);
    return true;
  });
  if (serving_.size() == before) return;
  if (serving_.empty()) idle_since_ = loop_.now();
  news_.set();
}

void ClientLink::on_link_over() {
  // Otherwise the exchanges that end with it tell.
  const std::optional<base::Error>& failure = link_.connection().failure();
  if (failure && serving_.empty()) handler_.note_refused(*failure);
  // Those that wait for their client learn of it; in the next turn they are gone.
  std::vector<Serving*> all;
  all.reserve(serving_.size());
  for (auto& [id, serving] : serving_) all.push_back(serving.get());
  for (Serving* serving : all) serving->client.wake();
  link_.kick();
  news_.set();
}

}  // namespace proxy::h2
