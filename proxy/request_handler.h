// One request, whatever carries it: judged, then tunnelled, forwarded or answered.
#pragma once

#include "base/result.h"
#include "http/framing.h"
#include "http/head.h"
#include "http/reply.h"
#include "http/target.h"
#include "net/task.h"
#include "proxy/after.h"
#include "proxy/ends.h"
#include "proxy/intake.h"
#include "proxy/origins.h"
#include "proxy/reach.h"
#include "proxy/service.h"

namespace proxy {

class RequestHandler {
 public:
  // Everything referred to outlives the handler.
  RequestHandler(const Service& service, Reach& reach, Origins& origins, const Intake& intake)
      : service_(service), reach_(reach), origins_(origins), intake_(intake) {}

  // Serves the request, whose account is open. It is closed then, unless a tunnel follows: whoever
  // goes on with that closes it. Client and head outlive the task.
  net::Task<After> handle(ClientEnd& client, http::RequestHead& head);
  // Answers with an error and closes the account. The answer is Next only where `persistence` asks
  // for it and the client has the answer.
  net::Task<After> refuse(ClientEnd& client, base::Error error, http::Persistence persistence);

 private:
  base::Result<http::Target> judge_head(Account& account, const http::RequestHead& head) const;
  base::Result<void> judge_client(Account& account) const;
  base::Result<http::Target> judge(Account& account, const http::RequestHead& head);

  // connect.cc
  net::Task<After> connect(ClientEnd& client, const http::RequestHead& head,
                           const http::Target& target);
  net::Task<Reach::Reached> reach_for_connect(ClientEnd& client, const http::Authority& target);
  base::Result<Place> place_for(Account& account, Reach::Reached& reached);
  bool tells_inside(const http::Authority& target, const base::Error& error) const;

  // forward.cc
  net::Task<After> forward(ClientEnd& client, http::RequestHead& head, http::Target& target);
  net::Task<After> answer_options(ClientEnd& client, const http::RequestHead& head,
                                  http::BodyLength body);

  Service service_;
  Reach& reach_;
  Origins& origins_;
  const Intake& intake_;
};

}  // namespace proxy
