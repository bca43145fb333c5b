#include "proxy/reply.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "http/headline.h"
#include "net/io.h"

namespace proxy {
namespace {

using Fact = http::ErrorReply::Fact;

std::string validity_of(const tls::CertificateFacts& certificate) {
  return tls::to_string(certificate.not_before) + " to " + tls::to_string(certificate.not_after);
}

}  // namespace

net::Task<void> send_error(const Service& service, ClientEnd& client, const base::Error& error,
                           http::Persistence persistence,
                           const tls::CertificateFacts* certificate) {
  Account& account = client.account();
  const int status = base::status_of(error.code);
  if (status == 0) co_return;  // the client is gone
  http::ErrorReply reply;
  reply.status = status;
  reply.code = base::token_of(error.code);
  reply.request_id = account.record.id;
  reply.rule = account.record.verdict == policy::Verdict::kDeny
                   ? std::string_view(account.record.rule)
                   : std::string_view();
  reply.sentence = error.detail;
  const std::string headline =
      http::headline_of({error.code, account.record.target, reply.rule, account.record.tls_reason,
                         error.detail, account.record.id});
  reply.headline = headline;
  reply.next_step = account.next_step;
  reply.via = service.config().via;
  reply.date = service.tools.clock.date();
  reply.tls_fault = account.record.tls_reason;
  std::vector<Fact> facts;
  std::string valid;
  if (certificate != nullptr) {
    valid = validity_of(*certificate);
    facts = {{"Certificate subject", certificate->subject},
             {"Certificate issuer", certificate->issuer},
             {"Certificate valid", valid},
             {"Certificate SHA-256", certificate->sha256}};
    reply.facts = facts;
  }
  if (account.record.method == "HEAD") reply.body = http::ErrorReply::Body::kOmit;
  const http::Reply message = http::error_message(reply);
  auto replying =
      client.reply(message, persistence, service.caller.patience(service.config().timeouts.idle));
  const base::Result<void> replied = co_await replying;
  // Otherwise nobody listens; the record keeps the first error.
  if (replied) account.record.status = status;
}

net::Task<void> answer_in_plain(const Service& service, net::Stream& to, Account& account,
                                const base::Error& error, int status) {
  const std::string id = account.record.id;
  http::ErrorReply reply;
  reply.status = status;
  reply.code = base::token_of(error.code);
  reply.request_id = id;
  reply.sentence = error.detail;
  const std::string headline =
      http::headline_of({error.code, account.record.target, {}, {}, error.detail, id});
  reply.headline = headline;
  reply.next_step = account.next_step;
  reply.via = service.config().via;
  const std::string text = http::error_reply(reply);
  auto writing = net::write_all(to, text, service.caller.patience(service.config().timeouts.idle));
  const base::Result<void> written = co_await writing;
  if (!written) co_return;
  // A CONNECT has been answered before.
  if (account.record.status == 0) account.record.status = status;
  account.record.bytes_out += text.size();
}

}  // namespace proxy
