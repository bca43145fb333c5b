// Everything but CONNECT: checks on the request, a pooled or fresh origin connection, and what the
// outcome of the exchange means for the client's connection.
#include "http/framing.h"
#include "http/method.h"
#include "http/reply.h"
#include "proxy/exchange.h"
#include "proxy/request_handler.h"

namespace proxy {
namespace {

using base::ErrorCode;
using base::Party;

// How often a request is repeated whose origin gave it up without a word: as often as pooled
// connections may have gone stale together, but not for ever where an origin refuses each stream.
constexpr std::uint32_t kMostRepeats = 8;

base::Error unasked_switch() {
  return {ErrorCode::kBadResponse, Party::kOrigin, 0,
          "the origin switched protocols although that was not asked for"};
}

// What must be known of a request before anyone is contacted.
base::Result<OriginRequest> prepare(const ClientEnd& client, const http::RequestHead& head,
                                    const http::Target& target, const config::Config& config) {
  const auto body = client.body(head);
  if (!body) return base::fail(body.error());
  if (config.limits.body_bytes != 0 && body->length > config.limits.body_bytes) {
    return base::fail(ErrorCode::kBodyTooLarge, Party::kClient,
                      "the request body is larger than limits.body_bytes");
  }
  const auto expectation = http::expectation(head, *body);
  if (!expectation) return base::fail(expectation.error());
  const auto forwards = http::max_forwards(head);
  if (!forwards) return base::fail(forwards.error());
  OriginRequest request{head, target, *body, {}};
  request.rewrite.via = config.via;
  request.rewrite.body = *body;
  if (head.method == "OPTIONS" && *forwards) request.rewrite.max_forwards = **forwards - 1;
  return request;
}

bool is_for_the_proxy(const http::RequestHead& head, const http::Target& target) {
  if (target.form == http::TargetForm::kAsterisk) return true;
  const auto forwards = http::max_forwards(head);
  return head.method == "OPTIONS" && forwards && *forwards && **forwards == 0;
}

}  // namespace

net::Task<After> RequestHandler::answer_options(ClientEnd& client, const http::RequestHead& head,
                                                http::BodyLength body) {
  http::Persistence persistence = intake_.persistence_for(head);
  if (body.kind != http::BodyKind::kNone) persistence = http::Persistence::kClose;
  const http::Reply message = http::options_message(service_.config().via);
  auto replying =
      client.reply(message, persistence, service_.caller.patience(service_.config().timeouts.idle));
  const base::Result<void> replied = co_await replying;
  if (!replied) {
    client.finish(replied.error());
    co_return after::Linger{};
  }
  client.account().record.status = message.status;
  client.finish(std::nullopt);
  if (persistence == http::Persistence::kKeepAlive) co_return after::Next{};
  co_return after::Linger{};
}

net::Task<After> RequestHandler::forward(ClientEnd& client, http::RequestHead& head,
                                         http::Target& target) {
  Account& account = client.account();
  account.path_and_query = target.path_and_query;
  auto request = prepare(client, head, target, service_.config());
  if (!request) {
    auto refusing = refuse(client, request.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  const bool bodyless =
      request->body.kind == http::BodyKind::kNone ||
      (request->body.kind == http::BodyKind::kLength && request->body.length == 0);
  const http::Persistence after_refusal =
      bodyless ? intake_.persistence_for(head) : http::Persistence::kClose;
  if (head.method == "TRACE") {
    // It would show the client what intermediaries added, credentials included (RFC 9110 §9.3.8).
    base::Error error{ErrorCode::kMethodRefused, Party::kClient, 0, "TRACE is not served"};
    auto refusing = refuse(client, std::move(error), after_refusal);
    co_return co_await refusing;
  }
  if (is_for_the_proxy(head, target)) {
    auto answering = answer_options(client, head, request->body);
    co_return co_await answering;
  }

  std::unique_ptr<OriginEnd> origin = origins_.at_hand(account, target);
  for (std::uint32_t repeats = 0;; ++repeats) {
    if (origin == nullptr) {
      auto reaching = origins_.reach(client, target);
      auto reached = co_await reaching;
      if (!reached) {
        auto refusing = refuse(client, reached.error(), after_refusal);
        co_return co_await refusing;
      }
      origin = std::move(*reached);
    }
    // What the rule allows that has judged this origin's address.
    const http::AskedUpgrade upgrade =
        http::asked_upgrade(head, request->body, origins_.upgrades(account));
    request->rewrite.upgrade = upgrade.protocol;
    if (upgrade.withheld) account.record.lints.add(http::Lint::kUpgradeWithheld);
    Exchange exchange(service_, origins_, intake_, client, *request, std::move(origin));
    auto requesting = exchange.request();
    auto response = co_await requesting;
    if (!response) {
      // The origin closed an idle connection just as it was taken (RFC 9110 §9.2.2, RFC 9112
      // §9.3.1), or says that it has done nothing (RFC 9113 §8.7).
      const bool repeatable =
          http::is_idempotent(head.method) || response.error().code == ErrorCode::kOriginRefused;
      const bool again = bodyless && repeatable && repeats < kMostRepeats;
      if (again && exchange.stale(response.error())) {
        origin = nullptr;
        continue;
      }
      if (exchange.answered() != Exchange::Answered::kNothing) {
        client.finish(response.error());
        co_return after::Abort{};
      }
      auto refusing = refuse(client, response.error(), http::Persistence::kClose);
      co_return co_await refusing;
    }
    if (response->status == 101) {
      const bool asked = !request->rewrite.upgrade.empty() &&
                         response->fields.has_token("Upgrade", request->rewrite.upgrade);
      if (!asked) {
        auto refusing = refuse(client, unasked_switch(), http::Persistence::kClose);
        co_return co_await refusing;
      }
      auto switching = exchange.switch_protocols(*response);
      const base::Result<void> switched = co_await switching;
      if (!switched) {
        client.finish(switched.error());
        co_return after::Abort{};
      }
      co_return after::Tunnel{exchange.take_origin(), {}};
    }
    auto responding = exchange.respond(*response);
    const base::Result<void> responded = co_await responding;
    if (!responded) {
      if (exchange.answered() == Exchange::Answered::kNothing) {
        auto refusing = refuse(client, responded.error(), http::Persistence::kClose);
        co_return co_await refusing;
      }
      client.finish(responded.error());
      if (exchange.framed_by_close()) co_return after::Abort{};
      co_return after::Linger{};
    }
    auto reusable = exchange.take_reusable(*response);
    if (reusable != nullptr) origins_.keep(std::move(reusable), target);
    client.finish(std::nullopt);
    if (exchange.persistence() == http::Persistence::kKeepAlive) co_return after::Next{};
    co_return after::Linger{};
  }
}

}  // namespace proxy
