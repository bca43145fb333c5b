// The origin that an inspected connection is for. Whom requests are for is settled, and each is
// judged by its method and path, for the address to which it goes. Its HTTP/2 connections are
// shared by the streams of the client's connection, and so is a dial that is under way.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/h2/origin_link.h"
#include "proxy/inspect/flight.h"
#include "proxy/inspect/inside.h"
#include "proxy/origins.h"
#include "proxy/reach.h"
#include "proxy/service.h"

namespace proxy::inspect {

class InspectedOrigin final : public Origins {
 public:
  InspectedOrigin(const Service& service, Reach& reach, Inside inside)
      : service_(service), reach_(reach), inside_(std::move(inside)) {}

  base::Result<http::Target> target_of(const http::RequestHead& head) const override;
  base::Result<http::Lints> check_host(const http::RequestHead& head,
                                       const http::Target& target) const override;
  base::Result<void> judge(Account& account, const http::RequestHead& head,
                           const http::Target& target) override;
  std::unique_ptr<OriginEnd> at_hand(Account& account, const http::Target& target) override;
  // A connection for one stream is one for others: those that come while it is dialled wait for it
  // and share its fate, unless the origin is known to take one request at a time.
  net::Task<base::Result<std::unique_ptr<OriginEnd>>> reach(ClientEnd& client,
                                                            const http::Target& target) override;
  void keep(std::unique_ptr<OriginConnection> connection, const http::Target& target) override;
  // What a tunnel would carry, an inspected one carries too.
  http::Upgrades upgrades(const Account&) const override { return {true, {}}; }
  const std::vector<std::string>& stripped() const override {
    return service_.config().tls.strip_fields;
  }
  const tls::CertificateFacts* certificate() const override;

 private:
  policy::Request question(const Account& account, const http::Target& target) const;
  bool may_go_to(Account& account, const http::Target& target, const base::IpAddress& address);
  base::Result<void> judge_address(Account& account, const http::Target& target,
                                   const base::IpAddress& address);
  std::unique_ptr<OriginEnd> stream(Account& account, const http::Target& target);
  std::unique_ptr<OriginConnection> idle(Account& account, const http::Target& target);
  std::unique_ptr<OriginEnd> end_of(std::unique_ptr<OriginConnection> connection);
  void drop_ended_links();
  const tls::ClientContext& origin_context() const;
  net::Task<Reach::Reached> dial(Account& dialling);

  Service service_;
  Reach& reach_;
  Inside inside_;
  std::vector<std::shared_ptr<h2::OriginLink>> links_;
  // What the origin chose when it was last dialled, and the dial that is under way.
  std::optional<http::Protocol> chosen_;
  std::shared_ptr<Flight> flight_;
};

}  // namespace proxy::inspect
