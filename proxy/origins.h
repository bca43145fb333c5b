// Where the requests of a connection go: to the origins that they name, or to the one that an
// inspected connection is for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/head.h"
#include "http/lint.h"
#include "http/rewrite.h"
#include "http/target.h"
#include "net/task.h"
#include "proxy/account.h"
#include "proxy/ends.h"
#include "proxy/origin_pool.h"
#include "tls/certificate.h"

namespace proxy {

class Origins {
 public:
  virtual ~Origins() = default;

  // Whom the request is for. Fails (client) where the head does not say it as it has to.
  virtual base::Result<http::Target> target_of(const http::RequestHead& head) const = 0;
  // Whether the Host field agrees. Fails (client) where it does not, and must.
  virtual base::Result<http::Lints> check_host(const http::RequestHead& head,
                                               const http::Target& target) const = 0;
  // What can be said of a request before its origin is looked for; the account has it as well.
  virtual base::Result<void> judge(Account& account, const http::RequestHead& head,
                                   const http::Target& target) = 0;

  // An origin for the request that can be had without waiting; nullptr when there is none.
  virtual std::unique_ptr<OriginEnd> at_hand(Account& account, const http::Target& target) = 0;
  // An origin for the request. Client and target outlive the task.
  virtual net::Task<base::Result<std::unique_ptr<OriginEnd>>> reach(ClientEnd& client,
                                                                    const http::Target& target) = 0;
  // Takes a connection back whose exchange for `target` ended cleanly on both sides.
  virtual void keep(std::unique_ptr<OriginConnection> connection, const http::Target& target) = 0;

  // To which protocols a request may ask to switch, once `account` has an origin for it.
  virtual http::Upgrades upgrades(const Account& account) const = 0;
  // Fields that are taken out of responses.
  virtual const std::vector<std::string>& stripped() const = 0;
  // The origin's certificate where that is why nothing is served; else nullptr.
  virtual const tls::CertificateFacts* certificate() const { return nullptr; }

 protected:
  Origins() = default;
  Origins(const Origins&) = delete;
  Origins& operator=(const Origins&) = delete;
};

}  // namespace proxy
