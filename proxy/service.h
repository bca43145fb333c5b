// Who is served and with what: the references that everything done for one client's connection has
// in common. They outlive what is done.
#pragma once

#include "proxy/caller.h"
#include "proxy/neighbours.h"
#include "proxy/origin_stock.h"
#include "proxy/tools.h"

namespace proxy {

struct Service {
  const Caller& caller;
  const Neighbours::Seat& neighbour;  // the client among others
  Tools& tools;
  OriginStock& stock;

  const Runtime& runtime() const { return *caller.runtime; }
  const config::Config& config() const { return caller.runtime->config; }
};

}  // namespace proxy
