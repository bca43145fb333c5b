// What the proxy asks of HTTP/2 connections, of clients and for them.
#pragma once

#include <memory>

#include "http/h2/allowance.h"
#include "http/h2/connection.h"
#include "proxy/service.h"

namespace proxy::h2 {

http::h2::Settings settings_for(const Runtime& runtime);

// Shared by all connections of the client.
std::shared_ptr<http::h2::Allowance> allowance_for(const Service& service);

}  // namespace proxy::h2
