// The idle origin connections that one client's connection may use: those that all clients of the
// worker share, and those that are its own, since somebody was authenticated on them.
#pragma once

#include <memory>
#include <string>

#include "proxy/caller.h"
#include "proxy/origin_pool.h"
#include "proxy/tools.h"

namespace proxy {

class OriginStock {
 public:
  // Both outlive the stock.
  OriginStock(const Caller& caller, Tools& tools) : caller_(caller), tools_(tools) {}

  // As OriginPool::take, of the caller's configuration; its own come first.
  std::unique_ptr<OriginConnection> take(const std::string& key, const OriginPool::Fits& fits);
  // Keeps a connection whose last exchange ended cleanly on both sides, and gives its place back.
  void put(const std::string& key, std::unique_ptr<OriginConnection> connection);

 private:
  const Caller& caller_;
  Tools& tools_;
  std::unique_ptr<OriginPool> own_;  // null while there has been none
};

}  // namespace proxy
