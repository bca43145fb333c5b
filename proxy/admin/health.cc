#include "proxy/admin/health.h"

#include <httplib.h>

namespace proxy::admin {

base::Result<int> ask_health(const base::Endpoint& endpoint, const std::string& path,
                             std::chrono::milliseconds timeout) {
  httplib::Client client(endpoint.address.to_string(), endpoint.port);
  client.set_connection_timeout(timeout);
  client.set_read_timeout(timeout);
  client.set_write_timeout(timeout);
  // cpp-httplib 0.11 writes IPv6 addresses without their brackets.
  const auto answer = client.Get(path, {{"Host", endpoint.to_string()}});
  if (answer) return answer->status;
  base::Error error;
  error.code = base::ErrorCode::kIo;
  error.party = base::Party::kProxy;
  error.detail = "http://" + endpoint.to_string() + path +
                 " does not answer: " + httplib::to_string(answer.error());
  return base::fail(std::move(error));
}

}  // namespace proxy::admin
