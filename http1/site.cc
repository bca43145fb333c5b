#include "http1/site.h"

namespace http1 {

http::Reply make_reply(int status, std::string body, std::string_view type) {
  http::Reply reply;
  reply.status = status;
  reply.fields.add("Content-Type", type);
  reply.fields.add("Content-Length", std::to_string(body.size()));
  reply.body = std::move(body);
  return reply;
}

net::Task<std::unique_ptr<net::Stream>> Site::enter(std::unique_ptr<net::Socket> socket,
                                                    base::Instant /*deadline*/) {
  std::unique_ptr<net::Stream> plain = std::move(socket);
  co_return plain;
}

}  // namespace http1
