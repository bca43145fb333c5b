#include "proxy/admin/health.h"

#include <memory>
#include <optional>

#include "http/limits.h"
#include "http/parse.h"
#include "http1/message_reader.h"
#include "net/dial.h"
#include "net/loop.h"
#include "net/task.h"

namespace proxy::admin {
namespace {

net::Task<base::Result<int>> ask(net::Loop& loop, base::Endpoint endpoint, std::string path,
                                 base::Millis timeout) {
  const net::Patience patience{timeout, loop.now() + timeout};
  auto dialling = net::dial(loop, endpoint, endpoint.to_string(), patience.until);
  auto socket = co_await dialling;
  if (!socket) co_return base::fail(socket.error());
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: " + endpoint.to_string() +
                              "\r\nConnection: close\r\n\r\n";
  auto writing = net::write_all(**socket, request, patience);
  const auto written = co_await writing;
  if (!written) co_return base::fail(written.error());
  http1::MessageReader reader(**socket);
  const http::Limits limits;
  auto reading = reader.read_head(http::MessageKind::kResponse, limits, patience);
  const auto text = co_await reading;
  if (!text) co_return base::fail(text.error());
  const auto head = http::parse_response_head(*text, limits);
  if (!head) co_return base::fail(head.error());
  co_return head->status;
}

struct Asking {
  net::Loop loop;
  std::optional<base::Result<int>> status;
};

net::Task<void> run(Asking& asking, base::Endpoint endpoint, std::string path,
                    base::Millis timeout) {
  auto answer = ask(asking.loop, endpoint, std::move(path), timeout);
  asking.status = co_await answer;
}

}  // namespace

base::Result<int> ask_health(const base::Endpoint& endpoint, const std::string& path,
                             std::chrono::milliseconds timeout) {
  Asking asking;
  net::Task<void> task = run(asking, endpoint, path, timeout);
  // Started from inside the loop: stopping one that does not run yet would be forgotten.
  asking.loop.defer(
      [&] { task.start([](void* loop) { static_cast<net::Loop*>(loop)->stop(); }, &asking.loop); });
  asking.loop.run();
  if (*asking.status) return **asking.status;
  base::Error error;
  error.code = base::ErrorCode::kIo;
  error.party = base::Party::kProxy;
  error.detail = "http://" + endpoint.to_string() + path +
                 " does not answer: " + asking.status->error().detail;
  return base::fail(std::move(error));
}

}  // namespace proxy::admin
