#include "proxy/alert.h"

#include <string>
#include <utility>

#include "net/io.h"

namespace proxy {

net::Task<void> send_alert(const Service& service, ClientConnection& client, base::Error error,
                           Alert alert) {
  std::string record("\x15\x03\x01\x00\x02\x02", 6);  // fatal
  record += static_cast<char>(alert);
  auto writing = net::write_all(client.stream(), record,
                                service.caller.patience(service.config().timeouts.idle));
  const base::Result<void> written = co_await writing;
  if (written) client.account.record.bytes_out += record.size();
  client.finish(std::move(error));
}

}  // namespace proxy
