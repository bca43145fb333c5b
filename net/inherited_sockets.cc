#include "net/inherited_sockets.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace net {

base::Result<InheritedSockets> InheritedSockets::adopt(const std::vector<HandedSocket>& handed) {
  InheritedSockets sockets;
  for (auto each = handed.begin(); each != handed.end(); ++each) {
    auto socket = ListeningSocket::adopt(each->fd);
    if (!socket) {
      std::for_each(std::next(each), handed.end(), [](const HandedSocket& h) { ::close(h.fd); });
      return base::fail(socket.error());
    }
    sockets.entries_.push_back({std::move(*socket), each->role});
  }
  return sockets;
}

std::vector<ListeningSocket> InheritedSockets::take(const base::Endpoint& endpoint,
                                                    std::string_view role) {
  base::Endpoint wanted = endpoint;
  if (wanted.port == 0) {
    const auto first = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
      return entry.role == role && entry.socket.endpoint().address == wanted.address;
    });
    if (first == entries_.end()) return {};
    wanted = first->socket.endpoint();
  }
  const auto mine = std::stable_partition(entries_.begin(), entries_.end(), [&](const Entry& e) {
    return !(e.socket.endpoint() == wanted);
  });
  std::vector<ListeningSocket> taken;
  for (auto each = mine; each != entries_.end(); ++each) taken.push_back(std::move(each->socket));
  entries_.erase(mine, entries_.end());
  return taken;
}

std::vector<base::Endpoint> InheritedSockets::close_rest() {
  std::vector<base::Endpoint> closed;
  for (const Entry& entry : entries_) {
    const base::Endpoint& where = entry.socket.endpoint();
    if (std::find(closed.begin(), closed.end(), where) == closed.end()) closed.push_back(where);
  }
  entries_.clear();
  return closed;
}

}  // namespace net
