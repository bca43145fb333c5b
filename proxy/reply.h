// What the proxy says in its own name.
#pragma once

#include "base/error.h"
#include "http/reply.h"
#include "net/stream.h"
#include "net/task.h"
#include "proxy/account.h"
#include "proxy/ends.h"
#include "proxy/service.h"
#include "tls/certificate.h"

namespace proxy {

// Sends the page for `error`, with the origin's certificate where that is the reason (else
// nullptr). The record has the status once the client has it. Everything outlives the task.
net::Task<void> send_error(const Service& service, ClientEnd& client, const base::Error& error,
                           http::Persistence persistence,
                           const tls::CertificateFacts* certificate = nullptr);

// Tells a client that speaks plain HTTP where TLS is expected so, in its own words. The record has
// the status, unless it has another, once it is written.
net::Task<void> answer_in_plain(const Service& service, net::Stream& to, Account& account,
                                const base::Error& error, int status);

}  // namespace proxy
