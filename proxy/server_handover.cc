// How a server makes way for another process, and says that it is well.
#include <algorithm>

#include "proxy/collect.h"
#include "proxy/server.h"

namespace proxy {

const std::vector<net::HandedSocket>& Server::prepare_handover() {
  observatory_.write_down();
  return sockets_.opened();
}

void Server::retire() {
  for (auto& worker : workers_) worker->retire();
  if (admin_ != nullptr) admin_->retire();
  if (probes_ != nullptr) probes_->retire();
  observatory_.retire();
}

bool Server::has_retired() {
  if (sessions() > 0) return false;
  if (admin_ != nullptr && !admin_->has_retired()) return false;
  if (probes_ != nullptr && !probes_->has_retired()) return false;
  const std::vector<bool> all = collect<bool>(workers_, [](Worker& w) { return w.has_retired(); });
  return all.size() == workers_.size() && std::find(all.begin(), all.end(), false) == all.end();
}

bool Server::responds() {
  return collect<bool>(workers_, [](Worker&) { return true; }).size() == workers_.size();
}

}  // namespace proxy
