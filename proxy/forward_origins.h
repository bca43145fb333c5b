// The origins that requests name, over plain HTTP.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "proxy/origins.h"
#include "proxy/reach.h"
#include "proxy/service.h"

namespace proxy {

class ForwardOrigins final : public Origins {
 public:
  ForwardOrigins(const Service& service, Reach& reach) : service_(service), reach_(reach) {}

  base::Result<http::Target> target_of(const http::RequestHead& head) const override;
  base::Result<http::Lints> check_host(const http::RequestHead& head,
                                       const http::Target& target) const override;
  base::Result<void> judge(Account& account, const http::RequestHead& head,
                           const http::Target& target) override;
  std::unique_ptr<OriginEnd> at_hand(Account& account, const http::Target& target) override;
  net::Task<base::Result<std::unique_ptr<OriginEnd>>> reach(ClientEnd& client,
                                                            const http::Target& target) override;
  void keep(std::unique_ptr<OriginConnection> connection, const http::Target& target) override;
  http::Upgrades upgrades(const Account& account) const override {
    if (account.upgrades == nullptr) return {};
    return {false, *account.upgrades};
  }
  const std::vector<std::string>& stripped() const override { return nothing_; }

 private:
  std::unique_ptr<OriginEnd> end_of(std::unique_ptr<OriginConnection> connection) const;

  Service service_;
  Reach& reach_;
  const std::vector<std::string> nothing_;
};

}  // namespace proxy
